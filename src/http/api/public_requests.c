/* public_requests.c — the page behind a household's link, without an account: what is asked, by
 * whom, until when; giving, taking back, leaving; and who looked at what was given. */
#include "household/footage_given.h"

#include "config/site.h"
#include "http/api/handlers.h"
#include "http/problem.h"

#include <string.h>

/* What stands behind the link of this call; both owned. True without an ask: too many ask, and 429
 * is answered. */
static bool follow(ApiCall *call, HouseholdAskRow **ask, HouseholdRequestRow **request,
                   GError **error)
{
    const char *secret = call->request->report_secret;
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    int64_t wait_us = call->request->upload /* it was counted before it came */
                          ? 0
                          : footage_wait_us(call->api->households, call->request->address);
    if (wait_us) {
        problem_set(call->response, 429, NULL, "too much at once: try again in a moment");
        call_header(call, "retry-after", g_strdup_printf("%d", (int)(wait_us / SECOND_US) + 1));
        return true;
    }
    *ask = footage_follow(call->api->households, call->params[0], secret ? secret : "", request,
                          error);
    return *ask != NULL;
}

/* ---- telling ---- */

/* NULL: it is not known, which is not the same as nobody. */
static Json *looks_json(ApiCall *call, const HouseholdFileRow *row, const char *case_number,
                        GError **error)
{
    g_autoptr(GArray) looks = given_looks(call->api->households, row, error);
    if (!looks)
        return NULL;
    Json *list = json_array();
    for (guint i = 0; i < looks->len; i++) {
        const HouseholdLookRow *look = &g_array_index(looks, HouseholdLookRow, i);
        Json *json = json_pack("{s:o, s:s, s:s, s:s}", "at", json_time(look->at_us), "role",
                               look->role, "case", case_number, "act", look->act);
        if (*look->package)
            json_object_set_new(json, "package", json_string(look->package));
        json_array_append_new(list, json);
    }
    return list;
}

/* `looks`: who looked at it, taken; NULL: not told. */
static Json *file_json(const HouseholdFileRow *row, Json *looks)
{
    char digest[SHA256_HEX];
    Json *json = json_pack("{s:i, s:I, s:I, s:b}", "n", row->n, "size", (json_int_t)row->bytes,
                           "got", (json_int_t)row->got, "evidence", row->evidence_us != 0);
    if (*row->type)
        json_object_set_new(json, "type", json_string(row->type));
    if (row->done_us) {
        hex_encode(row->sha256, sizeof row->sha256, digest);
        json_object_set_new(json, "sha256", json_string(digest));
        json_object_set_new(json, "given_at", json_time(row->done_us));
    }
    if (row->withdrawn_us)
        json_object_set_new(json, "taken_back_at", json_time(row->withdrawn_us));
    if (looks)
        json_object_set_new(json, "looks", looks);
    return json;
}

static Json *files_json(ApiCall *call, const HouseholdAskRow *ask, const char *case_number,
                        GError **error)
{
    g_autoptr(Json) list = json_array();
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *row = &g_array_index(ask->files, HouseholdFileRow, i);
        Json *looks = looks_json(call, row, case_number, error);
        if (!looks)
            return NULL;
        json_array_append_new(list, file_json(row, looks));
    }
    return g_steal_pointer(&list);
}

/* Takes `files`. */
static Json *request_json(ApiCall *call, const HouseholdRequestRow *request,
                          const HouseholdAskRow *ask, Json *files)
{
    Account by = {0};
    Site *site = call->api->site;
    g_autofree char *name = site_name(site), *zone = site_time_zone(site);
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:I, s:o}", "site", name, "time_zone",
                           zone, "case", request->case_number, "what", request->what, "unit",
                           request->unit, "over", !footage_takes(request, 0, NULL), "room",
                           (json_int_t)given_room(ask), "files", files);
    if (people_account(call->api->people, &request->made_by, &by))
        json_object_set_new(json, "officer", json_string(by.name));
    if (request->withdrawn_us)
        json_object_set_new(json, "withdrawn_at", json_time(request->withdrawn_us));
    json_object_set_new(json, "from", json_time(request->from_us));
    json_object_set_new(json, "to", json_time(request->to_us));
    json_object_set_new(json, "deadline", json_time(request->deadline_us));
    return json;
}

