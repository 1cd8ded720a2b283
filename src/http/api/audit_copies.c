#include "http/api/audit_copies.h"

#include "casework/film_copy.h"
#include "casework/package_desk.h"
#include "http/api/audit_names.h"
#include "http/api/handlers.h"
#include "http/api/package_json.h"

#include <string.h>

static bool read_number(const ApiCall *call, CopyNumber *number, GError **error)
{
    const char *text = call_query(call, "number");
    g_autofree char *clean = g_strstrip(g_strdup(text ? text : ""));
    return copy_number_parse(clean, number) ||
           err_set(error, ERR_INVALID,
                   "‘number’ is one such as BC-2026-0007 or CC-2026-0007/2, as it stands in the "
                   "film or the package");
}

static PackageRow *package_of(const ApiCall *call, const CopyNumber *number, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    return db ? packages_get_number(db, number->year, number->seq, error) : NULL;
}

bool audit_copies_ask(const ApiCall *call, char room[COPY_ASKED_TEXT], AuditQuery *query,
                      GError **error)
{
    CopyNumber number;
    if (!call_query(call, "number"))
        return true;
    if (!read_number(call, &number, error))
        return false;
    if (!number.package) {
        query->change = film_number(number.year, number.seq, room);
        return true;
    }
    g_autoptr(PackageRow) row = package_of(call, &number, error);
    if (row)
        query->object = uuid_text(&row->id, room);
    return row != NULL;
}

static Json *copy_json(const ApiCall *call, const char *number, const char *receiver,
                       const char *medium, const Uuid *by, int64_t at_us)
{
    Json *json = json_object();
    json_object_set_new(json, "number", json_string(number));
    json_object_set_new(json, "receiver", json_string(receiver));
    json_object_set_new(json, "medium", json_string(medium));
    json_object_set_new(json, "by", audit_actor_json(call->api, by));
    json_object_set_new(json, "at", json_time(at_us));
    return json;
}

static void add_footage(const ApiCall *call, Json *json, const Uuid *cameras, size_t count,
                        int64_t from_us, int64_t to_us)
{
    char id[UUID_TEXT];
    Json *list = json_array();
    for (size_t i = 0; i < count; i++) {
        g_autofree char *name = audit_object_name(call->api, uuid_text(&cameras[i], id));
        json_array_append_new(list, json_pack("{s:s, s:s}", "id", id, "name", name ? name : ""));
    }
    json_object_set_new(json, "cameras", list);
    json_object_set_new(json, "from", json_time(from_us));
    json_object_set_new(json, "to", json_time(to_us));
}

static bool film_json(const ApiCall *call, const CopyNumber *number, Json *items, GError **error)
{
    char text[FILM_NUMBER_TEXT];
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(FilmCopyRow) row =
        db ? film_copies_get_number(db, number->year, number->seq, error) : NULL;
    if (!row)
        return false;
    Json *json = copy_json(call, film_number(row->year, row->seq, text), row->receiver, "film",
                           &row->by, row->at_us);
    add_footage(call, json, &row->camera, 1, row->from_us, row->to_us);
    json_array_append_new(items, json);
    return true;
}

static bool package_copies_json(const ApiCall *call, const CopyNumber *number, Json *items,
                                GError **error)
{
    char text[PACKAGE_COPY_NUMBER_TEXT];
    g_autoptr(PackageRow) row = package_of(call, number, error);
    for (guint i = 0; row && i < row->copies->len; i++) {
        const PackageCopyRow *copy = &g_array_index(row->copies, PackageCopyRow, i);
        if (number->n && number->n != copy->n)
            continue;
        Json *json = copy_json(call, package_copy_number(row, copy->n, text), copy->receiver,
                               copy->medium, &copy->by, copy->at_us);
        add_footage(call, json, (const Uuid *)(void *)row->cameras->data, row->cameras->len,
                    row->from_us, row->to_us);
        json_array_append_new(items, json);
    }
    return row != NULL;
}

/* Whom the copies of this number are for, which the log does not hold. */
bool audit_get_copies(ApiCall *call, GError **error)
{
    CopyNumber number;
    g_autoptr(Json) items = json_array();
    if (!read_number(call, &number, error) ||
        !(number.package ? package_copies_json : film_json)(call, &number, items, error))
        return false;
    call_audit(call, "audit-read", NULL, NULL, "ok");
    return call_json(call, 200, json_pack("{s:O}", "items", items));
}
