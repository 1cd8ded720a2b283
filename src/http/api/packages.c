/* packages.c — evidence packages: asked for, listed, approved by a second person, dropped. */
#include "http/api/package_json.h"

#include "archive/package.h"
#include "casework/case_item.h"
#include "casework/span.h"
#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "http/api/package_case.h"
#include "http/api/package_certificates.h"
#include "http/api/package_regions.h"
#include "http/api/redaction_json.h"
#include "http/problem.h"

#include <string.h>

enum { ROWS_DEFAULT = 50, ROWS_MOST = 200 };

/* ---- listing ---- */

static bool read_query(ApiCall *call, PackageQuery *query, int64_t *limit, GError **error)
{
    query->state = call_query(call, "state");
    query->may = package_may_see;
    query->data = call;
    return call_query_int(call, "limit", 1, ROWS_MOST, limit, error) &&
           call_query_int(call, "cursor", 1, INT64_MAX, &query->before_ref, error);
}

bool packages_get_all(ApiCall *call, GError **error)
{
    int64_t limit = ROWS_DEFAULT;
    const char *name = call_query(call, "case");
    g_autofree char *number = name ? package_case_number(call, name) : NULL;
    PackageQuery query = {.case_number = number};
    if (!read_query(call, &query, &limit, error))
        return false;
    query.limit = (unsigned)limit + 1;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? packages_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    for (guint i = 0; i < MIN(rows->len, (guint)limit); i++)
        json_array_append_new(items, package_json(call, rows->pdata[i]));
    if (rows->len > (guint)limit) {
        const PackageRow *last = rows->pdata[limit - 1];
        next = json_sprintf("%" G_GINT64_FORMAT, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

bool package_get(ApiCall *call, GError **error)
{
    g_autoptr(PackageRow) row = package_find(call, error);
    return row && call_json(call, 200, package_json(call, row));
}

/* ---- asking ---- */

/* A line of text, stripped, into `*kept` (owned). */
static bool read_words(const Json *body, const char *name, long least, long most, char **kept,
                       GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, name, &text, error))
        return false;
    *kept = g_strstrip(g_strdup(text ? text : ""));
    return access_check_words(name, *kept, least, most, error);
}

/* By which law; what nobody says is the first that the site offers. A certificate shows no footage
 * and has none. */
static bool read_basis(const ApiCall *call, const Json *body, bool negative, char **basis,
                       GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, "basis", &text, error))
        return false;
    if (negative)
        return !text || err_set(error, ERR_INVALID, "a certificate has no ‘basis’");
    if (text)
        return read_words(body, "basis", PACKAGE_BASIS_LEAST, PACKAGE_BASIS_MOST, basis, error);
    *basis = site_value(call->api->site, SITE_VALUE_PACKAGE_BASES);
    (*basis)[strcspn(*basis, "\n")] = '\0';
    return true;
}

static size_t without_doubles(Uuid *cameras, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t j = 0; j < kept && !known; j++)
            known = uuid_equal(&cameras[j], &cameras[i]);
        if (!known)
            cameras[kept++] = cameras[i];
    }
    return kept;
}

/* What households gave alone: of no camera, for a time of the case. */
static bool read_span_alone(const Json *body, PackageAsked *asked, GError **error)
{
    const int64_t *from = NULL, *to = NULL;
    if (json_array_size(json_object_get(body, "given")) == 0 ||
        json_object_get(body, "certificate"))
        return err_set(error, ERR_INVALID,
                       "‘cameras’ must name at least one, unless files of households go by "
                       "themselves");
    if (!call_body_time(body, "from", &asked->from_us, &from, error) ||
        !call_body_time(body, "to", &asked->to_us, &to, error))
        return false;
    return from && to
               ? case_span_check(asked->from_us, asked->to_us, clock_now_us(), error)
               : err_set(error, ERR_INVALID, "‘from’ and ‘to’ are needed, ‘from’ before ‘to’");
}

