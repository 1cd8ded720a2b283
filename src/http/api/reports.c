/* reports.c — reports: listed, told, looked at, taken, answered. */
#include "http/api/report_json.h"

#include "base/time_text.h"
#include "casework/case.h"
#include "casework/report_privacy.h"
#include "config/site.h"
#include "http/api/handlers.h"
#include "http/problem.h"

#include <string.h>

enum { ROWS_DEFAULT = 50, ROWS_MOST = 200 };

/* ---- listing ---- */

static bool read_states(ApiCall *call, char ***states, GError **error)
{
    const char *text = call_query(call, "state");
    *states = text ? g_strsplit(text, ",", 8) : NULL;
    for (char **state = *states; state && *state; state++)
        if (!g_strv_contains(report_states, *state))
            return err_set(error, ERR_INVALID, "‘state’ knows no ‘%.40s’", *state);
    return true;
}

static bool read_query(ApiCall *call, ReportQuery *query, int64_t *limit, GError **error)
{
    query->kind = call_query(call, "kind");
    query->to_us = INT64_MAX;
    query->may = report_may_see;
    query->data = call;
    const char *wishing = call_query(call, "wishing");
    query->wishing = wishing && strcmp(wishing, "true") == 0;
    return call_query_int(call, "limit", 1, ROWS_MOST, limit, error) &&
           call_query_int(call, "cursor", 1, INT64_MAX, &query->before_ref, error) &&
           call_query_time(call, "from", false, &query->from_us, error) &&
           call_query_time(call, "to", false, &query->to_us, error) &&
           (!query->kind || report_kind_check(query->kind, error));
}

bool reports_get_all(ApiCall *call, GError **error)
{
    int64_t limit = ROWS_DEFAULT;
    g_auto(GStrv) states = NULL;
    ReportQuery query = {0};
    if (!read_states(call, &states, error) || !read_query(call, &query, &limit, error))
        return false;
    query.states = (const char *const *)states;
    query.limit = (unsigned)limit + 1;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? reports_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *next = json_null();
    for (guint i = 0; i < MIN(rows->len, (guint)limit); i++)
        json_array_append_new(items, report_json(call, rows->pdata[i]));
    if (rows->len > (guint)limit) {
        const ReportRow *last = rows->pdata[limit - 1];
        next = json_sprintf("%" G_GINT64_FORMAT, last->ref);
    }
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

/* The number of the case that it belongs to, for who reads cases. */
static bool set_case(const ApiCall *call, Json *json, const ReportRow *row, GError **error)
{
    bool stays = false;
    char number[CASE_NUMBER_TEXT];
    g_autoptr(GError) none = NULL;
    if (!rights_allow(call->identity.role, ACTION_CASE_READ))
        return true;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    if (!db)
        return false;
    g_autoptr(CaseRow) of = cases_get_thing(db, &row->id, &none);
    if (of)
        json_object_set_new(json, "case", json_string(case_number(of->year, of->seq, number)));
    if (!report_stays(db, &row->id, &stays, error))
        return false;
    if (stays)
        json_object_set_new(json, "stays_for_case", json_true());
    return true;
}

bool report_get(ApiCall *call, GError **error)
{
    g_autoptr(ReportRow) row = report_find(call, error);
    if (!row)
        return false;
    g_autoptr(Json) json = report_json(call, row);
    if (!set_case(call, json, row, error))
        return false;
    Json *person = report_may_see_person(call, row) ? report_person_json(row) : NULL;
    if (person) {
        call_audit(call, "report-person", call->params[0], NULL, "ok");
        json_object_set_new(json, "reporter", person);
    }
    return call_json(call, 200, g_steal_pointer(&json));
}

/* ---- telling ---- */

/* A village head tells as such; others may tell for who called, came by or wrote. */
static bool choose_source(const ApiCall *call, ReportTold *told, GError **error)
{
    bool head = call->identity.role == ROLE_VILLAGE_HEAD;
    const char *own = head ? REPORT_BY_VILLAGE_HEAD : REPORT_BY_OFFICER;
    if (!told->source)
        told->source = own;
    return head == (strcmp(told->source, REPORT_BY_VILLAGE_HEAD) == 0) ||
           err_set(error, ERR_INVALID, "‘source’ must not be %.40s for the role %s", told->source,
                   role_text(call->identity.role));
}

/* What lies beyond the reach is not there. */
static bool is_within_reach(const ApiCall *call, const ReportTold *told, GError **error)
{
    Site *site = call->api->site;
    g_autoptr(LocationRow) location =
        told->location ? site_location_get(site, told->location) : NULL;
    g_autoptr(CameraRow) camera = told->camera ? site_camera_get(site, told->camera) : NULL;
    if (told->location &&
        (!location || !rights_allow_location(&call->identity, ACTION_REPORT, location)))
        return err_set(error, ERR_INVALID, "‘location’ is none of this site");
    return !told->camera || (camera && call_may(call, ACTION_REPORT, camera)) ||
           err_set(error, ERR_INVALID, "‘camera’ is none of this site");
}

bool reports_tell(ApiCall *call, GError **error)
{
    static const char *const members[] = {"kind",     "source", "location", "place",      "where",
                                          "camera",   "from",   "to",       "span_words", "text",
                                          "reporter", "vneid",  "key",      NULL};
    char id[UUID_TEXT];
    ReportAsked asked;
    bool again = false;
    char *secret = NULL;
    Uuid me = call_maker(call);
    if (!call->api->reports)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!report_read(call_body(call, members, error), &asked, error) ||
        !choose_source(call, &asked.told, error) || !is_within_reach(call, &asked.told, error))
        return false;
    if (uuid_is_nil(&me))
        return err_set(error, ERR_INVALID, "a report needs an account or a token that tells it");
    if (report_answer_wait(call,
                           report_desk_wait_us(call->api->reports, uuid_text(&me, id), false)))
        return true;
    g_autoptr(ReportRow) row =
        report_desk_tell(call->api->reports, &asked.told, &me, &secret, &again, error);
    if (!row)
        return false;
    if (!again)
        call_audit(call, "report-add", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201, report_json(call, row));
}

