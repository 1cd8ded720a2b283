/* footage_requests.c — officers ask households for footage, hand over the links, and see what was
 * given. Who said no, or nothing, is not told. */
#include "casework/given_keep.h"

#include "base/qr.h"
#include "base/secret.h"
#include "casework/case.h"
#include "http/api/app_link.h"
#include "http/api/handlers.h"
#include "http/problem.h"

#include <string.h>

enum { ROWS_DEFAULT = 50, ROWS_MOST = 200 };

/* ---- telling ---- */

/* `until_us`: until when what is no evidence is kept. */
static Json *file_json(const HouseholdFileRow *row, int64_t until_us)
{
    char id[UUID_TEXT], digest[SHA256_HEX];
    hex_encode(row->sha256, sizeof row->sha256, digest);
    Json *json = json_pack("{s:s, s:s, s:I, s:s, s:o, s:b}", "id", uuid_text(&row->id, id), "type",
                           row->type, "size", (json_int_t)row->bytes, "sha256", digest, "given_at",
                           json_time(row->done_us), "evidence", row->evidence_us != 0);
    if (row->expired_us)
        json_object_set_new(json, "deleted_at", json_time(row->expired_us));
    else if (!row->evidence_us && until_us != GIVEN_KEPT_FOR_CASE)
        json_object_set_new(json, "kept_until", json_time(until_us));
    return json;
}

static Json *ask_json(const HouseholdAskRow *row, int64_t until_us)
{
    char id[UUID_TEXT];
    Json *files = json_array();
    for (guint i = 0; i < row->files->len; i++) {
        const HouseholdFileRow *file = &g_array_index(row->files, HouseholdFileRow, i);
        if (file->done_us && !file->withdrawn_us)
            json_array_append_new(files, file_json(file, until_us));
    }
    return json_pack("{s:s, s:o}", "household", uuid_text(&row->household, id), "files", files);
}

static Json *withdrawn_json(const ApiCall *call, const HouseholdRequestRow *row)
{
    Account by = {0};
    Json *json = json_pack("{s:o}", "at", json_time(row->withdrawn_us));
    if (people_account(call->api->people, &row->withdrawn_by, &by))
        json_object_set_new(json, "by", json_string(by.name));
    if (*row->withdrawal)
        json_object_set_new(json, "reason", json_string(row->withdrawal));
    return json;
}

/* Until when what was given in answer is kept; a catalog that cannot be read tells no day. */
static int64_t kept_until_us(const ApiCall *call, CatalogDb *db, const HouseholdRequestRow *row)
{
    int64_t until_us, days = site_number(call->api->site, SITE_VALUE_GIVEN_KEEP_DAYS);
    return given_keep_until(db, row->case_number, row->deadline_us, days, &until_us, NULL)
               ? until_us
               : GIVEN_KEPT_FOR_CASE;
}

static Json *request_json(const ApiCall *call, CatalogDb *db, const HouseholdRequestRow *row)
{
    char id[UUID_TEXT];
    int given = 0;
    Account by = {0};
    Json *asks = json_array();
    for (guint i = 0; i < row->asks->len; i++)
        given += footage_is_given(row->asks->pdata[i]);
    const int64_t until_us = given ? kept_until_us(call, db, row) : GIVEN_KEPT_FOR_CASE;
    for (guint i = 0; i < row->asks->len; i++)
        json_array_append_new(asks, ask_json(row->asks->pdata[i], until_us));
    Json *json =
        json_pack("{s:s, s:s, s:{s:f, s:f}, s:i, s:s, s:s, s:i, s:i, s:o}", "id",
                  uuid_text(&row->id, id), "case", row->case_number, "place", "lat", row->latitude,
                  "lon", row->longitude, "radius", row->radius_m, "what", row->what, "unit",
                  row->unit, "asked", (int)row->asks->len, "given", given, "households", asks);
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", json_time(row->to_us));
    json_object_set_new(json, "made_at", json_time(row->made_us));
    json_object_set_new(json, "deadline", json_time(row->deadline_us));
    json_object_set_new(json, "over", json_boolean(!footage_takes(row, 0, NULL)));
    if (row->withdrawn_us)
        json_object_set_new(json, "withdrawn", withdrawn_json(call, row));
    if (people_account(call->api->people, &row->made_by, &by))
        json_object_set_new(json, "by", json_string(by.name));
    return json;
}

/* As it stands after it was changed. */
static bool answer_request(ApiCall *call, int status, const HouseholdRequestRow *row,
                           GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    return db && call_json(call, status, request_json(call, db, row));
}

