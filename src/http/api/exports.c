/* exports.c — working copies as jobs: asked for, looked at, cancelled, fetched. Everyone sees their
 * own only. */
#include "casework/exports.h"

#include "casework/copy.h"
#include "casework/copy_where.h"
#include "casework/film_copy.h"
#include "casework/span.h"
#include "config/site.h"
#include "http/api/access.h"
#include "http/api/audit_names.h"
#include "http/api/footage_file.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "http/api/redaction_json.h"
#include "http/problem.h"
#include "people/device_text.h"
#include "people/devices.h"

#include <string.h>

static Json *export_json(const ExportJob *job)
{
    char id[UUID_TEXT], camera[UUID_TEXT];
    bool done = job->state == EXPORT_DONE;
    uuid_text(&job->id, id);
    g_autofree char *number = job->number ? g_strdup(job->number) : g_strndup(id, COPY_NUMBER);
    Json *json = json_pack("{s:s, s:s, s:s, s:b, s:s, s:f, s:i, s:s?}", "id", id, "number", number,
                           "camera", uuid_text(&job->camera, camera), "burn_in", 1, "state",
                           export_state_text(job->state), "progress", job->progress, "ahead",
                           (int)job->ahead, "error", export_trouble_text(job->trouble));
    json_object_set_new(json, "redacted", json_boolean(job->redacted));
    if (job->receiver)
        json_object_set_new(json, "receiver", json_string(job->receiver));
    if (job->hash)
        json_object_set_new(json, "sha256", json_string(job->hash));
    json_object_set_new(json, "from", json_time(job->from_us));
    json_object_set_new(json, "to", json_time(job->to_us));
    json_object_set_new(json, "size", done ? json_integer(job->bytes) : json_null());
    json_object_set_new(json, "made", json_time(job->made_us));
    json_object_set_new(json, "expires",
                        job->ended_us ? json_time(job->ended_us + EXPORT_KEPT_US) : json_null());
    return json;
}

static Exports *running(const ApiCall *call, GError **error)
{
    if (!call->api->exports)
        err_set(error, ERR_UNAVAILABLE, "copies are made by the running server only");
    return call->api->exports;
}

static Json *listed(ApiCall *call, const void *things, size_t i)
{
    return export_json(((const GPtrArray *)things)->pdata[i]);
}

bool exports_get_all(ApiCall *call, GError **error)
{
    Uuid me = call_maker(call);
    Exports *exports = running(call, error);
    if (!exports)
        return false;
    g_autoptr(GPtrArray) jobs = exports_list(exports, &me);
    return call_list(call, jobs->len, listed, jobs, error);
}

/* Of a redacted film its number, how many boxes are in it, what tells the film once it is made; and
 * that it is for somebody, who stands with the number. */
static void audit_job(ApiCall *call, const char *action, const ExportJob *job)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    changes_text(&changes, "export", "", uuid_text(&job->id, id));
    changes_int(&changes, "redacted", 0, job->redaction ? job->redaction->boxes->len : 0);
    changes_text(&changes, "copy", "", job->number);
    changes_hidden(&changes, "receiver", "", job->receiver);
    changes_text(&changes, "sha256", "", job->hash);
    call_audit_copy(call, action, &job->camera, job->from_us, job->to_us, &changes);
}

/* The job of the path, when it is of whoever asks. */
static ExportJob *find(ApiCall *call, GError **error)
{
    Uuid id, me = call_maker(call);
    Exports *exports = running(call, error);
    if (!exports || !call_id(call, "export", &id, error))
        return NULL;
    ExportJob *job = exports_get(exports, &me, &id);
    if (!job)
        err_set(error, ERR_NOT_FOUND, "there is no export ‘%.64s’", call->params[0]);
    return job;
}

bool export_get(ApiCall *call, GError **error)
{
    g_autoptr(ExportJob) job = find(call, error);
    return job && call_json(call, 200, export_json(job));
}

bool export_delete(ApiCall *call, GError **error)
{
    Uuid me = call_maker(call);
    g_autoptr(ExportJob) job = find(call, error);
    if (!job || !exports_remove(call->api->exports, &me, &job->id))
        return false;
    audit_job(call, "export-remove", job);
    return call_empty(call);
}

/* ---- asking ---- */

