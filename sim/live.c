#include "live.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/thread.h"
#include "base/time_text.h"
#include "caption.h"
#include "encoder.h"
#include "paint_alley.h"
#include "spoil.h"
#include "strip.h"

#include <errno.h>
#include <time.h>

struct LiveCamera {
    Camera *camera;
    Thread *thread;
    atomic_bool stopping;
    uint32_t key_at;
    /* of the thread */
    Alley *alley;
    AVFrame *frame;
    Encoder *encoder;
    Clip *coded; /* holds one picture at a time */
    bool frozen;
};

static void paint(LiveCamera *live)
{
    av_frame_make_writable(live->frame);
    const int64_t now_us = clock_wall_us();
    char time[TIME_TEXT];
    g_autofree char *caption =
        g_strdup_printf(" %s %s ", live->camera->name, time_text(now_us, time));
    alley_paint(live->alley, (double)(now_us % DAY_US) / SECOND_US, live->frame);
    caption_draw(live->frame, 8, 8, 2, caption);
    strip_draw(live->frame, (uint32_t)(now_us / 1000));
    spoil_picture((Spoil)atomic_load(&live->camera->spoil), live->frame);
}

/* Paints and encodes one picture; NULL when the encoder fails. */
static const ClipUnit *make_picture(LiveCamera *live, bool key)
{
    paint(live);
    g_array_set_size(live->coded->units, 0);
    g_byte_array_set_size(live->coded->data, 0);
    if (!encoder_add(live->encoder, live->frame, key, live->coded, NULL))
        return NULL;
    return clip_count(live->coded) == 1 ? clip_unit(live->coded, 0) : NULL;
}

/* Frozen, it is the same key picture again and again. */
static const ClipUnit *next_picture(LiveCamera *live, bool key)
{
    const bool frozen = atomic_load(&live->camera->spoil) == SPOIL_FREEZE;
    if (frozen && live->frozen && clip_count(live->coded) == 1)
        return clip_unit(live->coded, 0);
    live->frozen = frozen;
    return make_picture(live, key || frozen);
}

static bool is_watched(const LiveCamera *live)
{
    return stream_plays(live->camera->streams[STREAM_MAIN]) ||
           stream_plays(live->camera->streams[STREAM_SUB]);
}

static void sleep_until(int64_t mono_us)
{
    const struct timespec until = {.tv_sec = mono_us / SECOND_US,
                                   .tv_nsec = mono_us % SECOND_US * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
}

static void live_run(void *data)
{
    LiveCamera *live = data;
    const Stream *clock = live->camera->streams[STREAM_MAIN];
    uint64_t number = 0;
    while (!atomic_load(&live->stopping)) {
        number = MAX(number, stream_next_number(clock, clock_mono_us()));
        sleep_until(stream_due_us(clock, number));
        if (is_watched(live)) {
            const ClipUnit *unit = next_picture(live, number % GOP == live->key_at);
            for (StreamKind kind = 0; unit && kind < STREAM_KINDS; kind++)
                stream_send(live->camera->streams[kind], number, 0, live->coded, unit);
        }
        number++;
    }
}

static void make_streams(LiveCamera *live, int64_t start_us)
{
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
        const StreamSource source = {.camera = live->camera->name,
                                     .kind = kind,
                                     .codec = live->coded->codec,
                                     .config = live->coded->config,
                                     .start_us = start_us};
        live->camera->streams[kind] = stream_new(&source);
    }
}

static void live_free(LiveCamera *live)
{
    alley_free(live->alley);
    av_frame_free(&live->frame);
    encoder_free(live->encoder);
    clip_free(live->coded);
    g_free(live);
}

LiveCamera *live_start(Camera *camera, int64_t start_us, uint32_t key_at, GError **error)
{
    static const EncoderSettings ENCODING = {CODEC_H264, SUB_WIDTH,   SUB_HEIGHT,
                                             300000,     "superfast", false};
    LiveCamera *live = g_new0(LiveCamera, 1);
    live->camera = camera;
    live->key_at = key_at;
    live->alley = alley_new();
    live->frame = picture_new(SUB_WIDTH, SUB_HEIGHT);
    live->encoder = encoder_new(&ENCODING, error);
    live->coded = clip_new(ENCODING.codec, ENCODING.width, ENCODING.height);
    /* The first picture is for the parameter sets, which describe the stream. */
    if (!live->encoder || !make_picture(live, true)) {
        if (live->encoder)
            err_set(error, ERR_IO, "the encoder of %s gave no picture", camera->name);
        live_free(live);
        return NULL;
    }
    make_streams(live, start_us);
    live->thread = thread_start(camera->name, live_run, live);
    return live;
}

void live_stop(LiveCamera *live)
{
    atomic_store(&live->stopping, true);
    thread_join(live->thread);
    live_free(live);
}
