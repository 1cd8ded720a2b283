#include "watch/eye_camera.h"

#include "base/clock.h"
#include "base/log.h"
#include "media/nal.h"
#include "picture/decoder.h"

enum {
    LISTEN_BYTES = 1 << 20,        /* some ten seconds of a sub stream */
    FULL_MOST_PIXELS = 1280 * 720, /* of a stream that is followed */
    LATER_MOST = 64,               /* more than come between two that are looked at */
    BROKEN_MOST = 5,               /* key pictures in a row, then one a minute */
};
/* A stream without a picture for so long is as good as none, … */
#define SILENT_US MINUTE_US
/* … and one without a key picture: there are cameras whose sub streams have one a minute, or less.
 */
#define KEY_OLD_US (5 * MINUTE_US)
#define BROKEN_WAIT_US MINUTE_US

struct EyeCamera {
    Uuid id;
    Hub *hubs[STREAM_KINDS]; /* a reference each, or NULL */
    const EyeRules *rules;
    bool may_full;

    EyeMode mode;
    EyeCause cause;
    StreamKind kind;       /* what is looked at */
    HubListener *listener; /* while it is followed */
    Decoder *decoder;      /* while it is followed; else the one of all cameras is used */
    GPtrArray *later;      /* AccessUnit: nobody looks at them, but what comes may need them */
    bool looks;
    uint64_t seen; /* number of the key picture last looked at */
    bool saw_key;
    unsigned broken;    /* key pictures in a row that gave nothing */
    CodecParams *blind; /* a reference: what is not tried again, or not so soon; or NULL */
    EyeCause blind_cause;
    int64_t blind_us;
    bool blind_told;

    void **states;     /* of the analysers, in their order */
    int width, height; /* what they were begun for; 0: they are not */
    int64_t handed_us; /* time of the picture they got last */
    int64_t
        caught_us; /* of what the hub held, all up to then was looked at before; 0: it is past */
    bool began;    /* the key picture has come with which that begins */
    int64_t slot;  /* of the last thumbnail */
    EyeCounts counts;
};

static void wake_nobody(void *data, const AccessUnit *unit)
{
}

EyeCamera *eye_camera_new(const Uuid *id, Hub *main, Hub *sub, const EyeRules *rules)
{
    EyeCamera *camera = g_new0(EyeCamera, 1);
    camera->id = *id;
    camera->hubs[STREAM_MAIN] = main ? hub_ref(main) : NULL;
    camera->hubs[STREAM_SUB] = sub ? hub_ref(sub) : NULL;
    camera->rules = rules;
    camera->may_full = true;
    camera->cause = EYE_NO_PICTURES;
    camera->states = g_new0(void *, rules->analysers->len + 1);
    camera->later = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    return camera;
}

static const EyeAnalyser *analyser(const EyeCamera *camera, guint i)
{
    return &g_array_index(camera->rules->analysers, EyeAnalyser, i);
}

static void end_analysers(EyeCamera *camera)
{
    for (guint i = 0; i < camera->rules->analysers->len; i++)
        if (camera->states[i])
            analyser(camera, i)->end(g_steal_pointer(&camera->states[i]));
    camera->width = camera->height = 0;
}

static void begin_analysers(EyeCamera *camera, int width, int height)
{
    end_analysers(camera);
    for (guint i = 0; i < camera->rules->analysers->len; i++)
        camera->states[i] =
            analyser(camera, i)->begin(analyser(camera, i)->data, &camera->id, width, height);
    camera->width = width;
    camera->height = height;
}

/* Drops what belongs to the way the stream was looked at. */
static void look_away(EyeCamera *camera)
{
    hub_unlisten(g_steal_pointer(&camera->listener));
    g_clear_pointer(&camera->decoder, decoder_free);
    g_ptr_array_set_size(camera->later, 0);
    camera->saw_key = camera->looks = camera->began = false;
    camera->caught_us = 0;
}

void eye_camera_free(EyeCamera *camera)
{
    end_analysers(camera);
    look_away(camera);
    g_ptr_array_unref(camera->later);
    codec_params_unref(camera->blind);
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        hub_unref(camera->hubs[kind]);
    g_free(camera->states);
    g_free(camera);
}

bool eye_camera_has(const EyeCamera *camera, const Hub *main, const Hub *sub)
{
    return camera->hubs[STREAM_MAIN] == main && camera->hubs[STREAM_SUB] == sub;
}

void eye_camera_allow(EyeCamera *camera, bool full)
{
    camera->may_full = full;
}

bool eye_camera_allowed(const EyeCamera *camera)
{
    return camera->may_full;
}

EyeMode eye_camera_mode(const EyeCamera *camera, EyeCause *cause)
{
    *cause = camera->cause;
    return camera->mode;
}

