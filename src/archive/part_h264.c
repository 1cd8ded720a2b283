#include "archive/part_h264.h"

#include "archive/segment_view.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "picture/transcoder.h"

/* As live pictures are made (live/transcoding.c), but for the key pictures: a part begins with one,
 * and is seldom longer than this. */
static const TranscoderRules rules = {
    .width_px = 1280, .height_px = 720, .pictures_s = 10, .key_every_s = 10};

/* What is being made. */
typedef struct Making {
    const PartH264 *wanted;
    const CodecParams *sound_params; /* NULL: no sound */
    Transcoder *transcoder;
    GPtrArray *made; /* AccessUnit */
    GArray *sound;   /* Fmp4Sample */
    ByteWriter sound_data;
    uint64_t sound_time; /* of its first sample */
    uint64_t sound_end;  /* of its last */
    int64_t shift;       /* how much later than it is decoded the first picture is shown */
    int64_t end;         /* of the pictures: when the one after them is shown */
    bool any;            /* a picture was put */
} Making;

static void making_clear(Making *making)
{
    transcoder_free(making->transcoder);
    g_ptr_array_unref(making->made);
    g_array_unref(making->sound);
    byte_writer_free(&making->sound_data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

/* There and back without loss: a tick is 11 microseconds. */
static int64_t us_of(int64_t ticks)
{
    return ticks * 100 / 9;
}

static int64_t ticks_of(int64_t us)
{
    return (us * 9 + 50) / 100;
}

/* Nothing more is needed. */
static bool enough(const Making *making)
{
    const PartH264 *wanted = making->wanted;
    return wanted->part ? wanted->key_only && making->any : making->made->len > 0;
}

static void take_made(Making *making)
{
    for (AccessUnit *unit; (unit = transcoder_next(making->transcoder, false));)
        g_ptr_array_add(making->made, unit);
}

/* Puts one picture, `size` bytes at `at`, shown at `pts`. */
static bool put_picture(Making *making, uint64_t at, const Fmp4Sample *sample, int64_t pts,
                        GError **error)
{
    const SegmentReader *reader = making->wanted->reader;
    CodecParams *params = segment_reader_init(reader)->tracks[TRACK_VIDEO];
    g_autoptr(AccessUnit) unit = access_unit_new(params, TRACK_VIDEO, sample->size);
    if (!fd_read_at(segment_reader_fd(reader), unit->data, sample->size, (off_t)at, error))
        return false;
    unit->key = sample->key;
    unit->pts = pts;
    unit->capture_us = unit->arrival_us = us_of(pts);
    transcoder_put(making->transcoder, unit); /* what cannot be decoded is left out */
    take_made(making);
    return true;
}

static bool put_pictures(Making *making, const Fmp4ReadRun *run, uint64_t offset, GError **error)
{
    const atomic_bool *stop = making->wanted->stop;
    uint64_t at = offset + run->offset;
    int64_t dts = (int64_t)run->decode_time;
    for (unsigned i = 0; i < run->count && !enough(making); i++) {
        const Fmp4Sample *sample = &run->samples[i];
        if (stop && atomic_load(stop))
            return err_set(error, ERR_UNAVAILABLE, "the server is about to stop");
        if (!put_picture(making, at, sample, dts + sample->composition, error))
            return false;
        if (!making->any)
            making->shift = sample->composition;
        making->any = true;
        at += sample->size;
        dts += sample->duration;
        making->end = dts + making->shift;
    }
    return true;
}

/* Where some sound is missing, what is before it lasts until it goes on. */
static bool put_sound(Making *making, const Fmp4ReadRun *run, uint64_t offset, GError **error)
{
    GArray *sound = making->sound;
    const PartH264 *wanted = making->wanted;
    if (!run->count || !making->sound_params || !wanted->part || wanted->key_only)
        return true;
    if (!sound->len)
        making->sound_time = making->sound_end = run->decode_time;
    else if (run->decode_time > making->sound_end)
        g_array_index(sound, Fmp4Sample, sound->len - 1).duration +=
            (uint32_t)MIN(run->decode_time - making->sound_end, UINT32_MAX / 2);
    making->sound_end = MAX(making->sound_end, run->decode_time) + run->duration;
    g_array_append_vals(sound, run->samples, run->count);
    uint8_t *data = byte_writer_add(&making->sound_data, run->bytes);
    return fd_read_at(segment_reader_fd(wanted->reader), data, run->bytes,
                      (off_t)(offset + run->offset), error);
}

/* The next part, where it goes on without a gap: its first picture may be shown later than one
 * would think, for those that are shown before it cannot be decoded without this part (RASL). */
static void meet(Making *making, const Fmp4ReadRun *next)
{
    int64_t dts = (int64_t)next->decode_time;
    if (next->count && dts - (making->end - making->shift) < VIDEO_TIMESCALE / 2)
        making->end = dts + next->samples[0].composition;
}

/* Goes through the fragments of the part; for the init part from the front of the file, up to the
 * first picture that can be decoded. */
static bool put_fragments(Making *making, GError **error)
{
    const PartH264 *wanted = making->wanted;
    const Fmp4FragmentInfo *fragment;
    uint64_t offset, end = wanted->part ? wanted->part->offset + wanted->part->bytes : UINT64_MAX;
    GError *trouble = NULL;
    segment_reader_seek(wanted->reader, wanted->part ? wanted->part->offset : 0);
    while (!enough(making) &&
           segment_reader_next_good(wanted->reader, &fragment, &offset, &trouble)) {
        if (offset >= end) {
            meet(making, &fragment->tracks[TRACK_VIDEO]);
            break;
        }
        if (!put_pictures(making, &fragment->tracks[TRACK_VIDEO], offset, error) ||
            !put_sound(making, &fragment->tracks[TRACK_AUDIO], offset, error))
            return false;
    }
    if (trouble) {
        g_propagate_error(error, trouble);
        return false;
    }
    transcoder_end(making->transcoder);
    take_made(making);
    return making->made->len > 0 ||
           err_set(error, ERR_UNSUPPORTED, "nothing of this footage can be decoded");
}

static Buffer *init_of(const Making *making)
{
    const AccessUnit *first = making->made->pdata[0];
    const Fmp4Init init = {.tracks = {first->params, making->sound_params}};
    g_auto(ByteWriter) out = {0};
    fmp4_write_init(&out, &init);
    return buffer_copy(out.data, out.size);
}

static int64_t shown_at(const Making *making, guint i)
{
    const AccessUnit *unit = making->made->pdata[i];
    return ticks_of(unit->capture_us);
}

/* Each lasts until the next one is shown. */
static GArray *picture_samples(const Making *making)
{
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(Fmp4Sample));
    for (guint i = 0; i < making->made->len; i++) {
        const AccessUnit *unit = making->made->pdata[i];
        int64_t until = i + 1 < making->made->len ? shown_at(making, i + 1) : making->end;
        const Fmp4Sample sample = {
            .duration = (uint32_t)CLAMP(until - shown_at(making, i), 1, INT32_MAX),
            .size = (uint32_t)unit->size,
            .key = unit->key,
        };
        g_array_append_val(samples, sample);
    }
    return samples;
}

static Buffer *fragment_of(const Making *making)
{
    const AccessUnit *first = making->made->pdata[0];
    g_autoptr(GArray) pictures = picture_samples(making);
    const Fmp4Fragment fragment = {
        .sequence = 1,
        .prft_us = FMP4_NO_PRFT,
        .tracks = {{(uint64_t)MAX(ticks_of(first->capture_us), 0),
                    (const Fmp4Sample *)(const void *)pictures->data, pictures->len},
                   {making->sound_time, (const Fmp4Sample *)(const void *)making->sound->data,
                    making->sound->len}}};
    g_auto(ByteWriter) out = {0};
    fmp4_write_fragment(&out, &fragment);
    for (guint i = 0; i < making->made->len; i++) {
        const AccessUnit *unit = making->made->pdata[i];
        write_bytes(&out, unit->data, unit->size);
    }
    write_bytes(&out, making->sound_data.data, making->sound_data.size);
    return buffer_copy(out.data, out.size);
}

bool part_h264_is_needed(const SegmentReader *reader)
{
    const CodecParams *pictures = segment_reader_init(reader)->tracks[TRACK_VIDEO];
    return pictures && pictures->codec == CODEC_H265;
}

Buffer *part_h264_make(const PartH264 *wanted, GError **error)
{
    const CodecParams *sound = segment_reader_init(wanted->reader)->tracks[TRACK_AUDIO];
    g_assert(wanted->masks || part_h264_is_needed(wanted->reader));
    TranscoderRules how = rules;
    how.masks = wanted->masks;
    if (wanted->part && wanted->part->duration_us > PART_H264_MOST_US && !wanted->key_only) {
        err_set(error, ERR_UNSUPPORTED, "the key pictures of this footage are too far apart");
        return NULL;
    }
    bool heard = wanted->sound && sound && segment_view_plays(sound->codec);
    g_auto(Making) making = {
        .wanted = wanted,
        .sound_params = heard ? sound : NULL,
        .transcoder = transcoder_new(&how),
        .made = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref),
        .sound = g_array_new(FALSE, FALSE, sizeof(Fmp4Sample)),
    };
    if (!put_fragments(&making, error))
        return NULL;
    return wanted->part ? fragment_of(&making) : init_of(&making);
}
