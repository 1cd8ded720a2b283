/* public_requests.c — the page behind a household's link, without an account: what is asked, by
 * whom, until when; giving, taking back, leaving; and who looked at what was given. */
#include "casework/given_keep.h"

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
    char digest[SHA256_HEX], key[UUID_TEXT];
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
    if (row->expired_us)
        json_object_set_new(json, "deleted_at", json_time(row->expired_us));
    if (!row->done_us)
        json_object_set_new(json, "key", json_string(uuid_text(&row->key, key)));
    if (looks)
        json_object_set_new(json, "looks", looks);
    return json;
}

/* Until when it is kept, where that is known: of what is given by its case. */
static void set_kept_until(Json *json, const HouseholdRequestRow *request,
                           const HouseholdFileRow *row, int64_t given_until_us)
{
    bool half = !row->done_us && !row->withdrawn_us;
    bool ages =
        footage_file_is_given(row) && !row->evidence_us && given_until_us != GIVEN_KEPT_FOR_CASE;
    if (half || ages)
        json_object_set_new(json, "kept_until",
                            json_time(half ? given_half_until_us(request, row) : given_until_us));
}

static Json *files_json(ApiCall *call, const HouseholdRequestRow *request,
                        const HouseholdAskRow *ask, GError **error)
{
    int64_t until_us, days = site_number(call->api->site, SITE_VALUE_GIVEN_KEEP_DAYS);
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    if (!db ||
        !given_keep_until(db, request->case_number, request->deadline_us, days, &until_us, error))
        return NULL;
    catalog_read_end(g_steal_pointer(&db));
    g_autoptr(Json) list = json_array();
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *row = &g_array_index(ask->files, HouseholdFileRow, i);
        if (request->withdrawn_us && !row->done_us)
            continue; /* half a file that nobody wants: the next round deletes it */
        Json *looks = looks_json(call, row, request->case_number, error);
        if (!looks)
            return NULL;
        Json *json = file_json(row, looks);
        set_kept_until(json, request, row, until_us);
        json_array_append_new(list, json);
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
    Json *files = files_json(call, request, ask, error);
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

/* What a family is told apart: each has another thing to do about it. Takes `trouble`. */
static bool answer_refusal(ApiCall *call, GivenRefusal refusal, GError *trouble, GError **error)
{
    static const struct {
        int status;
        const char *code;
    } answers[] = {
        [GIVEN_FINE] = {0, NULL},
        [GIVEN_REFUSED_LARGE] = {422, "given-large"},
        [GIVEN_REFUSED_MANY] = {422, "given-many"},
        [GIVEN_REFUSED_ALL] = {507, "given-full"},
        [GIVEN_REFUSED_DISK] = {507, "full"},
        [GIVEN_REFUSED_KIND] = {422, "given-kind"},
        [GIVEN_REFUSED_GONE] = {404, "given-gone"},
        [GIVEN_REFUSED_OVER] = {400, "given-over"},
    };
    if (!answers[refusal].status) {
        g_propagate_error(error, trouble);
        return false;
    }
    problem_set(call->response, answers[refusal].status, answers[refusal].code, "%s",
                trouble->message);
    g_error_free(trouble);
    return true;
}

bool given_file_begin(ApiCall *call, GError **error)
{
    static const char *const members[] = {"size", "key", NULL};
    Uuid key;
    int64_t bytes = 0;
    const Uuid *given = NULL;
    GivenAnswer answer;
    GError *trouble = NULL;
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
    if (!given_begin(call->api->households, request, ask, &key, bytes, &answer, &trouble))
        return answer_refusal(call, answer.refusal, trouble, error);
    return call_json(call, 201, file_json(&answer.row, NULL));
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
    GivenAnswer answer;
    GError *trouble = NULL;
    g_autoptr(HouseholdRequestRow) request = NULL;
    g_autoptr(HouseholdAskRow) ask = NULL;
    if (!call_query_int(call, "offset", 0, INT64_MAX, &offset, error) ||
        !follow(call, &ask, &request, error))
        return false;
    if (!ask)
        return true;
    return read_n(call, &n, error) && (given_goes_on(request, ask, n, offset, &answer, &trouble) ||
                                       answer_refusal(call, answer.refusal, trouble, error));
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
    GivenAnswer answer;
    GError *trouble = NULL;
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
    if (!read_n(call, &n, error))
        return false;
    if (!given_take(call->api->households, request, ask, n, offset, &piece, &answer, &trouble))
        return answer_refusal(call, answer.refusal, trouble, error);
    if (answer.row.done_us)
        audit_file(call, "household-given", request, &answer.row.id, n);
    return call_json(call, 200, file_json(&answer.row, NULL));
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
    HouseholdFileRow row;
    if (!read_n(call, &n, error) || !given_take_back(call->api->households, ask, n, &row, error))
        return false;
    if (row.done_us) /* what never came to its end was given to nobody */
        audit_file(call, "household-taken-back", request, &row.id, n);
    return call_empty(call);
}
