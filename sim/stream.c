#include "stream.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "media/sim_sei.h"
#include "picture.h"

#include <pthread.h>

/* A client that reads too slowly makes the camera drop pictures, as a real one does. */
static const guint64 QUEUE_MOST_BYTES = 4 << 20;

/* Sending this late is given up: the camera was stopped (a debugger, a sleeping laptop). */
static const int64_t LATE_MOST_US = SECOND_US;

struct Stream {
    StreamSource source;
    Record *record;
    pthread_mutex_t lock; /* over what follows */
    GstAppSrc *video, *audio;
    bool plays, stalled;
    int64_t base_us; /* clock_mono_us() of running time 0, whole milliseconds from start_us */
    uint64_t next_picture, next_sound;
    Clip *shown, *next_shown; /* in place of its own; NULL: none */
    bool changes;             /* to `next_shown`, with the next key picture */
};

Stream *stream_new(const StreamSource *source)
{
    Stream *stream = g_new0(Stream, 1);
    stream->source = *source;
    stream->record = record_new();
    pthread_mutex_init(&stream->lock, NULL);
    return stream;
}

void stream_free(Stream *stream)
{
    g_clear_object(&stream->video);
    g_clear_object(&stream->audio);
    record_free(stream->record);
    clip_free(stream->shown);
    clip_free(stream->next_shown);
    pthread_mutex_destroy(&stream->lock);
    g_free(stream);
}

const StreamSource *stream_source(const Stream *stream)
{
    return &stream->source;
}

Record *stream_record(const Stream *stream)
{
    return stream->record;
}

int64_t stream_due_us(const Stream *stream, uint64_t number)
{
    return stream->source.start_us + (int64_t)(number * SECOND_US / FPS);
}

/* The first n of those due each `part`/`whole` s that is due after `now_us`. */
static uint64_t next_after(const Stream *stream, int64_t now_us, uint64_t part, uint64_t whole)
{
    int64_t run_us = now_us - stream->source.start_us;
    if (run_us < 0)
        return 0;
    return (uint64_t)run_us * whole / (part * SECOND_US) + 1;
}

uint64_t stream_next_number(const Stream *stream, int64_t now_us)
{
    return next_after(stream, now_us, 1, FPS);
}

static uint64_t next_sound_after(const Stream *stream, int64_t now_us)
{
    const Sound *sound = stream->source.sound;
    return next_after(stream, now_us, (uint64_t)sound->frame_samples, (uint64_t)sound->rate_hz);
}

static int64_t sound_due_us(const Stream *stream, uint64_t number)
{
    const Sound *sound = stream->source.sound;
    return stream->source.start_us + (int64_t)(number * (uint64_t)sound->frame_samples * SECOND_US /
                                               (uint64_t)sound->rate_hz);
}

static GstBuffer *config_buffer(const GByteArray *config)
{
    return gst_buffer_new_memdup(config->data, config->len);
}

static GstCaps *video_caps(const StreamSource *source)
{
    bool h265 = source->codec == CODEC_H265;
    GstBuffer *config = config_buffer(source->config);
    GstCaps *caps =
        gst_caps_new_simple(h265 ? "video/x-h265" : "video/x-h264", "stream-format", G_TYPE_STRING,
                            h265 ? "hvc1" : "avc", "alignment", G_TYPE_STRING, "au", "codec_data",
                            GST_TYPE_BUFFER, config, "framerate", GST_TYPE_FRACTION, FPS, 1, NULL);
    gst_buffer_unref(config);
    return caps;
}

static GstCaps *audio_caps(const Sound *sound)
{
    if (sound->codec != CODEC_AAC)
        return gst_caps_new_simple(sound->codec == CODEC_PCMA ? "audio/x-alaw" : "audio/x-mulaw",
                                   "rate", G_TYPE_INT, sound->rate_hz, "channels", G_TYPE_INT, 1,
                                   NULL);
    GstBuffer *config = config_buffer(sound->config);
    GstCaps *caps =
        gst_caps_new_simple("audio/mpeg", "mpegversion", G_TYPE_INT, 4, "stream-format",
                            G_TYPE_STRING, "raw", "rate", G_TYPE_INT, sound->rate_hz, "channels",
                            G_TYPE_INT, 1, "codec_data", GST_TYPE_BUFFER, config, NULL);
    gst_buffer_unref(config);
    return caps;
}

/* The RTSP server waits for data on each pad before it describes the media, and would send that
 * data, stale, at PLAY. A gap is data enough for it, and nothing is sent. */