/* One film is of one camera (decisions/095): who wants several asks for each. */
static CameraRow *read_camera(ApiCall *call, const Json *body, GError **error)
{
    Uuid id;
    const Json *list = json_object_get(body, "cameras");
    const char *text = json_string_value(json_array_get(list, 0));
    if (!json_is_array(list) || json_array_size(list) != 1 || !text) {
        err_set(error, ERR_INVALID, "‘cameras’ must be a list of one id: ask for each by itself");
        return NULL;
    }
    g_autoptr(CameraRow) row =
        uuid_parse(text, &id) ? site_camera_known(call->api->site, &id) : NULL;
    if (row && call_may(call, ACTION_EXPORT, row))
        return g_steal_pointer(&row);
    err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", text);
    return NULL;
}

static bool read_span(const Json *body, ExportJob *job, GError **error)
{
    const int64_t *from = NULL, *to = NULL;
    if (!call_body_time(body, "from", &job->from_us, &from, error) ||
        !call_body_time(body, "to", &job->to_us, &to, error))
        return false;
    if (!from || !to || job->from_us >= job->to_us)
        return err_set(error, ERR_INVALID, "‘from’ and ‘to’ are needed, ‘from’ before ‘to’");
    if (job->to_us - job->from_us > COPY_MOST_US)
        return err_set(error, ERR_INVALID,
                       "a copy may be at most 1 hour long: make several, or take the original");
    if (job->to_us > clock_now_us() + SPAN_CLOCKS_APART_US)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: nothing is recorded there yet");
    job->to_us = MIN(job->to_us, clock_now_us());
    return job->from_us < job->to_us ||
           err_set(error, ERR_INVALID, "‘from’ lies in the future: nothing is recorded there yet");
}

/* Without ‘redact’ nothing is made unrecognisable. */
static bool read_redaction(const Json *body, const Uuid *camera, ExportJob *job, GError **error)
{
    const Json *asked = json_object_get(body, "redact");
    if (!asked || json_is_null(asked))
        return true;
    if (json_object_get(asked, "camera") || json_object_get(asked, "from") ||
        json_object_get(asked, "to"))
        return err_set(error, ERR_INVALID, "‘redact’ is of the camera and the span of the copy");
    job->redaction = redaction_new();
    job->redacted = true;
    job->redaction->camera = *camera;
    job->redaction->from_us = job->from_us;
    job->redaction->to_us = job->to_us;
    return redaction_json_read(asked, job->redaction, error);
}

/* A redacted film is for somebody else, and bears a number. */
static bool read_receiver(const Json *body, ExportJob *job, GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, "receiver", &text, error))
        return false;
    if (!job->redaction)
        return !text || err_set(error, ERR_INVALID, "‘receiver’ is of a redacted copy");
    job->receiver = g_strstrip(g_strdup(text ? text : ""));
    return access_check_words("receiver", job->receiver, FILM_RECEIVER_LEAST, FILM_RECEIVER_MOST,
                              error);
}

/* The name of the account, the purpose of the token. Returned owned. */
static char *who_of(const ApiCall *call, const Uuid *who)
{
    char id[UUID_TEXT];
    char *name = audit_actor_name(call->api, uuid_text(who, id));
    return name ? name : g_strdup("console");
}

/* The name of the phone that was enrolled for whoever asks; else what the browser says it is.
 * Returned owned. */
static char *device_of(const ApiCall *call)
{
    Device known;
    int64_t due_us;
    const char *session = call->request->session;
    if (session && people_session_device(call->api->people, session, &known, &due_us))
        return g_strdup(known.name);
    return device_text(call->request->device);
}

/* There is something to be copied: told at once, not by a job that fails. */
static bool has_footage(ApiCall *call, const ExportJob *job, GError **error)
{
    g_autoptr(GArray) segments = archive_segments(call->api->archive, &job->camera, STREAM_MAIN,
                                                  job->from_us - CLIP_LEAD_US, job->to_us, error);
    g_autoptr(ClipPlan) plan =
        segments ? clip_plan_segments(segments, job->from_us, job->to_us, false, NULL, error)
                 : NULL;
    return plan != NULL;
}

static bool answer(ApiCall *call, ExportAnswer what, const ExportJob *job)
{
    switch (what) {
    case EXPORT_OWN_TOO_MANY:
        problem_set(call->response, 409, "own-copies",
                    "%d copies of yours are not finished yet: wait for one, or cancel one",
                    EXPORTS_OWN_MOST);
        return true;
    case EXPORT_ALL_TOO_MANY:
        problem_set(call->response, 429, "all-copies",
                    "too many copies of others wait already: try again in some minutes");
        return true;
    case EXPORT_ALL_TOO_LARGE:
        problem_set(call->response, 507, "no-room",
                    "the copies that are kept fill their room: remove some, or wait for a day");
        return true;
    case EXPORT_NOT_NOTED:
        return false;
    case EXPORT_TAKEN:
        break;
    }
    char id[UUID_TEXT];
    audit_job(call, "export-make", job);
    call_header(call, "location", g_strconcat("/api/v1/exports/", uuid_text(&job->id, id), NULL));
    return call_json(call, 202, export_json(job));
}

