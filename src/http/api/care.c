/* care.c — what who looks after the cameras wants to know first, how long each camera worked, and
 * its papers. */
#include "catalog/papers.h"
#include "catalog/repairs.h"
#include "config/site.h"
#include "config/site_day.h"
#include "event/event.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"
#include "watch/repair.h"
#include "watch/uptime.h"

#include <string.h>

enum { MONTHS_DEFAULT = 12, MONTHS_MOST = 36, PAPER_MOST = 200 };

static Json *seconds_json(int64_t span_us)
{
    return json_integer((span_us + SECOND_US / 2) / SECOND_US);
}

/* ---- the first look ---- */

/* The trouble that goes on for longest, or null. */
static Json *oldest_fault(ApiContext *api)
{
    g_autoptr(GPtrArray) rows = events_now(api->events);
    const EventRow *oldest = NULL;
    for (guint i = 0; i < rows->len && !oldest; i++) {
        const EventRow *row = rows->pdata[i];
        EventKind kind;
        if (event_kind_parse(row->kind, &kind) && event_kind_is_trouble(kind))
            oldest = row;
    }
    if (!oldest)
        return json_null();
    char id[UUID_TEXT], camera[UUID_TEXT];
    Json *json = json_pack("{s:s, s:s}", "id", uuid_text(&oldest->id, id), "kind", oldest->kind);
    json_object_set_new(json, "camera",
                        uuid_is_nil(&oldest->camera)
                            ? json_null()
                            : json_string(uuid_text(&oldest->camera, camera)));
    json_object_set_new(json, "from", json_time(oldest->from_us));
    return json;
}

static Json *month_of(ApiContext *api, const GPtrArray *cameras, GError **error)
{
    int64_t now_us = clock_now_us(), recorded_us = 0, missing_us = 0;
    int64_t from_us = site_month_start_us(api->site, now_us);
    Json *lacking = json_array();
    for (guint i = 0; api->archive && i < cameras->len; i++) {
        const CameraRow *row = cameras->pdata[i];
        char id[UUID_TEXT];
        Uptime uptime;
        if (!uptime_of(api->archive, row, from_us, now_us, camera_gap_now(api, row), &uptime,
                       error)) {
            json_decref(lacking);
            return NULL;
        }
        recorded_us += uptime.recorded_us;
        missing_us += uptime.missing_us;
        if (uptime.missing_us >= SECOND_US)
            json_array_append_new(lacking,
                                  json_pack("{s:s, s:o}", "camera", uuid_text(&row->id, id),
                                            "missing_s", seconds_json(uptime.missing_us)));
    }
    Json *month = json_pack("{s:o, s:o, s:o, s:o}", "from", json_time(from_us), "recorded_s",
                            seconds_json(recorded_us), "missing_s", seconds_json(missing_us),
                            "cameras", lacking);
    return month;
}

static bool count_repairs(ApiContext *api, int64_t *open, int64_t *overdue, GError **error)
{
    g_autofree char *today = site_day_text(api->site, clock_now_us());
    g_autoptr(CatalogDb) db = catalog_read(api->catalog, error);
    return db && repairs_count(db, today, open, overdue, error);
}

bool care_get(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    unsigned wanted = 0, recording = 0;
    int64_t open = 0, overdue = 0;
    g_autoptr(GPtrArray) cameras = site_camera_list(api->site);
    count_recording(api, cameras, &wanted, &recording);
    Json *month = NULL;
    if (!count_repairs(api, &open, &overdue, error) || !(month = month_of(api, cameras, error)))
        return false;
    return call_json(call, 200,
                     json_pack("{s:{s:i, s:i, s:i}, s:o, s:o, s:{s:I, s:I}}", "cameras", "total",
                               (int)cameras->len, "wanted", (int)wanted, "recording",
                               (int)recording, "oldest_fault", oldest_fault(api), "month", month,
                               "repairs", "open", (json_int_t)open, "overdue",
                               (json_int_t)overdue));
}

/* ---- one camera ---- */

static CameraRow *camera_of(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "camera", &id, error))
        return NULL;
    CameraRow *row = site_camera_get(call->api->site, &id);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "there is no camera ‘%s’", call->params[0]);
    return row;
}