bool given_follow(ApiCall *call, GError **error)
{
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    if (!follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    Json *files = files_json(call, ask, request->case_number, error);
    return files && call_json(call, 200, request_json(call, request, ask, files));
}

/* ---- leaving ---- */

static bool leave(ApiCall *call, const Uuid *household, bool all, GError **error)
{
    char id[UUID_TEXT];
    const Uuid nobody = {0};
    const int64_t pin = HOUSEHOLD_PIN;
    const HouseholdTold less = {.level = &pin};
    g_autoptr(HouseholdRow) before = NULL, after = NULL;
    uuid_text(household, id);
    if (all) {
        if (!household_desk_revoke(call->api->households, household, &nobody, error))
            return false;
        call_audit(call, "household-revoke", id, NULL, "ok");
        return true;
    }
    after = household_desk_change(call->api->households, household, &less, &nobody, &before, error);
    if (after)
        call_audit(call, "household-edit", id, NULL, "ok");
    return after != NULL;
}

/* That they have nothing, or do not want to, is no answer that comes here: the phone keeps it, as
 * whoever holds the link, or has a new one made, would read it by name. */
bool given_answer(ApiCall *call, GError **error)
{
    static const char *const members[] = {"answer", NULL};
    const char *answer = NULL;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_text(body, "answer", &answer, error) ||
        !follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    bool out = g_strcmp0(answer, "leave") == 0;
    if (!out && g_strcmp0(answer, "stop-asking") != 0)
        return err_set(error, ERR_INVALID, "‘answer’ must be stop-asking or leave");
    return leave(call, &ask->household, out, error) && call_empty(call);
}

/* ---- giving ---- */

bool given_file_begin(ApiCall *call, GError **error)
{
    static const char *const members[] = {"size", "key", NULL};
    Uuid key;
    int64_t bytes = 0;
    const Uuid *given = NULL;
    HouseholdFileRow row;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    const Json *body = call_body(call, members, error);
    if (!body || !json_get_int(body, "size", &bytes, error) ||
        !call_body_id(body, "key", &key, &given, error) || !follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    if (!given)
        return err_set(error, ERR_INVALID, "‘key’ is needed");
    return given_begin(call->api->households, request, ask, &key, bytes, &row, error) &&
           call_json(call, 201, file_json(&row, NULL));
}

static bool read_n(const ApiCall *call, int *n, GError **error)
{
    gint64 number = 0;
    if (!g_ascii_string_to_signed(call->params[1], 10, 1, INT32_MAX, &number, NULL))
        return err_set(error, ERR_NOT_FOUND, "there is no such file");
    *n = (int)number;
    return true;
}

bool given_file_may_come(ApiCall *call, GError **error)
{
    int n = 0;
    int64_t offset = 0;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    if (!call_query_int(call, "offset", 0, INT64_MAX, &offset, error) ||
        !follow(call, &ask, &request, error))
        return false;
    return !ask || (read_n(call, &n, error) && given_goes_on(request, ask, n, offset, error));
}

/* Which file it was about: its id, and its number within the answer. Never a name that a phone
 * gave. */
static void audit_file(ApiCall *call, const char *action, const HouseholdRequestRow *request,
                       const Uuid *file, int n)
{
    char id[UUID_TEXT], number[16];
    Changes which = {0};
    g_snprintf(number, sizeof number, "%d", n);
    changes_text(&which, "file", "", number);
    g_strlcpy(call->reason, request->case_number, sizeof call->reason);
    call_audit_changes(call, action, uuid_text(file, id), &which);
}

bool given_file_piece(ApiCall *call, GError **error)
{
    int n = 0;
    int64_t offset = 0;
    HouseholdFileRow row;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    const ApiUpload *sent = call->request->upload;
    if (!call_query_int(call, "offset", 0, INT64_MAX, &offset, error) ||
        !follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    if (!sent)
        return err_set(error, ERR_INVALID, "the body must be a piece of the file");
    const HouseholdUpload piece = {.path = sent->path,
                                   .bytes = sent->bytes,
                                   .sha256 = sent->sha256,
                                   .first = sent->first,
                                   .first_bytes = sent->first_bytes};
    if (!read_n(call, &n, error) ||
        !given_take(call->api->households, request, ask, n, offset, &piece, &row, error))
        return false;
    if (row.done_us)
        audit_file(call, "household-given", request, &row.id, n);
    return call_json(call, 200, file_json(&row, NULL));
}

/* Of what stands; nil: it does not. */
static Uuid id_of(const HouseholdAskRow *ask, int n)
{
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *file = &g_array_index(ask->files, HouseholdFileRow, i);
        if (file->n == n && !file->withdrawn_us)
            return file->id;
    }
    return (Uuid){0};
}

bool given_file_take_back(ApiCall *call, GError **error)
{
    int n = 0;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    if (!follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    if (!read_n(call, &n, error) || !given_take_back(call->api->households, ask, n, error))
        return false;
    Uuid id = id_of(ask, n);
    audit_file(call, "household-taken-back", request, &id, n);
    return call_empty(call);
}