/* A number is given to what is made, and to nothing else. */
static bool send(ApiCall *call, Exports *exports, ExportJob *job, GError **error)
{
    Catalog *catalog = call->api->catalog;
    ExportAnswer what = exports_would_take(exports, &job->who);
    job->id = uuid_new();
    if (what == EXPORT_TAKEN && job->redaction &&
        !film_copy_number(catalog, call->api->site, job, error))
        return false;
    if (what == EXPORT_TAKEN)
        what = exports_ask(exports, job, error);
    if (what != EXPORT_TAKEN && job->number)
        film_copy_undo(catalog, job);
    return answer(call, what, job);
}

bool exports_add(ApiCall *call, GError **error)
{
    static const char *const members[] = {"cameras", "from",   "to",       "burn_in",
                                          "grant",   "redact", "receiver", NULL};
    bool burn_in = false;
    g_autoptr(ExportJob) job = g_new0(ExportJob, 1);
    const Json *body = call_body(call, members, error);
    Exports *exports = body ? running(call, error) : NULL;
    g_autoptr(CameraRow) row = exports ? read_camera(call, body, error) : NULL;
    if (!row || !read_span(body, job, error) || !json_get_bool(body, "burn_in", &burn_in, error) ||
        !json_get_text(body, "grant", &call->grant, error) ||
        !read_redaction(body, &row->id, job, error) || !read_receiver(body, job, error))
        return false;
    if (!burn_in)
        return err_set(error, ERR_INVALID,
                       "‘burn_in’ must be true: the original is had by GET /cameras/{id}/clip.mp4");
    if (!access_taken(call, &row->id, job->from_us, job->to_us))
        return true;
    job->masks = masked_leaving(call, &row->id, job->from_us, job->to_us);
    job->masks_key = (int64_t)mask_set_key(job->masks);
    job->who = call_maker(call);
    job->camera = row->id;
    job->listen = call_may(call, ACTION_LISTEN, row) && (!job->redaction || job->redaction->sound);
    job->reason = *call->reason ? g_strdup(call->reason) : NULL;
    job->who_name = who_of(call, &job->who);
    job->device = device_of(call);
    job->where = copy_where(call->api->site, row);
    return has_footage(call, job, error) && send(call, exports, job, error);
}

/* ---- fetching ---- */

/* Masks were drawn or made larger since it was made. */
static bool refused_by_newer_masks(ApiCall *call, const ExportJob *job)
{
    MaskSet *masks = masked_leaving(call, &job->camera, job->from_us, job->to_us);
    if ((int64_t)mask_set_key(masks) != job->masks_key)
        return masked_refused(call, masks, "have the copy made anew");
    mask_set_unref(masks);
    return false;
}

bool export_get_file(ApiCall *call, GError **error)
{
    char id[UUID_TEXT];
    int64_t bytes;
    g_autoptr(ExportJob) job = find(call, error);
    g_autoptr(CameraRow) row = job ? site_camera_known(call->api->site, &job->camera) : NULL;
    if (!job)
        return false;
    if (!row || !call_may(call, ACTION_EXPORT, row))
        return err_set(error, ERR_NOT_FOUND, "there is no export ‘%.64s’", call->params[0]);
    if (job->state != EXPORT_DONE) {
        problem_set(call->response, 409, NULL, "this copy is %s: there is no file of it",
                    export_state_text(job->state));
        return true;
    }
    if (refused_by_newer_masks(call, job))
        return true;
    int fd = exports_film(call->api->exports, job, &bytes, error);
    if (fd < 0)
        return false;
    VirtualFile *file = virtual_file_of_fd(fd, (uint64_t)bytes, "video/mp4");
    g_snprintf(file->etag, sizeof file->etag, "\"%s\"", uuid_text(&job->id, id));
    access_told(call, job->reason);
    call_header(call, "content-disposition", footage_disposition(call, row, job->from_us));
    audit_job(call, "export-get", job);
    const MaskedFile of = {&job->camera, job->from_us, job->to_us, (uint64_t)job->masks_key};
    return call_file(call, masked_guard(call, file, &of));
}
