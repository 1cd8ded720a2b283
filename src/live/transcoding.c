#include "live/transcoding.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "picture/transcoder.h"

#include <string.h>

/* No less waits than a hub offers in the beginning. */
enum { NICE = 15, LISTEN_BYTES = 16 << 20 };
/* Key pictures in a row of which nothing comes, before it is given up. */
enum { BROKEN_MOST = 5 };
/* A picture older than this is not coded any more: first the newest ones are reached. */
#define LATE_US (SECOND_US / 2)
/* Too slow for this stream: late for so long, and even its key pictures are. */
#define TOO_SLOW_US (10 * SECOND_US)

static const TranscoderRules rules = {
    .width_px = 1280, .height_px = 720, .pictures_s = 10, .key_every_s = 2};

struct Transcoding {
    Transcodings *all;
    HubListener *source;
    Hub *made;
    Transcoder *transcoder;
    Queue *wakes;      /* what waits in it says only that the source has something */
    atomic_bool fresh; /* a wake waits */
    atomic_bool stop, done, failed;
    _Atomic uint64_t newest_key; /* number of the newest key picture queued */
    unsigned broken;             /* key pictures since something was made */
    int64_t late_us;             /* since when all is late; 0: it is not */
    Thread *thread;
};

struct Transcodings {
    unsigned most;
    unsigned running;
    GPtrArray *ending; /* Transcoding, owned: their threads may still be in a picture */
};

static void source_has_unit(void *data, const AccessUnit *unit)
{
    Transcoding *transcoding = data;
    if (unit && unit->track == TRACK_VIDEO && unit->key)
        atomic_store(&transcoding->newest_key, unit->number);
    if (!atomic_exchange(&transcoding->fresh, true))
        queue_push(transcoding->wakes, transcoding);
}

/* ---- its thread ---- */

static void pass_sound(const Transcoding *transcoding, const AccessUnit *sound)
{
    g_autoptr(AccessUnit) copy = access_unit_new(sound->params, TRACK_AUDIO, sound->size);
    memcpy(copy->data, sound->data, sound->size);
    copy->key = sound->key;
    copy->run = sound->run;
    copy->pts = sound->pts;
    copy->capture_us = sound->capture_us;
    copy->arrival_us = sound->arrival_us;
    hub_publish(transcoding->made, copy);
}

static void give_up(Transcoding *transcoding, const AccessUnit *unit, const char *cause)
{
    Uuid camera = hub_camera(transcoding->made);
    char id[UUID_TEXT];
    log_warning("live.transcode", "camera=%s stream=%s codec=%s cause=\"%s\"",
                uuid_text(&camera, id), stream_kind_text(hub_kind(transcoding->made)),
                codec_text(unit->params->codec), cause);
    atomic_store(&transcoding->failed, true);
}

static bool is_late(Transcoding *transcoding, const AccessUnit *unit)
{
    if (clock_now_us() - unit->arrival_us <= LATE_US || !hub_listener_waiting(transcoding->source))
        return false;
    if (!transcoding->late_us)
        transcoding->late_us = clock_mono_us();
    return true;
}

/* Late, and a key picture waits behind it: that one is reached sooner when this is not decoded. */
static bool is_passed_over(Transcoding *transcoding, const AccessUnit *unit)
{
    return is_late(transcoding, unit) && unit->number < atomic_load(&transcoding->newest_key);
}

static void take_picture(Transcoding *transcoding, const AccessUnit *unit)
{
    if (unit->damaged || is_passed_over(transcoding, unit)) {
        transcoder_lost(transcoding->transcoder);
        return;
    }
    const DecoderResult result = transcoder_put(transcoding->transcoder, unit);
    bool late = is_late(transcoding, unit);
    transcoding->broken += unit->key && !late;
    for (AccessUnit *made; (made = transcoder_next(transcoding->transcoder, late));) {
        hub_publish(transcoding->made, made);
        access_unit_unref(made);
        transcoding->broken = 0;
        transcoding->late_us = 0;
    }
    if (result == DECODER_UNSUPPORTED || transcoding->broken >= BROKEN_MOST)
        give_up(transcoding, unit, "nothing can be decoded");
    else if (late && unit->key && clock_mono_us() - transcoding->late_us > TOO_SLOW_US)
        give_up(transcoding, unit, "too slow");
}