static bool read_span(ApiCall *call, const Json *body, Uuid cameras[GRANT_CAMERAS_MOST],
                      PackageAsked *asked, GError **error)
{
    GrantAsked span = {0};
    const Json *list = json_object_get(body, "cameras");
    if (json_is_array(list) && json_array_size(list) == 0)
        return read_span_alone(body, asked, error);
    if (!access_read_footage(call, body, ACTION_EXPORT, cameras, &span, error))
        return false;
    int64_t now_us = clock_now_us();
    if (span.to_us > now_us + SPAN_CLOCKS_APART_US || span.from_us >= now_us)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: nothing is recorded there yet");
    asked->cameras = cameras;
    asked->camera_count = without_doubles(cameras, span.camera_count);
    asked->from_us = span.from_us;
    asked->to_us = MIN(span.to_us, now_us);
    return true;
}

bool package_read_key(const Json *body, Uuid *key, GError **error)
{
    const char *text = NULL;
    return json_get_text(body, "key", &text, error) &&
           (!text || uuid_parse(text, key) || err_set(error, ERR_INVALID, "‘key’ must be a UUID"));
}

static bool is_of(const PackageAsked *asked, const Redaction *redaction)
{
    for (size_t i = 0; i < asked->camera_count; i++)
        if (uuid_equal(&asked->cameras[i], &redaction->camera))
            return redaction->from_us >= asked->from_us && redaction->to_us <= asked->to_us;
    return false;
}

/* Copies with parts made unrecognisable, as redactions_text() (owned); sound under its right. */
static bool read_redactions(const ApiCall *call, const Json *body, const PackageAsked *asked,
                            char **text, GError **error)
{
    const Json *list = json_object_get(body, "redact");
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)redaction_free);
    if (list && !json_is_null(list) &&
        (!json_is_array(list) || json_array_size(list) > PACKAGE_WORKING_MOST))
        return err_set(error, ERR_INVALID, "‘redact’ must be a list of %d at most",
                       PACKAGE_WORKING_MOST);
    for (size_t i = 0; i < json_array_size(list); i++) {
        Redaction *one = redaction_new();
        g_ptr_array_add(all, one);
        if (!redaction_json_read_all(json_array_get(list, i), one, error))
            return false;
        if (!is_of(asked, one))
            return err_set(error, ERR_INVALID,
                           "‘redact’ must be of a camera and within the span of the package");
        g_autoptr(CameraRow) camera = site_camera_known(call->api->site, &one->camera);
        one->sound = one->sound && camera && call_may(call, ACTION_LISTEN, camera);
    }
    *text = redactions_text(all);
    return true;
}

/* Files of households that go along, under the right to see what they gave. */
static bool read_given(const ApiCall *call, const Json *body, Uuid given[PACKAGE_GIVEN_MOST],
                       PackageAsked *asked, GError **error)
{
    const Json *list = json_object_get(body, "given");
    size_t count = json_array_size(list);
    if (list && !json_is_null(list) && (!json_is_array(list) || count > PACKAGE_GIVEN_MOST))
        return err_set(error, ERR_INVALID, "‘given’ must be a list of %d at most",
                       PACKAGE_GIVEN_MOST);
    if (count > 0 && !rights_allow(call->identity.role, ACTION_HOUSEHOLD_ASK))
        return err_set(error, ERR_DENIED, "you may not see what households gave");
    if (count > 0 && asked->regions)
        return err_set(error, ERR_INVALID, "a certificate has no files of households");
    for (size_t i = 0; i < count; i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (!id || !uuid_parse(id, &given[i]))
            return err_set(error, ERR_INVALID, "‘given’ must be ids of files that were given");
    }
    asked->given = given;
    asked->given_count = without_doubles(given, count);
    return true;
}