/* ---- changing ---- */

typedef struct EditRead {
    ReportEdit edit;
    Uuid location;
    PlacePoint place;
    const char *why; /* the place was wrong, a word of `whys` */
    int64_t from_us, to_us;
} EditRead;

/* Why the point on the map was wrong; the log has it with the point before and after. */
static const char *const whys[] = {"place-misplaced", "place-told-anew", "place-seen", NULL};

static bool read_place(const Json *body, EditRead *read, GError **error)
{
    ReportEdit *edit = &read->edit;
    if (!call_body_place(body, "place", &read->place, &edit->place, error) ||
        !json_get_text(body, "place_why", &read->why, error))
        return false;
    bool known = read->why && g_strv_contains(whys, read->why);
    return (edit->place ? known : !read->why) ||
           err_set(
               error, ERR_INVALID,
               "‘place’ and ‘place_why’ go together; why is place-misplaced, place-told-anew or "
               "place-seen");
}

static bool read_edit(const Json *body, EditRead *read, GError **error)
{
    ReportEdit *edit = &read->edit;
    *read = (EditRead){0};
    if (!body || !json_get_text(body, "state", &edit->state, error) ||
        !json_get_bool(body, "from_colleague", &edit->from_colleague, error) ||
        !json_get_text(body, "answer", &edit->answer, error) ||
        !json_get_text(body, "kind", &edit->kind, error) ||
        !call_body_id(body, "location", &read->location, &edit->location, error) ||
        !read_place(body, read, error) ||
        !call_body_time(body, "from", &read->from_us, &edit->from_us, error) ||
        !call_body_time(body, "to", &read->to_us, &edit->to_us, error) ||
        !json_get_text(body, "join", &edit->join, error) ||
        !json_get_bool(body, "hold", &edit->hold, error))
        return false;
    return !edit->from_us == !edit->to_us ||
           err_set(error, ERR_INVALID, "‘from’ and ‘to’ are corrected together");
}

