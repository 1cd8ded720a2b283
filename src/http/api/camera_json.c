#include "http/api/camera_json.h"
#include "watch/eye.h"
#include "watch/views.h"

#include "archive/archive.h"
#include "archive/coverage.h"
#include "camera/onvif_devices.h"
#include "config/site_day.h"
#include "http/api/masked.h"
#include "media/depay.h"

#include <math.h>

/* A stream whose newest written picture is older is not being recorded. */
#define RECORDING_US (5 * SECOND_US)

Json *json_time_or_null(int64_t time_us)
{
    return time_us > 0 ? json_time(time_us) : json_null();
}

Json *json_text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

/* A camera that the ingest floor does not run: paused, removed, or no server is running. */
static StreamStatus idle_stream(ApiContext *api, const CameraRow *row)
{
    StreamStatus idle = {.state = row->paused ? CAMERA_PAUSED : CAMERA_WAITING,
                         .trouble = row->paused ? TROUBLE_PAUSED : TROUBLE_NONE,
                         .since_us = row->created_us};
    g_strlcpy(idle.cause,
              row->paused    ? "paused"
              : api->cameras ? "starting"
                             : "no server is running",
              sizeof idle.cause);
    return idle;
}

static CameraStatus status_of(ApiContext *api, const CameraRow *row)
{
    CameraStatus status = {0};
    if (api->cameras && cameras_status(api->cameras, row->id, &status) &&
        status.has_stream[STREAM_MAIN])
        return status;
    status.has_stream[STREAM_MAIN] = true;
    status.streams[STREAM_MAIN] = idle_stream(api, row);
    status.has_stream[STREAM_SUB] = row->sub_url && *row->sub_url;
    status.streams[STREAM_SUB] = status.streams[STREAM_MAIN];
    return status;
}

static void set_state(Json *json, const StreamStatus *stream)
{
    json_object_set_new(json, "state", json_string(camera_state_text(stream->state)));
    json_object_set_new(json, "cause", json_string(stream->cause));
    json_object_set_new(json, "cause_code", json_string(camera_trouble_text(stream->trouble)));
    json_object_set_new(json, "since", json_time_or_null(stream->since_us));
}

Json *camera_state_json(const CameraStatus *status)
{
    Json *json = json_object();
    set_state(json, &status->streams[status->has_stream[STREAM_MAIN] ? STREAM_MAIN : STREAM_SUB]);
    return json;
}

static Json *notes_json(uint32_t notes)
{
    Json *list = json_array();
    for (int i = 0; i < DEPAY_NOTES; i++)
        if (notes & 1u << i)
            json_array_append_new(list, json_string(depay_note_text((DepayNote)(1u << i))));
    return list;
}

static Json *sound_left_out_json(const StreamStatus *stream)
{
    if (stream->sound_trouble == SOUND_FINE)
        return json_null();
    return json_pack("{s:s, s:s}", "codec", stream->sound_codec, "cause_code",
                     sound_trouble_text(stream->sound_trouble));
}

static Json *stream_json(const CameraStatus *status, StreamKind kind)
{
    if (!status->has_stream[kind])
        return json_null();
    const StreamStatus *stream = &status->streams[kind];
    Json *json = json_object();
    set_state(json, stream);
    json_object_set_new(json, "transport", json_string(stream->transport ? stream->transport : ""));
    json_object_set_new(json, "codec", json_string(stream->codec ? codec_text(stream->codec) : ""));
    json_object_set_new(json, "rfc6381", json_string(stream->rfc6381));
    json_object_set_new(json, "width", json_integer(stream->width));
    json_object_set_new(json, "height", json_integer(stream->height));
    json_object_set_new(json, "audio", json_string(stream->audio ? codec_text(stream->audio) : ""));
    json_object_set_new(json, "sound_left_out", sound_left_out_json(stream));
    json_object_set_new(json, "bitrate_bps", json_integer(stream->bitrate_bps));
    json_object_set_new(json, "fps", json_real(stream->fps));
    json_object_set_new(json, "key_interval_ms", json_integer(stream->key_interval_ms));
    json_object_set_new(json, "last_picture", json_time_or_null(stream->last_picture_us));
    json_object_set_new(json, "lost_packets", json_integer((json_int_t)stream->lost_packets));
    json_object_set_new(json, "reconnects", json_integer(stream->reconnects));
    json_object_set_new(json, "notes", notes_json(stream->notes));
    return json;
}