static bool over(const Transcoding *transcoding)
{
    return atomic_load(&transcoding->stop) || atomic_load(&transcoding->failed);
}

static void take_all(Transcoding *transcoding)
{
    unsigned lost;
    while (!over(transcoding)) {
        g_autoptr(AccessUnit) unit = hub_listener_next(transcoding->source, &lost);
        if (lost)
            transcoder_lost(transcoding->transcoder);
        if (!unit)
            return;
        if (unit->track == TRACK_VIDEO)
            take_picture(transcoding, unit);
        else
            pass_sound(transcoding, unit);
    }
}

static void leave_source(Transcoding *transcoding)
{
    hub_unlisten(transcoding->source);
    transcoder_free(transcoding->transcoder);
}

static void run(void *data)
{
    Transcoding *transcoding = data;
    thread_stand_back(NICE);
    while (!over(transcoding) && !hub_listener_closed(transcoding->source) &&
           queue_pop(transcoding->wakes, -1)) {
        atomic_store(&transcoding->fresh, false);
        take_all(transcoding);
    }
    hub_close(transcoding->made);
    leave_source(transcoding);
    atomic_store(&transcoding->done, true);
}

/* ---- its owner ---- */

Transcodings *transcodings_new(unsigned most)
{
    Transcodings *all = g_new0(Transcodings, 1);
    all->most = most;
    all->ending = g_ptr_array_new();
    return all;
}

static void transcoding_free(Transcoding *transcoding)
{
    thread_join(transcoding->thread);
    hub_unref(transcoding->made);
    queue_free(transcoding->wakes, NULL);
    g_free(transcoding);
}

static void free_done(Transcodings *all)
{
    for (guint i = all->ending->len; i-- > 0;) {
        Transcoding *transcoding = all->ending->pdata[i];
        if (!atomic_load(&transcoding->done))
            continue;
        g_ptr_array_remove_index_fast(all->ending, i);
        transcoding_free(transcoding);
    }
}

void transcodings_free(Transcodings *all)
{
    if (!all)
        return;
    for (guint i = 0; i < all->ending->len; i++)
        transcoding_free(all->ending->pdata[i]);
    g_ptr_array_unref(all->ending);
    g_free(all);
}

Transcoding *transcoding_begin(Transcodings *all, Hub *source, MaskSet *masks)
{
    free_done(all);
    /* Those that end are over in a moment; where they hang, they count. */
    if (all->running >= all->most || all->running + all->ending->len >= 2 * all->most)
        return NULL;
    g_autoptr(GError) error = NULL;
    Transcoding *transcoding = g_new0(Transcoding, 1);
    transcoding->all = all;
    transcoding->made = hub_new(hub_camera(source), hub_kind(source));
    TranscoderRules how = rules;
    how.masks = masks;
    transcoding->transcoder = transcoder_new(&how);
    transcoding->wakes = queue_new();
    transcoding->source = hub_listen(source, true, LISTEN_BYTES, source_has_unit, transcoding);
    transcoding->thread = thread_try("transcode", run, transcoding, &error);
    if (!transcoding->thread) {
        log_warning("live.transcode", "cause=\"%s\"", error->message);
        leave_source(transcoding);
        transcoding_free(transcoding);
        return NULL;
    }
    all->running++;
    return transcoding;
}

void transcoding_end(Transcoding *transcoding)
{
    if (!transcoding)
        return;
    Transcodings *all = transcoding->all;
    all->running--;
    atomic_store(&transcoding->stop, true);
    queue_close(transcoding->wakes);
    g_ptr_array_add(all->ending, transcoding);
    free_done(all);
}

Hub *transcoding_hub(const Transcoding *transcoding)
{
    return transcoding->made;
}

bool transcoding_failed(const Transcoding *transcoding)
{
    return atomic_load(&transcoding->failed);
}
