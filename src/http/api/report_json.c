#include "http/api/report_json.h"

#include "casework/report_privacy.h"
#include "config/site.h"
#include "http/problem.h"

#include <string.h>

/* ---- who sees what ---- */

bool report_may_see(void *data, const ReportRow *row)
{
    const ApiCall *call = data;
    Uuid me = call_maker(call);
    if (rights_allow(call->identity.role, ACTION_REPORTS))
        return true;
    if (!uuid_is_nil(&row->by) && uuid_equal(&row->by, &me))
        return true;
    g_autoptr(LocationRow) location = site_location_get(call->api->site, &row->location);
    return location && rights_allow_location(&call->identity, ACTION_REPORT, location);
}

bool report_may_see_person(const ApiCall *call, const ReportRow *row)
{
    Uuid me = call_maker(call);
    Role role = call->identity.role;
    if (!rights_allow(role, ACTION_REPORT_PERSON))
        return false;
    return role == ROLE_COMMANDER || (row->taken_us && uuid_equal(&row->taken_by, &me));
}

ReportRow *report_find(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "report", &id, error))
        return NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(ReportRow) row = db ? reports_get(db, &id, error) : NULL;
    if (!row || report_may_see(call, row))
        return g_steal_pointer(&row);
    err_set(error, ERR_NOT_FOUND, "no such report");
    return NULL;
}

/* ---- telling ---- */

char *report_name_of(const ApiContext *api, const Uuid *account)
{
    Account facts = {0};
    bool found = !uuid_is_nil(account) && people_account(api->people, account, &facts);
    return g_strdup(found ? facts.name : "");
}

static void set_text(Json *json, const char *name, const char *text)
{
    if (*text)
        json_object_set_new(json, name, json_string(text));
}

static void set_id(Json *json, const char *name, const Uuid *id)
{
    char text[UUID_TEXT];
    if (!uuid_is_nil(id))
        json_object_set_new(json, name, json_string(uuid_text(id, text)));
}

static void set_time(Json *json, const char *name, int64_t time_us)
{
    if (time_us)
        json_object_set_new(json, name, json_time(time_us));
}

static void set_account(const ApiCall *call, Json *json, const char *name, const Uuid *account)
{
    g_autofree char *who = report_name_of(call->api, account);
    set_text(json, name, who);
}

static Json *holds_json(const ReportRow *row)
{
    char camera[UUID_TEXT];
    Json *list = json_array();
    for (guint i = 0; i < row->holds->len; i++) {
        const ReportHoldRow *hold = &g_array_index(row->holds, ReportHoldRow, i);
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o}", "camera", uuid_text(&hold->camera, camera),
                            "from", json_time(hold->from_us), "to", json_time(hold->to_us), "until",
                            json_time(hold->until_us)));
    }
    return list;
}

Json *report_file_json(const ReportFileRow *row)
{
    char digest[SHA256_HEX];
    hex_encode(row->sha256, sizeof row->sha256, digest);
    return json_pack("{s:i, s:s, s:I, s:s}", "n", row->n, "type", row->type, "size",
                     (json_int_t)row->bytes, "sha256", digest);
}

static Json *files_json(const ReportRow *row)
{
    Json *list = json_array();
    for (guint i = 0; i < row->files->len; i++)
        json_array_append_new(list, report_file_json(&g_array_index(row->files, ReportFileRow, i)));
    return list;
}

static void set_where(Json *json, const ReportRow *row)
{
    set_id(json, "location", &row->location);
    if (row->has_place)
        json_object_set_new(json, "place",
                            json_pack("{s:f, s:f}", "lat", row->latitude, "lon", row->longitude));
    set_text(json, "where", row->where_text);
    set_id(json, "camera", &row->camera);
}

static void set_wishes(Json *json, const ReportRow *row)
{
    static const ReportWish wishes[] = {REPORT_WISH_COPY, REPORT_WISH_ERASURE};
    if (!row->wishes)
        return;
    Json *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++)
        if (row->wishes & wishes[i])
            json_array_append_new(list, json_string(report_wish_text(wishes[i])));
    json_object_set_new(json, "wishes", list);
    set_time(json, "wished_at", row->wished_us);
    set_time(json, "wish_due_at", row->wish_due_us);
}

static void set_course(const ApiCall *call, Json *json, const ReportRow *row)
{
    char joined[REPORT_NUMBER_TEXT];
    int64_t end_us = report_is_over(row) ? row->answered_us : clock_now_us();
    set_account(call, json, "by", &row->by);
    if (row->taken_us)
        set_account(call, json, "taken_by", &row->taken_by);
    set_time(json, "taken_at", row->taken_us);
    set_text(json, "answer", row->answer);
    set_time(json, "answered_at", row->answered_us);
    if (row->joined_ref)
        set_text(json, "joined_to", report_number(row->joined_year, row->joined_seq, joined));
    if (row->erased)
        set_text(json, "erased", report_erased_text((ReportErased)row->erased));
    set_time(json, "erased_at", row->erased_us);
    set_wishes(json, row);
    json_object_set_new(json, "hold_waits", json_boolean(row->hold_waits));
    json_object_set_new(json, "minutes_open",
                        json_integer(MAX(end_us - row->told_us, 0) / MINUTE_US));
}