static void tell_span(Changes *changes, const ReportRow *before, const ReportRow *after,
                      char texts[4][TIME_TEXT])
{
    changes_text(changes, "from", time_text(before->from_us, texts[0]),
                 time_text(after->from_us, texts[1]));
    changes_text(changes, "to", time_text(before->to_us, texts[2]),
                 time_text(after->to_us, texts[3]));
}

/* To some ten metres, as near as footage is held by it. "": there is none. */
static const char *place_text(const ReportRow *row, char text[32])
{
    char latitude[16], longitude[16];
    g_ascii_formatd(latitude, sizeof latitude, "%.4f", row->latitude);
    g_ascii_formatd(longitude, sizeof longitude, "%.4f", row->longitude);
    g_snprintf(text, 32, "%s%s%s", row->has_place ? latitude : "", row->has_place ? "," : "",
               row->has_place ? longitude : "");
    return text;
}

static void audit_edit(ApiCall *call, const ReportRow *before, const ReportRow *after)
{
    char ids[4][UUID_TEXT], joined[2][REPORT_NUMBER_TEXT], times[4][TIME_TEXT], places[2][32];
    Changes changes = {0};
    changes_text(&changes, "state", before->state, after->state);
    changes_text(&changes, "kind", before->kind, after->kind);
    changes_hidden(&changes, "taken_by", uuid_text(&before->taken_by, ids[0]),
                   uuid_text(&after->taken_by, ids[1]));
    changes_text(&changes, "location", uuid_text(&before->location, ids[2]),
                 uuid_text(&after->location, ids[3]));
    changes_text(&changes, "place", place_text(before, places[0]), place_text(after, places[1]));
    tell_span(&changes, before, after, times);
    changes_hidden(&changes, "answer", before->answer, after->answer);
    changes_text(
        &changes, "joined_to",
        before->joined_ref ? report_number(before->joined_year, before->joined_seq, joined[0]) : "",
        after->joined_ref ? report_number(after->joined_year, after->joined_seq, joined[1]) : "");
    changes_int(&changes, "holds", before->holds->len, after->holds->len);
    changes_bool(&changes, "hold_waits", before->hold_waits, after->hold_waits);
    call_audit_changes(call, "report-edit", call->params[0], &changes);
}

/* Who has it is told, so that nobody goes twice. */
static bool answer_taken(ApiCall *call, const Uuid *colleague, GError *trouble)
{
    g_autoptr(GError) owned = trouble;
    g_autofree char *who = report_name_of(call->api, colleague);
    problem_set(call->response, 409, "report-taken", "%s has taken this report",
                *who ? who : "a colleague");
    return true;
}

bool report_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"state",    "from_colleague", "answer",    "kind",
                                          "location", "place",          "place_why", "from",
                                          "to",       "join",           "hold",      NULL};
    EditRead read;
    GError *trouble = NULL;
    Uuid colleague = {0}, me = call_maker(call);
    if (!call->api->reports)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!read_edit(call_body(call, members, error), &read, error))
        return false;
    g_autoptr(ReportRow) seen = report_find(call, error), before = NULL;
    if (!seen)
        return false;
    g_autoptr(ReportRow) after = report_desk_change(call->api->reports, &seen->id, &read.edit, &me,
                                                    &before, &colleague, &trouble);
    if (!after && g_error_matches(trouble, ERR, ERR_EXISTS))
        return answer_taken(call, &colleague, trouble);
    if (!after) {
        g_propagate_error(error, trouble);
        return false;
    }
    if (read.why)
        g_strlcpy(call->reason, read.why, sizeof call->reason);
    audit_edit(call, before, after);
    return call_json(call, 200, report_json(call, after));
}