EyeCounts eye_camera_counts(EyeCamera *camera)
{
    EyeCounts counts = camera->counts;
    camera->counts = (EyeCounts){0};
    return counts;
}

/* ---- handing on ---- */

static Decoder *decoder_of(const EyeCamera *camera)
{
    return camera->decoder ? camera->decoder : camera->rules->keys;
}

static int64_t slot_of(const EyeCamera *camera, int64_t capture_us)
{
    return capture_us / camera->rules->thumbnails.every_us;
}

static bool wants_thumbnail(const EyeCamera *camera, int64_t capture_us)
{
    return camera->rules->thumbnails.take && slot_of(camera, capture_us) != camera->slot;
}

/* Pictures come a little early or late: the one nearest to the interval is meant. Time that went
 * back begins anew. */
static bool analysers_due(const EyeCamera *camera, int64_t capture_us)
{
    int64_t since = capture_us - camera->handed_us;
    return camera->rules->analysers->len &&
           (since < 0 || since >= camera->rules->interval_us - camera->rules->interval_us / 8);
}

/* This was looked at before: it is decoded once more only because later ones need it. */
static bool is_old(const EyeCamera *camera, int64_t capture_us)
{
    return camera->caught_us > 0 && capture_us <= camera->caught_us;
}

static void take_thumbnail(EyeCamera *camera, int64_t capture_us)
{
    const EyeThumbnails *thumbnails = &camera->rules->thumbnails;
    g_autoptr(Buffer) jpeg = decoder_jpeg(decoder_of(camera), thumbnails->width_px);
    camera->slot = slot_of(camera, capture_us);
    if (!jpeg)
        return;
    thumbnails->take(thumbnails->data, &camera->id, capture_us, jpeg);
    camera->counts.thumbnails++;
}

static void hand_on(EyeCamera *camera, const LumaPicture *picture)
{
    if (is_old(camera, picture->capture_us))
        return;
    camera->caught_us = 0;
    if (wants_thumbnail(camera, picture->capture_us))
        take_thumbnail(camera, picture->capture_us);
    if (!analysers_due(camera, picture->capture_us))
        return;
    if (picture->width != camera->width || picture->height != camera->height)
        begin_analysers(camera, picture->width, picture->height);
    for (guint i = 0; i < camera->rules->analysers->len; i++)
        if (camera->states[i])
            analyser(camera, i)->picture(camera->states[i], picture);
    camera->handed_us = picture->capture_us;
    camera->counts.pictures++;
}

/* ---- decoding ---- */

/* The stream is not looked at for now: one log line, however often it is tried. */
static void go_blind(EyeCamera *camera, CodecParams *params, EyeCause cause, int64_t now_us)
{
    char id[UUID_TEXT];
    if (!camera->blind_told || camera->blind_cause != cause)
        log_warning("eye.blind", "camera=%s stream=%s cause=%s", uuid_text(&camera->id, id),
                    stream_kind_text(camera->kind), eye_cause_text(cause));
    codec_params_unref(camera->blind);
    camera->blind = codec_params_ref(params);
    camera->blind_cause = cause;
    camera->blind_us = now_us;
    camera->blind_told = true;
}

static bool is_blind(EyeCamera *camera, const CodecParams *params, int64_t now_us)
{
    if (!camera->blind)
        return false;
    bool same = codec_params_equal(camera->blind, params);
    bool waits = camera->blind_cause == EYE_CODEC || now_us - camera->blind_us < BROKEN_WAIT_US;
    if (same && waits)
        return true;
    g_clear_pointer(&camera->blind, codec_params_unref);
    camera->broken = same ? BROKEN_MOST - 1 : 0;
    return false;
}

static void decode(EyeCamera *camera, const AccessUnit *unit, bool alone, int64_t now_us)
{
    LumaPicture picture;
    bool any = false;
    const DecoderResult result = decoder_put(decoder_of(camera), unit, alone);
    camera->counts.decoded += result == DECODER_TOOK;
    if (result == DECODER_UNSUPPORTED) {
        go_blind(camera, unit->params, EYE_CODEC, now_us);
        return;
    }
    for (; decoder_next(decoder_of(camera), &picture); any = true)
        hand_on(camera, &picture);
    if (any) {
        camera->broken = 0;
        camera->blind_told = false;
    } else if (unit->key && ++camera->broken >= BROKEN_MOST) {
        go_blind(camera, unit->params, EYE_BROKEN, now_us);
    }
}

static void decode_later(EyeCamera *camera, int64_t now_us)
{
    for (guint i = 0; i < camera->later->len && !camera->blind; i++)
        decode(camera, camera->later->pdata[i], false, now_us);
    g_ptr_array_set_size(camera->later, 0);
}