bool footage_requests_get_all(ApiCall *call, GError **error)
{
    int64_t limit = ROWS_DEFAULT, before_ref = 0;
    if (!call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_query_int(call, "cursor", 1, INT64_MAX, &before_ref, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? household_requests_list(db, call_query(call, "case"),
                                                             before_ref, (unsigned)limit + 1, error)
                                   : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    for (guint i = 0; i < MIN(rows->len, (guint)limit); i++)
        json_array_append_new(items, request_json(call, db, rows->pdata[i]));
    if (rows->len > (guint)limit) {
        const HouseholdRequestRow *last = rows->pdata[limit - 1];
        next = json_sprintf("%" G_GINT64_FORMAT, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

bool footage_request_get(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "request", &id, error))
        return false;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(HouseholdRequestRow) row = db ? household_requests_get(db, &id, error) : NULL;
    return row && call_json(call, 200, request_json(call, db, row));
}

/* ---- asking ---- */

static bool read_households(const Json *body, Uuid ids[FOOTAGE_HOUSEHOLDS_MOST],
                            FootageAsked *asked, GError **error)
{
    const Json *list = json_object_get(body, "households");
    size_t count = json_array_size(list);
    if (count < 1 || count > FOOTAGE_HOUSEHOLDS_MOST)
        return err_set(error, ERR_INVALID, "‘households’ must be 1 to %d ids",
                       FOOTAGE_HOUSEHOLDS_MOST);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || !uuid_parse(text, &ids[i]))
            return err_set(error, ERR_INVALID, "‘households’ must be 1 to %d ids",
                           FOOTAGE_HOUSEHOLDS_MOST);
    }
    asked->households = ids;
    asked->household_count = count;
    return true;
}

static bool read_asked(const Json *body, FootageAsked *asked, PlacePoint *place, Uuid *key,
                       GError **error)
{
    const int64_t *from = NULL, *to = NULL, *deadline = NULL;
    *asked = (FootageAsked){0};
    if (!body || !json_get_text(body, "case", &asked->case_number, error) ||
        !json_get_text(body, "what", &asked->what, error) ||
        !json_get_text(body, "unit", &asked->unit, error) ||
        !call_body_place(body, "place", place, &asked->place, error) ||
        !json_get_int(body, "radius", &asked->radius_m, error) ||
        !call_body_id(body, "key", key, &asked->key, error) ||
        !call_body_time(body, "from", &asked->from_us, &from, error) ||
        !call_body_time(body, "to", &asked->to_us, &to, error) ||
        !call_body_time(body, "deadline", &asked->deadline_us, &deadline, error))
        return false;
    return (from && to && deadline) ||
           err_set(error, ERR_INVALID, "a request must have ‘from’, ‘to’ and ‘deadline’");
}

/* Is somebody at work on the case of this number? Otherwise `error` or the answer is set. */
static bool case_stands(ApiCall *call, const char *number, GError **error)
{
    int year, seq;
    GError *trouble = NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, &trouble);
    g_autoptr(CaseRow) row = db && number && case_number_parse(number, &year, &seq)
                                 ? cases_get_number(db, year, seq, &trouble)
                                 : NULL;
    if (trouble && !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, trouble);
        return false;
    }
    g_clear_error(&trouble);
    if (!row)
        problem_set(call->response, 422, "no-such-case", "there is no case of this number");
    else if (case_is_over(row))
        problem_set(call->response, 409, "case-over", "nobody works on this case any more");
    return row && !case_is_over(row);
}

/* That of what was asked before, though it be of another, or of a case that is over by now. */
static bool answer_asking(ApiCall *call, const FootageAsked *asked, GError **error)
{
    char id[UUID_TEXT];
    bool again = false;
    Uuid me = call_maker(call);
    GError *trouble = NULL;
    g_autoptr(HouseholdRequestRow) row =
        footage_ask(call->api->households, asked, &me, &again, &trouble);
    if (!row && g_error_matches(trouble, ERR, ERR_EXISTS)) {
        problem_set(call->response, 409, "asked-before", "%s", trouble->message);
        g_clear_error(&trouble);
        return true;
    }
    if (!row) {
        g_propagate_error(error, trouble);
        return false;
    }
    if (!again)
        call_audit(call, "household-ask", uuid_text(&row->id, id), row->case_number, "ok");
    return answer_request(call, 201, row, error);
}

bool footage_requests_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"case",     "what",       "unit", "place",
                                          "radius",   "from",       "to",   "key",
                                          "deadline", "households", NULL};
    Uuid households[FOOTAGE_HOUSEHOLDS_MOST], key;
    PlacePoint place;
    FootageAsked asked;
    bool before = false;
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    const Json *body = call_body(call, members, error);
    if (!read_asked(body, &asked, &place, &key, error) ||
        !read_households(body, households, &asked, error) ||
        !footage_was_asked(call->api->households, &asked, &before, error))
        return false;
    if (!before && !case_stands(call, asked.case_number, error))
        return call->response->status != 0;
    return answer_asking(call, &asked, error);
}

/* ---- withdrawing ---- */

bool footage_request_withdraw(ApiCall *call, GError **error)
{
    static const char *const members[] = {"reason", NULL};
    Uuid request, me = call_maker(call);
    const char *reason = NULL;
    bool again = false;
    const Json *body = call_body(call, members, error);
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!body || !json_get_text(body, "reason", &reason, error) ||
        !call_id(call, "request", &request, error))
        return false;
    g_autoptr(HouseholdRequestRow) row =
        footage_withdraw(call->api->households, &request, &me, reason, &again, error);
    if (!row)
        return false;
    if (!again)
        call_audit(call, "household-ask-withdraw", call->params[0], row->case_number, "ok");
    return answer_request(call, 200, row, error);
}

/* ---- links ---- */

/* The link is told once, as text and as a code for a phone to read. */
bool footage_request_link(ApiCall *call, GError **error)
{
    static const char *const members[] = {"household", "app", NULL};
    Uuid request, household, ask;
    char id[UUID_TEXT];
    const Uuid *asked = NULL;
    const char *app = NULL;
    const Json *body = call_body(call, members, error);
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!body || !call_body_id(body, "household", &household, &asked, error) ||
        !json_get_text(body, "app", &app, error) || !call_id(call, "request", &request, error))
        return false;
    if (!asked || !app)
        return err_set(error, ERR_INVALID, "‘household’ and ‘app’ are needed");
    secret_auto char *secret =
        footage_link(call->api->households, &request, &household, &ask, error);
    if (!secret)
        return false;
    secret_auto char *rest = g_strdup_printf("/gop-hinh#r=%s.%s", uuid_text(&ask, id), secret);
    secret_auto char *url = app_link(app, rest, error);
    g_autofree char *svg = url ? qr_svg(url) : NULL;
    if (!svg)
        return false;
    call_audit(call, "household-link", id, NULL, "ok");
    return call_json(call, 201, json_pack("{s:s, s:s}", "url", url, "qr", svg));
}
