#include "http/api/package_certificates.h"

#include "base/clock.h"
#include "http/api/package_json.h"
#include "http/problem.h"

static bool may_go(void *data, const PackageRow *row)
{
    return *row->regions && package_may_leave(row, clock_now_us()) && package_may_see(data, row);
}

static bool take_all(ApiCall *call, Uuid ids[CERTIFICATES_MOST], PackageAsked *asked,
                     GError **error)
{
    const PackageQuery query = {
        .case_number = asked->case_number, .limit = CERTIFICATES_MOST, .may = may_go, .data = call};
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? packages_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    for (guint i = rows->len; i > 0; i--) /* oldest first, as they were made */
        ids[asked->certificate_count++] = ((const PackageRow *)rows->pdata[i - 1])->id;
    return true;
}

static bool is_named(const PackageAsked *asked, const Uuid *id)
{
    for (size_t i = 0; i < asked->certificate_count; i++)
        if (uuid_equal(&asked->certificates[i], id))
            return true;
    return false;
}

static bool take_one(ApiCall *call, CatalogDb *db, const Json *name, Uuid *id, GError **error)
{
    const char *text = json_string_value(name);
    if (!text || !uuid_parse(text, id))
        return err_set(error, ERR_INVALID, "‘certificates’ must be ids of certificates");
    g_autoptr(PackageRow) row = packages_get(db, id, error);
    return row &&
           (package_may_see(call, row) || err_set(error, ERR_NOT_FOUND, "no such certificate"));
}

bool package_certificates_read(ApiCall *call, const Json *body, Uuid ids[CERTIFICATES_MOST],
                               PackageAsked *asked, GError **error)
{
    const Json *list = json_object_get(body, "certificates");
    const bool none = !list || json_is_null(list);
    asked->certificates = ids;
    if (!none && (!json_is_array(list) || json_array_size(list) > CERTIFICATES_MOST))
        return err_set(error, ERR_INVALID, "‘certificates’ must be a list of %d at most",
                       CERTIFICATES_MOST);
    if (asked->regions)
        return json_array_size(list) == 0 ||
               err_set(error, ERR_INVALID, "with a certificate no other one goes along");
    if (none)
        return take_all(call, ids, asked, error);
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    for (size_t i = 0; db && i < json_array_size(list); i++) {
        Uuid *next = &ids[asked->certificate_count];
        if (!take_one(call, db, json_array_get(list, i), next, error))
            return false;
        asked->certificate_count += is_named(asked, next) ? 0 : 1;
    }
    return db != NULL;
}

static bool answer_gone(ApiCall *call, const char *action, const char *id, const char *what)
{
    call_audit(call, action, id, NULL, "certificate-gone");
    problem_set(call->response, 409, "certificate-gone", "%s", what);
    return true;
}

bool package_certificates_refused(ApiCall *call, const PackageAsked *asked)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, NULL);
    for (size_t i = 0; db && i < asked->certificate_count; i++) {
        g_autoptr(PackageRow) one = packages_get(db, &asked->certificates[i], NULL);
        if (one && !package_may_leave(one, clock_now_us()))
            return answer_gone(call, "package-ask", NULL,
                               "a certificate that is to go along may not be handed over now: look "
                               "which of the case may");
    }
    return false;
}

bool package_certificates_fallen(ApiCall *call, const PackageRow *row)
{
    return package_is_undecided(row) && !package_certificates_stand(row, clock_now_us()) &&
           answer_gone(call, "package-approve", call->params[0],
                       "a certificate that goes along was rejected, or not approved in time");
}