bool camera_get_uptime(ApiCall *call, GError **error)
{
    ApiContext *api = call->api;
    int64_t months = MONTHS_DEFAULT, now_us = clock_now_us();
    g_autoptr(CameraRow) row = camera_of(call, error);
    if (!row || !call_query_int(call, "months", 1, MONTHS_MOST, &months, error))
        return false;
    if (!api->archive)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(Json) items = json_array();
    for (int64_t to_us = now_us, back = 0; back < months; back++) {
        Uptime uptime;
        int64_t from_us = uptime_month_us(api->site, now_us, (unsigned)back);
        if (!uptime_of(api->archive, row, from_us, to_us, camera_gap_now(api, row), &uptime, error))
            return false;
        if (uptime.from_us < uptime.to_us) {
            g_autofree char *day = site_day_text(api->site, from_us);
            day[7] = '\0';
            json_array_append_new(items, json_pack("{s:s, s:o, s:o}", "month", day, "recorded_s",
                                                   seconds_json(uptime.recorded_us), "missing_s",
                                                   seconds_json(uptime.missing_us)));
        }
        to_us = from_us;
    }
    return call_json(call, 200, json_pack("{s:O}", "items", items));
}

static Json *papers_json(const PapersRow *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "make", row->make, "model",
                     row->model, "serial", row->serial, "paid_by", row->paid_by, "bought",
                     row->bought, "warranty", row->warranty, "certificate", row->certificate,
                     "sign", row->sign, "note", row->note);
}

bool camera_get_papers(ApiCall *call, GError **error)
{
    g_autoptr(CameraRow) camera = camera_of(call, error);
    g_autoptr(CatalogDb) db = camera ? catalog_read(call->api->catalog, error) : NULL;
    g_autoptr(PapersRow) row = db ? papers_get(db, &camera->id, error) : NULL;
    return row && call_json(call, 200, papers_json(row));
}

static bool is_sound(const char *name, const char *text, GError **error)
{
    bool day = strcmp(name, "bought") == 0 || strcmp(name, "warranty") == 0;
    if (g_utf8_strlen(text, -1) > PAPER_MOST)
        return err_set(error, ERR_INVALID, "‘%s’ must have at most %d letters", name, PAPER_MOST);
    if (day && *text && !repair_is_day(text))
        return err_set(error, ERR_INVALID, "‘%s’ must be a day as 2026-12-01, not ‘%.40s’", name,
                       text);
    return strcmp(name, "sign") != 0 || !*text || strcmp(text, "in-place") == 0 ||
           strcmp(text, "missing") == 0 ||
           err_set(error, ERR_INVALID, "‘sign’ must be in-place or missing, not ‘%.40s’", text);
}

/* Papers to be changed; on the writer's thread, so that of two who change some at once none undoes
 * what the other did. */
typedef struct PapersEdit {
    const Uuid *camera;
    const Json *body;
    PapersRow *row; /* comes back: all of them */
    Changes changes;
} PapersEdit;

static const char *const papers[] = {"make",     "model",       "serial", "paid_by", "bought",
                                     "warranty", "certificate", "sign",   "note",    NULL};

static bool edit_papers(CatalogDb *db, void *data, GError **error)
{
    PapersEdit *edit = data;
    PapersRow *row = edit->row = papers_get(db, edit->camera, error);
    if (!row)
        return false;
    char **texts[] = {&row->make,     &row->model,       &row->serial, &row->paid_by, &row->bought,
                      &row->warranty, &row->certificate, &row->sign,   &row->note};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = *texts[i];
        if (!json_get_text(edit->body, papers[i], &text, error) ||
            !is_sound(papers[i], text, error))
            return false;
        if (text == *texts[i])
            continue;
        changes_hidden(&edit->changes, papers[i], *texts[i], text);
        g_free(*texts[i]);
        *texts[i] = g_strdup(text);
    }
    return papers_put(db, edit->camera, row, error);
}

bool camera_change_papers(ApiCall *call, GError **error)
{
    g_autoptr(CameraRow) camera = camera_of(call, error);
    const Json *body = camera ? call_body(call, papers, error) : NULL;
    if (!body)
        return false;
    PapersEdit edit = {.camera = &camera->id, .body = body};
    bool put = catalog_write_wait(call->api->catalog, edit_papers, &edit, error);
    g_autoptr(PapersRow) row = edit.row;
    if (!put)
        return false;
    call_audit_changes(call, "camera-papers", call->params[0], &edit.changes);
    return call_json(call, 200, papers_json(row));
}