GapCause camera_gap_now(ApiContext *api, const CameraRow *row)
{
    CameraStatus status = status_of(api, row);
    return camera_trouble_gap(status.streams[STREAM_MAIN].trouble);
}

/* A new camera's way to its first picture is no gap that anyone needs to look at. */
#define CONNECTING_US (30 * SECOND_US)

int64_t camera_gaps_today(ApiContext *api, const CameraRow *row)
{
    if (!api->archive)
        return 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Coverage) coverage = archive_coverage(
        api->archive, &row->id, STREAM_MAIN, site_day_start_us(api->site, clock_now_us()),
        clock_now_us(), row->created_us, camera_gap_now(api, row), &error);
    if (!coverage || coverage->gaps->len == 0)
        return 0;
    unsigned scheduled = 0;
    for (guint i = 0; i < coverage->gaps->len; i++)
        scheduled += g_array_index(coverage->gaps, CoverageGap, i).cause == GAP_SCHEDULED;
    const CoverageGap *first = &g_array_index(coverage->gaps, CoverageGap, 0);
    bool connecting = first->from_us == row->created_us && first->cause != GAP_SCHEDULED &&
                      first->to_us - first->from_us < CONNECTING_US;
    return (int64_t)coverage->gaps->len - connecting - scheduled;
}

bool camera_is_recording(ApiContext *api, const CameraRow *row)
{
    return api->archive &&
           archive_written_age_us(api->archive, &row->id, STREAM_MAIN) < RECORDING_US;
}

static Json *eye_json(ApiContext *api, const Uuid *camera)
{
    EyeStatus status = {.mode = EYE_OFF, .cause = EYE_SWITCHED_OFF};
    if (api->eye)
        status = eye_status(api->eye, camera);
    return json_pack("{s:s, s:s, s:f, s:f}", "mode", eye_mode_text(status.mode), "cause",
                     eye_cause_text(status.cause), "pictures_s", status.pictures_s, "cpu",
                     status.cpu_percent);
}

static Json *view_json(ApiContext *api, const Uuid *camera)
{
    Json *json = json_array();
    const unsigned standing = api->views ? views_standing(api->views, camera) : 0;
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++)
        if (standing & 1U << verdict)
            json_array_append_new(json, json_string(view_verdict_text(verdict)));
    return json;
}

/* What the device behind the streams told by ONVIF. */
static void set_device(Json *json, ApiContext *api, const CameraRow *row)
{
    OnvifDeviceFacts facts = {0};
    if (api->devices)
        onvif_devices_facts(api->devices, &row->id, &facts);
    json_object_set_new(json, "clock_offset_ms",
                        facts.has_clock ? json_integer(facts.clock_offset_us / 1000) : json_null());
    json_object_set_new(json, "clock_by_ntp", json_boolean(facts.by_ntp));
    json_object_set_new(json, "ptz",
                        facts.moves || facts.zooms
                            ? json_pack("{s:b, s:b}", "moves", facts.moves, "zooms", facts.zooms)
                            : json_null());
}

bool camera_should_record(ApiContext *api, const CameraRow *row)
{
    return !api->archive || archive_should_record(api->archive, &row->id, clock_now_us());
}

Json *camera_status_json(ApiContext *api, const CameraRow *row)
{
    CameraStatus status = status_of(api, row);
    const StreamStatus *main_stream = &status.streams[STREAM_MAIN];
    int64_t durable_us = api->archive ? archive_durable_us(api->archive, &row->id, STREAM_MAIN) : 0;
    Json *json = camera_state_json(&status);
    json_object_set_new(json, "bitrate_bps", json_integer(main_stream->bitrate_bps));
    json_object_set_new(json, "fps", json_real(main_stream->fps));
    json_object_set_new(json, "last_picture", json_time_or_null(main_stream->last_picture_us));
    json_object_set_new(json, "durable", json_time_or_null(durable_us));
    json_object_set_new(json, "gaps_today", json_integer(camera_gaps_today(api, row)));
    json_object_set_new(json, "recording", json_boolean(camera_is_recording(api, row)));
    set_device(json, api, row);
    json_object_set_new(json, "should_record", json_boolean(camera_should_record(api, row)));
    json_object_set_new(json, "main", stream_json(&status, STREAM_MAIN));
    json_object_set_new(json, "sub", stream_json(&status, STREAM_SUB));
    json_object_set_new(json, "eye", eye_json(api, &row->id));
    json_object_set_new(json, "view", view_json(api, &row->id));
    return json;
}