static GstPadProbeReturn opening_becomes_gap(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    if (!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_GAP))
        return GST_PAD_PROBE_REMOVE;
    gst_pad_push_event(pad, gst_event_new_gap(0, GST_CLOCK_TIME_NONE));
    return GST_PAD_PROBE_DROP;
}

static void open_source(GstAppSrc *app, GstCaps *caps)
{
    gst_app_src_set_caps(app, caps);
    gst_caps_unref(caps);
    GstPad *pad = gst_element_get_static_pad(GST_ELEMENT(app), "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, opening_becomes_gap, NULL, NULL);
    gst_object_unref(pad);
    GstBuffer *opening = gst_buffer_new();
    GST_BUFFER_FLAG_SET(opening, GST_BUFFER_FLAG_GAP);
    GST_BUFFER_PTS(opening) = 0;
    gst_app_src_push_buffer(app, opening);
}

void stream_attach(Stream *stream, GstAppSrc *video, GstAppSrc *audio)
{
    pthread_mutex_lock(&stream->lock);
    g_set_object(&stream->video, video);
    g_set_object(&stream->audio, audio);
    stream->plays = false;
    pthread_mutex_unlock(&stream->lock);
    open_source(video, video_caps(&stream->source));
    if (audio)
        open_source(audio, audio_caps(stream->source.sound));
}

void stream_play(Stream *stream, GstAppSrc *video)
{
    pthread_mutex_lock(&stream->lock);
    if (stream->video == video && !stream->plays) {
        int64_t now_us = clock_mono_us();
        int64_t base_us = (int64_t)(gst_element_get_base_time(GST_ELEMENT(video)) / 1000);
        /* A millisecond is whole ticks of every RTP clock here: 90, 16, 8. Running times become a
         * little too small, never too large, so that no sink waits for them. */
        int64_t odd_us = (stream->source.start_us - base_us) % 1000;
        stream->base_us = base_us + (odd_us < 0 ? odd_us + 1000 : odd_us);
        stream->next_picture = stream_next_number(stream, now_us);
        if (stream->audio)
            stream->next_sound = next_sound_after(stream, now_us);
        stream->plays = true;
    }
    pthread_mutex_unlock(&stream->lock);
}

void stream_stop(Stream *stream, GstAppSrc *video)
{
    pthread_mutex_lock(&stream->lock);
    if (stream->video == video)
        stream->plays = false;
    pthread_mutex_unlock(&stream->lock);
}

bool stream_plays(Stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    bool plays = stream->plays && !stream->stalled;
    pthread_mutex_unlock(&stream->lock);
    return plays;
}

void stream_stall(Stream *stream, bool stalled)
{
    pthread_mutex_lock(&stream->lock);
    stream->stalled = stalled;
    pthread_mutex_unlock(&stream->lock);
}

void stream_show(Stream *stream, Clip *clip)
{
    pthread_mutex_lock(&stream->lock);
    clip_free(stream->next_shown);
    stream->next_shown = clip;
    stream->changes = true;
    pthread_mutex_unlock(&stream->lock);
}

uint32_t stream_place(const Stream *stream)
{
    const uint64_t number = stream_next_number(stream, clock_mono_us());
    return (uint32_t)((number + stream->source.shift) % clip_count(stream->source.clip));
}

static GstMemory *shared_memory(const uint8_t *data, size_t size)
{
    return gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, (gpointer)data, size, 0, size, NULL,
                                  NULL);
}

static GstMemory *copied_memory(const uint8_t *data, size_t size)
{
    gpointer copy = g_memdup2(data, size);
    return gst_memory_new_wrapped(0, copy, size, 0, size, copy, g_free);
}

/* The unit with the mark in its place. The bytes of a scene's clip are shared, others are copied.
 */
static GstBuffer *marked_buffer(const Stream *stream, const SimSei *mark, const Clip *clip,
                                const ClipUnit *unit)
{
    GstMemory *(*memory)(const uint8_t *, size_t) =
        clip == stream->source.clip ? shared_memory : copied_memory;
    const uint8_t *bytes = clip_bytes(clip, unit);
    uint8_t nal[4 + SIM_SEI_BYTES];
    size_t nal_size = sim_sei_write(mark, stream->source.codec, nal + 4);
    put_u32(nal, (uint32_t)nal_size);
    GstBuffer *buffer = gst_buffer_new();
    if (unit->mark_at)
        gst_buffer_append_memory(buffer, memory(bytes, unit->mark_at));
    gst_buffer_append_memory(buffer, copied_memory(nal, 4 + nal_size));
    gst_buffer_append_memory(buffer, memory(bytes + unit->mark_at, unit->size - unit->mark_at));
    if (!unit->key)
        GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    return buffer;
}