/* The log has who asked for which footage, and why. */
static void audit_asking(ApiCall *call, const PackageRow *row)
{
    char id[UUID_TEXT];
    access_told(call, row->reason);
    const bool negative = *row->regions != '\0';
    Changes changes = {0};
    if (row->unmasked)
        changes_text(&changes, "unmasked", "", "true");
    call_audit_changes(call, negative ? "negative-ask" : "package-ask", uuid_text(&row->id, id),
                       &changes);
    for (guint i = 0; i < row->cameras->len; i++)
        call_audit_export(call, negative ? "negative-camera" : "evidence-camera",
                          &g_array_index(row->cameras, Uuid, i), row->from_us, row->to_us,
                          &row->id);
    for (guint i = 0; i < row->given->len; i++)
        call_audit(call, "household-file-pack",
                   uuid_text(&g_array_index(row->given, PackageGivenRow, i).file, id),
                   row->case_number, "ok");
    for (guint i = 0; i < row->certificates->len; i++)
        call_audit(call, "negative-pack",
                   uuid_text(&((const PackageRow *)row->certificates->pdata[i])->id, id),
                   row->case_number, "ok");
}

/* Originals show what lies under masks: whoever asks says so. Without a mask there is nothing to
 * say; a negative certificate has no pictures. */
static bool refused_by_masks(ApiCall *call, PackageAsked *asked, bool negative)
{
    bool any = false;
    for (size_t i = 0; i < asked->camera_count; i++) {
        MaskSet *masks = masked_leaving(call, &asked->cameras[i], asked->from_us, asked->to_us);
        any |= masks != NULL;
        if (!asked->unmasked && !negative &&
            masked_refused(call, mask_set_ref(masks),
                           "say ‘unmasked’, and a second person decides; or have a covered copy "
                           "made by POST /exports")) {
            mask_set_unref(masks);
            return true;
        }
        mask_set_unref(masks);
    }
    asked->unmasked = any && !negative;
    return false;
}

/* Now or within a day; whoever asks is then one of two persons. */
static bool needs_approval(Site *site, bool unmasked)
{
    g_autofree char *approval = package_approval(site, unmasked);
    return strcmp(approval, PACKAGE_APPROVAL_NONE) != 0;
}

bool packages_ask(ApiCall *call, GError **error)
{
    static const char *const members[] = {
        "case",  "cameras",     "from",         "to",       "reason", "key", "redact",
        "given", "certificate", "certificates", "unmasked", "basis",  NULL};
    bool again = false;
    Uuid given[PACKAGE_GIVEN_MOST], certificates[CERTIFICATES_MOST];
    Uuid cameras[GRANT_CAMERAS_MOST];
    PackageAsked asked = {.by = call_maker(call), .role = role_text(call->identity.role)};
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    g_autofree char *name = NULL, *number = NULL, *reason = NULL, *redactions = NULL,
                    *regions = NULL, *basis = NULL;
    if (!desk || !read_span(call, body, cameras, &asked, error) ||
        !read_words(body, "case", 1, PACKAGE_CASE_MOST, &name, error) ||
        !read_words(body, "reason", PACKAGE_REASON_LEAST, PACKAGE_REASON_MOST, &reason, error) ||
        !package_read_key(body, &asked.key, error) ||
        !read_redactions(call, body, &asked, &redactions, error) ||
        !package_regions_read(body, cameras, asked.camera_count, &regions, error) ||
        !read_basis(call, body, regions && *regions, &basis, error))
        return false;
    if (asked.camera_count == 0)
        masked_no_camera(call);
    if (!json_get_bool(body, "unmasked", &asked.unmasked, error))
        return false;
    if (refused_by_masks(call, &asked, regions && *regions) ||
        (needs_approval(call->api->site, asked.unmasked) &&
         call_refused_to_machines(call, regions && *regions ? "negative-ask" : "package-ask",
                                  NULL)))
        return true;
    if (!package_case_read(call, name, &number, error))
        return call->response->status != 0;
    asked.case_number = number;
    asked.reason = reason;
    asked.basis = basis;
    asked.redactions = redactions;
    asked.regions = regions;
    if (!read_given(call, body, given, &asked, error) ||
        !package_certificates_read(call, body, certificates, &asked, error))
        return false;
    GError *trouble = NULL;
    g_autoptr(PackageRow) row = package_desk_ask(desk, &asked, &again, &trouble);
    if (g_error_matches(trouble, ERR, ERR_EXISTS) && package_certificates_refused(call, &asked)) {
        g_error_free(trouble);
        return true;
    }
    if (!row) {
        g_propagate_error(error, trouble);
        return false;
    }
    if (!again)
        audit_asking(call, row);
    return call_json(call, 201, package_json(call, row));
}