static Json *uuid_or_null(const Uuid *id)
{
    char text[UUID_TEXT];
    return uuid_is_nil(id) ? json_null() : json_string(uuid_text(id, text));
}

/* What holds, and whether it is the camera's own. */
static void set_retention(Json *json, const CameraRow *row, SiteRetention site)
{
    int64_t bytes = row->retention_bytes ? row->retention_bytes : site.bytes;
    json_object_set_new(json, "retention_days",
                        json_integer(row->retention_days ? row->retention_days : site.days));
    json_object_set_new(json, "retention_days_default", json_boolean(!row->retention_days));
    json_object_set_new(json, "retention_bytes", bytes ? json_integer(bytes) : json_null());
    json_object_set_new(json, "retention_bytes_default", json_boolean(!row->retention_bytes));
}

/* Where the camera is reached and as whom: for those who may set it. */
static void set_address(Json *json, const CameraRow *row, bool told)
{
    json_object_set_new(json, "url", json_text_or_null(told ? row->url : NULL));
    json_object_set_new(json, "sub_url", json_text_or_null(told ? row->sub_url : NULL));
    json_object_set_new(json, "onvif", json_text_or_null(told ? row->onvif : NULL));
    json_object_set_new(json, "user", told ? json_string(row->user ? row->user : "") : json_null());
    json_object_set_new(json, "fingerprint", json_text_or_null(told ? row->fingerprint : NULL));
    json_object_set_new(json, "transport", json_string(row->transport ? row->transport : "auto"));
}

static Json *known_or_null(const CameraRow *row, int64_t value)
{
    return row->fov_deg ? json_integer(value) : json_null();
}

/* How far along the ground a person can be made out in the main stream; left out: not known. */
static void set_sight(Json *json, ApiContext *api, const CameraRow *row)
{
    CameraStatus status;
    const PlaceLens lens = camera_lens(row);
    const bool known = api->cameras && cameras_status(api->cameras, row->id, &status);
    const double width_px = known ? status.streams[STREAM_MAIN].width : 0;
    if (place_detail_ground_m(PLACE_DETECT, width_px, &lens) <= 0)
        return;
    Json *sight = json_object();
    for (PlaceDetail detail = PLACE_IDENTIFY; detail > PLACE_NOTHING; detail--) {
        const double metres = place_detail_ground_m(detail, width_px, &lens);
        json_object_set_new(sight, place_detail_text(detail), json_real(round(metres * 10) / 10));
    }
    json_object_set_new(json, "sight", sight);
}

Json *camera_json(const ApiCall *call, const CameraRow *row)
{
    ApiContext *api = call->api;
    Json *json = json_object();
    json_object_set_new(json, "id", uuid_or_null(&row->id));
    json_object_set_new(json, "name", json_string(row->name));
    json_object_set_new(json, "location", uuid_or_null(&row->location));
    set_address(json, row, call_may(call, ACTION_CONFIGURE, row));
    json_object_set_new(json, "has_password", json_boolean(row->secret != NULL));
    json_object_set_new(json, "audio", json_boolean(row->audio));
    json_object_set_new(json, "record_sub", json_boolean(row->record_sub));
    json_object_set_new(json, "view_off", json_boolean(row->view_off));
    json_object_set_new(json, "heading_deg", known_or_null(row, row->heading_deg));
    json_object_set_new(json, "fov_deg", known_or_null(row, row->fov_deg));
    json_object_set_new(json, "reach_m", known_or_null(row, row->reach_m));
    json_object_set_new(json, "height_m",
                        row->height_cm ? json_real((double)row->height_cm / 100) : json_null());
    set_sight(json, api, row);
    json_object_set_new(json, "connections", json_integer(row->connections));
    json_object_set_new(json, "paused", json_boolean(row->paused));
    json_object_set_new(json, "pause_reason",
                        json_string(row->pause_reason ? row->pause_reason : ""));
    json_object_set_new(json, "schedule", json_string(row->schedule ? row->schedule : "always"));
    json_object_set_new(json, "owner", json_string(row->owner));
    set_retention(json, row, site_retention(api->site));
    json_object_set_new(json, "created", json_time(row->created_us));
    json_object_set_new(json, "locked", json_boolean(row->locked));
    json_object_set_new(json, "status", camera_status_json(api, row));
    const unsigned masks = masked_count(api, &row->id);
    if (masks)
        json_object_set_new(json, "masks", json_integer(masks));
    return json;
}