/* Nanoseconds, rounded up, so that the payloader's rounding down gives exact ticks. */
static GstClockTime running_time(const Stream *stream, uint64_t number, uint64_t part,
                                 uint64_t whole)
{
    uint64_t since_start = (number * part * GST_SECOND + whole - 1) / whole;
    return (GstClockTime)(stream->source.start_us - stream->base_us) * 1000 + since_start;
}

static void send_picture(Stream *stream, uint64_t number, uint32_t loop, const Clip *clip,
                         const ClipUnit *unit)
{
    if (gst_app_src_get_current_level_bytes(stream->video) > QUEUE_MOST_BYTES)
        return;
    SimSei mark = {
        .stream = stream->source.kind, .loop = loop, .number = number, .sent_us = clock_wall_us()};
    g_strlcpy(mark.camera, stream->source.camera, sizeof mark.camera);
    GstBuffer *buffer = marked_buffer(stream, &mark, clip, unit);
    GST_BUFFER_PTS(buffer) = running_time(stream, number, 1, FPS);
    RecordEntry entry = {.number = number,
                         .loop = loop,
                         .sent_us = mark.sent_us,
                         .bytes = (uint32_t)gst_buffer_get_size(buffer),
                         .key = unit->key};
    if (gst_app_src_push_buffer(stream->video, buffer) == GST_FLOW_OK)
        record_add(stream->record, &entry);
}

void stream_send(Stream *stream, uint64_t number, uint32_t loop, const Clip *clip,
                 const ClipUnit *unit)
{
    pthread_mutex_lock(&stream->lock);
    if (stream->plays && !stream->stalled)
        send_picture(stream, number, loop, clip, unit);
    pthread_mutex_unlock(&stream->lock);
}

static void send_sound(Stream *stream, uint64_t number)
{
    const Sound *sound = stream->source.sound;
    GBytes *frame = g_ptr_array_index(sound->frames, number % sound->frames->len);
    GstBuffer *buffer = gst_buffer_new_wrapped_bytes(frame);
    GST_BUFFER_PTS(buffer) =
        running_time(stream, number, (uint64_t)sound->frame_samples, (uint64_t)sound->rate_hz);
    gst_app_src_push_buffer(stream->audio, buffer);
}

/* What is shown at `place` of the camera's own clip. Groups are of GOP pictures in all clips. */
static const Clip *clip_at(Stream *stream, uint64_t place)
{
    if (stream->changes && place % GOP == 0) {
        clip_free(stream->shown);
        stream->shown = g_steal_pointer(&stream->next_shown);
        stream->changes = false;
    }
    return stream->shown ? stream->shown : stream->source.clip;
}

/* Sends or, while stalled or late, passes over what is due; returns when the next picture is. */
static int64_t step_pictures(Stream *stream, int64_t now_us)
{
    int64_t due_us;
    while ((due_us = stream_due_us(stream, stream->next_picture)) <= now_us) {
        uint64_t number = stream->next_picture++;
        uint64_t place = number + stream->source.shift;
        const Clip *clip = clip_at(stream, place);
        if (!stream->stalled && now_us - due_us < LATE_MOST_US)
            send_picture(stream, number, (uint32_t)(place / clip_count(stream->source.clip)), clip,
                         clip_unit(clip, (uint32_t)(place % clip_count(clip))));
    }
    return due_us;
}

static int64_t step_sound(Stream *stream, int64_t now_us)
{
    int64_t due_us;
    while ((due_us = sound_due_us(stream, stream->next_sound)) <= now_us) {
        uint64_t number = stream->next_sound++;
        if (!stream->stalled && now_us - due_us < LATE_MOST_US)
            send_sound(stream, number);
    }
    return due_us;
}

int64_t stream_step(Stream *stream, int64_t now_us)
{
    int64_t next_us = INT64_MAX;
    pthread_mutex_lock(&stream->lock);
    if (stream->plays && stream->source.clip)
        next_us = step_pictures(stream, now_us);
    if (stream->plays && stream->audio)
        next_us = MIN(next_us, step_sound(stream, now_us));
    pthread_mutex_unlock(&stream->lock);
    return next_us;
}