/* Most pictures are decoded only because one that somebody looks at needs them: they wait for it,
 * and are left out when a key picture comes first. */
static void follow_picture(EyeCamera *camera, AccessUnit *unit, int64_t now_us)
{
    const bool due =
        !is_old(camera, unit->capture_us) &&
        (wants_thumbnail(camera, unit->capture_us) || analysers_due(camera, unit->capture_us));
    if (unit->key) {
        g_ptr_array_set_size(camera->later, 0);
        if (camera->began)
            camera->caught_us = 0;
        camera->began = camera->saw_key = true;
        camera->seen = unit->number;
    } else if (due || camera->later->len >= LATER_MOST)
        decode_later(camera, now_us);
    if ((due || unit->key) && !camera->blind)
        decode(camera, unit, false, now_us);
    else if (!nal_is_left_alone(unit))
        g_ptr_array_add(camera->later, access_unit_ref(unit));
}

static void follow(EyeCamera *camera, int64_t now_us)
{
    unsigned lost;
    while (!camera->blind) {
        g_autoptr(AccessUnit) unit = hub_listener_next(camera->listener, &lost);
        if (!unit)
            return;
        if (lost) {
            decoder_lost(camera->decoder);
            g_ptr_array_set_size(camera->later, 0);
        }
        camera->counts.lost += lost;
        if (unit->track == TRACK_VIDEO)
            follow_picture(camera, unit, now_us);
    }
}

static void look_at_key(EyeCamera *camera, const AccessUnit *key, int64_t now_us)
{
    if (camera->saw_key && camera->seen == key->number)
        return;
    if (!wants_thumbnail(camera, key->capture_us) && !analysers_due(camera, key->capture_us))
        return;
    camera->saw_key = true;
    camera->seen = key->number;
    decode(camera, key, true, now_us);
}

/* ---- what to look at ---- */

static AccessUnit *fresh_key(const EyeCamera *camera, StreamKind kind, int64_t now_us)
{
    const Hub *hub = camera->hubs[kind];
    AccessUnit *key = hub ? hub_key_picture(camera->hubs[kind]) : NULL;
    if (key && (now_us - key->capture_us > KEY_OLD_US || now_us - hub_newest_us(hub) > SILENT_US))
        g_clear_pointer(&key, access_unit_unref);
    return key;
}

static EyeMode wanted_mode(const EyeCamera *camera, StreamKind kind, const CodecParams *params,
                           EyeCause *cause)
{
    int64_t pixels = (int64_t)params->width * params->height;
    *cause = kind == STREAM_MAIN                        ? EYE_NO_SUB_STREAM
             : pixels == 0 || pixels > FULL_MOST_PIXELS ? EYE_LARGE
             : camera->may_full                         ? EYE_AS_ASKED
                                                        : EYE_BUDGET;
    bool full = *cause == EYE_AS_ASKED && camera->rules->analysers->len;
    return full ? EYE_FULL : EYE_KEY;
}

static void look_so(EyeCamera *camera, StreamKind kind, EyeMode mode)
{
    bool follows = camera->listener != NULL;
    bool same = camera->looks && camera->kind == kind;
    if (same && follows == (mode == EYE_FULL))
        return;
    bool saw_key = same && camera->saw_key;
    look_away(camera);
    camera->saw_key = saw_key;
    camera->looks = true;
    camera->kind = kind;
    if (mode != EYE_FULL)
        return;
    camera->decoder = decoder_new(FULL_MOST_PIXELS);
    camera->listener = hub_listen_unseen(camera->hubs[kind], LISTEN_BYTES, wake_nobody, NULL);
    camera->caught_us = camera->handed_us;
}

static void rest(EyeCamera *camera, EyeCause cause)
{
    look_away(camera);
    camera->mode = EYE_OFF;
    camera->cause = cause;
}

void eye_camera_look(EyeCamera *camera, int64_t now_us)
{
    StreamKind kind = STREAM_SUB;
    g_autoptr(AccessUnit) key = fresh_key(camera, STREAM_SUB, now_us);
    if (!key) {
        kind = STREAM_MAIN;
        key = fresh_key(camera, STREAM_MAIN, now_us);
    }
    if (!key) {
        rest(camera, EYE_NO_PICTURES);
        return;
    }
    if (is_blind(camera, key->params, now_us)) {
        rest(camera, camera->blind_cause);
        return;
    }
    camera->mode = wanted_mode(camera, kind, key->params, &camera->cause);
    look_so(camera, kind, camera->mode);
    if (camera->mode == EYE_FULL)
        follow(camera, now_us);
    else
        look_at_key(camera, key, now_us);
}