/* ---- deciding ---- */

static bool answer_own(ApiCall *call, GError *trouble)
{
    g_autoptr(GError) owned = trouble;
    call_audit(call, "package-approve", call->params[0], NULL, "refused");
    problem_set(call->response, 403, "own-package", "%s", trouble->message);
    return true;
}

static bool answer_taken_back(ApiCall *call, const PackageRow *row)
{
    bool stands = true;
    for (guint i = 0; i < row->given->len; i++)
        stands = stands && g_array_index(row->given, PackageGivenRow, i).stands;
    if (stands || !package_is_undecided(row))
        return false;
    call_audit(call, "package-approve", call->params[0], NULL, "taken-back");
    problem_set(call->response, 409, "taken-back",
                "a household has taken back what would go along: ask anew, without it");
    return true;
}

bool package_decide(ApiCall *call, GError **error)
{
    static const char *const members[] = {"approve", "words", NULL};
    bool approve = false;
    Uuid me = call_maker(call);
    GError *trouble = NULL;
    g_autofree char *words = NULL;
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    if (!desk || !json_get_bool(body, "approve", &approve, error) ||
        !read_words(body, "words", approve ? 0 : PACKAGE_REASON_LEAST, PACKAGE_WORDS_MOST, &words,
                    error))
        return false;
    g_autoptr(PackageRow) seen = package_find(call, error);
    if (!seen)
        return false;
    if (call_refused_to_machines(call, approve ? "package-approve" : "package-reject",
                                 call->params[0]) ||
        (approve && (answer_taken_back(call, seen) || package_certificates_fallen(call, seen))))
        return true;
    g_autoptr(PackageRow) row = package_desk_decide(
        desk, &seen->id, &me, role_text(call->identity.role), approve, words, &trouble);
    if (!row && g_error_matches(trouble, ERR, ERR_DENIED))
        return answer_own(call, trouble);
    if (!row) {
        g_propagate_error(error, trouble);
        return false;
    }
    call_audit(call, approve ? "package-approve" : "package-reject", call->params[0], NULL, "ok");
    return call_json(call, 200, package_json(call, row));
}

/* ---- taking back, removing ---- */

static bool drop(ApiCall *call, const PackageRow *row, bool made, const char *reason,
                 GError **error)
{
    g_autoptr(PackageRow) after = package_desk_drop(call->api->packages, &row->id, made, error);
    if (!after)
        return false;
    call_audit(call, "package-drop", call->params[0], reason, "ok");
    return call_json(call, 200, package_json(call, after));
}

bool package_take_back(ApiCall *call, GError **error)
{
    Uuid me = call_maker(call);
    PackageDesk *desk = package_desk_of(call, error);
    g_autoptr(PackageRow) row = desk ? package_find(call, error) : NULL;
    if (!row)
        return false;
    if (!rights_allow(call->identity.role, ACTION_HOLD) && !uuid_equal(&row->by, &me))
        return err_set(error, ERR_DENIED,
                       "a package is taken back by whoever asked for it, or by a commander");
    return drop(call, row, false, NULL, error);
}

/* Evidence that was made goes for a reason, which the log keeps. */
bool package_remove(ApiCall *call, GError **error)
{
    static const char *const members[] = {"reason", NULL};
    g_autofree char *reason = NULL;
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    if (!desk ||
        !read_words(body, "reason", PACKAGE_REASON_LEAST, PACKAGE_REASON_MOST, &reason, error))
        return false;
    g_autoptr(PackageRow) row = package_find(call, error);
    return row && drop(call, row, true, reason, error);
}