Json *report_json(const ApiCall *call, const ReportRow *row)
{
    char id[UUID_TEXT], number[REPORT_NUMBER_TEXT];
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", uuid_text(&row->id, id),
                           "number", report_number(row->year, row->seq, number), "kind", row->kind,
                           "source", row->source, "state", row->state, "text", row->text);
    json_object_set_new(json, "told_at", json_time(row->told_us));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", json_time(row->to_us));
    set_text(json, "span_words", row->span_words);
    set_where(json, row);
    json_object_set_new(json, "attachments", files_json(row));
    json_object_set_new(json, "holds", holds_json(row));
    set_course(call, json, row);
    return json;
}

Json *report_person_json(const ReportRow *row)
{
    if (!*row->reporter && !*row->phone && !*row->vneid)
        return NULL;
    Json *json = json_pack("{s:s, s:s}", "name", row->reporter, "phone", row->phone);
    set_text(json, "vneid", row->vneid);
    return json;
}

/* What a joined report waits for is what the other one waits for. */
Json *report_followed_json(const ReportRow *row, const ReportRow *joined)
{
    char number[REPORT_NUMBER_TEXT];
    const char *answer = *row->answer ? row->answer : joined ? joined->answer : "";
    Json *json = json_pack("{s:s, s:s, s:o, s:s}", "number",
                           report_number(row->year, row->seq, number), "kind", row->kind, "told_at",
                           json_time(row->told_us), "state", joined ? joined->state : row->state);
    bool gone = row->erased == REPORT_ERASED;
    set_text(json, "answer", gone ? "" : answer);
    if (row->erased)
        set_text(json, "erased", report_erased_text((ReportErased)row->erased));
    set_time(json, "erased_at", row->erased_us);
    set_wishes(json, row);
    return json;
}

/* ---- taking ---- */

static bool read_reporter(const Json *body, ReportTold *told, GError **error)
{
    const Json *reporter = json_object_get(body, "reporter");
    const char *name;
    json_t *value;
    if (!reporter || json_is_null(reporter))
        return true;
    if (!json_is_object(reporter))
        return err_set(error, ERR_INVALID, "‘reporter’ must have ‘name’ and ‘phone’");
    json_object_foreach((json_t *)reporter, name, value)
    {
        if (strcmp(name, "name") != 0 && strcmp(name, "phone") != 0)
            return err_set(error, ERR_INVALID, "‘%.64s’ is not known in ‘reporter’", name);
    }
    return json_get_text(reporter, "name", &told->reporter, error) &&
           json_get_text(reporter, "phone", &told->phone, error);
}

static bool read_span(const Json *body, ReportTold *told, GError **error)
{
    const int64_t *from = NULL, *to = NULL;
    if (!call_body_time(body, "from", &told->from_us, &from, error) ||
        !call_body_time(body, "to", &told->to_us, &to, error))
        return false;
    return (from && to) || err_set(error, ERR_INVALID,
                                   "a report must have ‘from’ and ‘to’: times such as "
                                   "2026-11-24T07:30:00Z");
}

bool report_read(const Json *body, ReportAsked *asked, GError **error)
{
    *asked = (ReportAsked){0};
    ReportTold *told = &asked->told;
    return body && json_get_text(body, "kind", &told->kind, error) &&
           json_get_text(body, "source", &told->source, error) &&
           call_body_id(body, "location", &asked->location, &told->location, error) &&
           call_body_id(body, "camera", &asked->camera, &told->camera, error) &&
           call_body_id(body, "key", &asked->key, &told->key, error) &&
           call_body_place(body, "place", &asked->place, &told->place, error) &&
           json_get_text(body, "where", &told->where, error) && read_span(body, told, error) &&
           json_get_text(body, "span_words", &told->span_words, error) &&
           json_get_text(body, "text", &told->text, error) &&
           json_get_text(body, "vneid", &told->vneid, error) && read_reporter(body, told, error);
}

bool report_answer_wait(ApiCall *call, int64_t wait_us)
{
    if (!wait_us)
        return false;
    problem_set(call->response, 429, NULL,
                "too many reports come in: try again in a moment, or call the police post");
    call_header(call, "retry-after", g_strdup_printf("%d", (int)(wait_us / SECOND_US) + 1));
    return true;
}

bool report_followed(ApiCall *call, ReportRow **row, ReportRow **joined, GError **error)
{
    const char *secret = call->request->report_secret;
    if (!call->api->reports)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    /* Whoever sends a file was counted before it came. */
    if (!call->request->upload &&
        report_answer_wait(call,
                           report_desk_look_wait_us(call->api->reports, call->request->address)))
        return true;
    *row = report_desk_follow(call->api->reports, call->params[0], secret ? secret : "", joined,
                              error);
    return *row != NULL;
}
