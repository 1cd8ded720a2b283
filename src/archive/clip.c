#include "archive/clip.h"

#include "archive/archive.h"
#include "archive/clip_plan.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/time_text.h"
#include "media/mp4_box.h"
#include "media/mp4_movie.h"

#include <string.h>

/* Sound lies up to this much after the pictures that it belongs to. */
enum { AUDIO_LATE_US = 1000000 };

/* A table of durations holds 32 bits of ticks: 13 hours of video. */
#define LONGEST_GAP_US (12 * HOUR_US)
#define LATEST_US (INT64_C(1) << 55) /* the year 3111: sums stay far from overflow */

typedef struct Planner {
    ClipPlan *plan;
    int64_t to_us; /* asked */
    Mp4Track *tracks[TRACKS];
    int64_t from_ticks;  /* presentation time of plan->from_us, video ticks since the epoch */
    int64_t covered_us;  /* end of the newest picture by decode time; INT64_MIN before the first */
    int64_t end_us;      /* of the picture shown last */
    int64_t too_late_us; /* the picture behind a gap that is too long, or 0 */
    bool over;
} Planner;

/* Puts a source that shows pictures at place `at` of the readers. */
static bool open_source(ClipPlan *plan, const ClipSource *source, int at, GError **error)
{
    SegmentReader *reader = NULL;
    if (!segment_reader_try(source->path, source->valid_bytes, source->from_us, &reader, error))
        return false;
    if (reader && segment_reader_init(reader)->tracks[TRACK_VIDEO])
        g_ptr_array_insert(plan->readers, at, reader);
    else
        segment_reader_free(reader);
    return true;
}

/* The first reader's pictures go on from those of the sources before it, the first `count` ones,
 * when it begins without a key picture. */
static bool open_lead(ClipPlan *plan, const ClipSource *sources, unsigned count, GError **error)
{
    bool key = true;
    for (unsigned readers = 0; count > 0 && plan->readers->len > readers; count--) {
        SegmentReader *first = plan->readers->pdata[0];
        const ClipSource *before = &sources[count - 1];
        readers = plan->readers->len;
        if (!clip_begins_with_key(first, &key, error))
            return false;
        if (key || before->to_us + SEGMENT_GAP_US < segment_reader_from_us(first))
            return true;
        if (!open_source(plan, before, 0, error))
            return false;
    }
    return true;
}

static bool open_sources(ClipPlan *plan, const ClipSource *sources, unsigned count, int64_t from_us,
                         int64_t to_us, GError **error)
{
    unsigned before = 0;
    for (unsigned i = 0; i < count; i++) {
        if (sources[i].to_us + SECOND_US < from_us && plan->readers->len == 0)
            before = i + 1;
        if (sources[i].from_us > to_us || sources[i].to_us + SECOND_US < from_us)
            continue;
        if (!open_source(plan, &sources[i], -1, error))
            return false;
    }
    return open_lead(plan, sources, before, error);
}

static const CodecParams *params_of(const ClipPlan *plan, unsigned source, Track track)
{
    return segment_reader_init(plan->readers->pdata[source])->tracks[track];
}

static bool audio_in_all(const ClipPlan *plan)
{
    for (unsigned i = 0; i < plan->readers->len; i++) {
        const CodecParams *first = params_of(plan, 0, TRACK_AUDIO);
        const CodecParams *here = params_of(plan, i, TRACK_AUDIO);
        if (!here || here->codec != first->codec || here->timescale != first->timescale)
            return false;
    }
    return plan->readers->len > 0;
}

/* The sample descriptions of a track may differ, but not its codec or clock. */
static bool check_codec(const ClipPlan *plan, unsigned first, unsigned source, GError **error)
{
    const CodecParams *was = params_of(plan, first, TRACK_VIDEO);
    const CodecParams *is = params_of(plan, source, TRACK_VIDEO);
    if (was->codec == is->codec && was->timescale == is->timescale)
        return true;
    char time[TIME_TEXT];
    time_text(segment_reader_from_us(plan->readers->pdata[source]), time);
    return err_set(error, ERR_UNSUPPORTED,
                   "the camera changed from %s to %s at %s: cut one clip until then and one from "
                   "then on",
                   codec_text(was->codec), codec_text(is->codec), time);
}

static void add_extent(ClipPlan *plan, unsigned source, uint64_t from, uint64_t bytes)
{
    ClipExtent *last = plan->extents->len
                           ? &g_array_index(plan->extents, ClipExtent, plan->extents->len - 1)
                           : NULL;
    if (last && last->source == source && last->from + last->bytes == from) {
        last->bytes += bytes;
    } else {
        ClipExtent extent = {plan->data_bytes, from, bytes, source};
        g_array_append_val(plan->extents, extent);
    }
    plan->data_bytes += bytes;
}

/* Ticks since the epoch, to the nearest. */
static int64_t ticks_of(int64_t time_us, uint32_t timescale)
{
    int64_t scale = timescale;
    return time_us / SECOND_US * scale + (time_us % SECOND_US * scale + SECOND_US / 2) / SECOND_US;
}

static void add_gap(ClipPlan *plan, int64_t from_us, int64_t to_us)
{
    ClipGap gap = {from_us, to_us};
    if (to_us - from_us > SEGMENT_GAP_US)
        g_array_append_val(plan->gaps, gap);
}

static void note_picture(Planner *planner, const SegmentReader *reader, int64_t dts, int64_t pts,
                         int64_t base, const Fmp4Sample *sample)
{
    int64_t shown_us = segment_time_us(reader, TRACK_VIDEO, pts);
    int64_t end_us = segment_time_us(reader, TRACK_VIDEO, pts + sample->duration);
    int64_t hole_us = planner->covered_us == INT64_MIN
                          ? 0
                          : segment_time_us(reader, TRACK_VIDEO, dts) - planner->covered_us;
    if (hole_us > SEGMENT_GAP_US)
        add_gap(planner->plan, planner->covered_us, shown_us);
    if (hole_us > LONGEST_GAP_US)
        planner->too_late_us = shown_us;
    planner->covered_us = segment_time_us(reader, TRACK_VIDEO, dts + sample->duration);
    planner->end_us = MAX(planner->end_us, end_us);
    if (shown_us == planner->plan->from_us)
        planner->from_ticks = base + pts;
}

/* Takes the pictures of a fragment from number `first` on. */
static void take_pictures(Planner *planner, unsigned source, const Fmp4FragmentInfo *fragment,
                          uint64_t offset, unsigned first)
{
    SegmentReader *reader = planner->plan->readers->pdata[source];
    CodecParams *params = segment_reader_init(reader)->tracks[TRACK_VIDEO];
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    int64_t base = ticks_of(segment_reader_from_us(reader), params->timescale);
    int64_t dts = (int64_t)run->decode_time;
    uint64_t at = offset + run->offset, begin = 0;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        int64_t pts = dts + sample->composition;
        if (segment_time_us(reader, TRACK_VIDEO, MIN(dts, pts)) > planner->to_us) {
            planner->over = true;
            break;
        }
        if (i == first) {
            begin = at;
            mp4_track_chunk(planner->tracks[TRACK_VIDEO], params, planner->plan->data_bytes);
        }
        if (i >= first) {
            note_picture(planner, reader, dts, pts, base, sample);
            mp4_track_sample(planner->tracks[TRACK_VIDEO], base + dts, base + pts, sample->duration,
                             sample->size, sample->key);
        }
        at += sample->size;
        dts += sample->duration;
    }
    if (begin)
        add_extent(planner->plan, source, begin, at - begin);
}

/* Takes the frames of sound that are heard within the clip. */
static void take_sound(Planner *planner, unsigned source, const Fmp4FragmentInfo *fragment,
                       uint64_t offset)
{
    SegmentReader *reader = planner->plan->readers->pdata[source];
    CodecParams *params = segment_reader_init(reader)->tracks[TRACK_AUDIO];
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_AUDIO];
    int64_t base = ticks_of(segment_reader_from_us(reader), params->timescale);
    int64_t time = (int64_t)run->decode_time;
    uint64_t at = offset + run->offset, begin = 0, end = 0;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        bool early =
            segment_time_us(reader, TRACK_AUDIO, time + sample->duration) <= planner->plan->from_us;
        bool late = segment_time_us(reader, TRACK_AUDIO, time) >= planner->to_us;
        if (!early && !late) {
            if (!begin) {
                begin = at;
                mp4_track_chunk(planner->tracks[TRACK_AUDIO], params, planner->plan->data_bytes);
            }
            end = at + sample->size;
            mp4_track_sample(planner->tracks[TRACK_AUDIO], base + time, base + time,
                             sample->duration, sample->size, true);
        }
        at += sample->size;
        time += sample->duration;
    }
    if (begin)
        add_extent(planner->plan, source, begin, end - begin);
}

/* True when nothing behind this fragment belongs to the clip. */
static bool is_past(const Planner *planner, const SegmentReader *reader,
                    const Fmp4FragmentInfo *fragment)
{
    if (!planner->over || !planner->plan->audio)
        return planner->over;
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    return run->count && segment_time_us(reader, TRACK_VIDEO, (int64_t)run->decode_time) >
                             planner->to_us + AUDIO_LATE_US;
}

static bool take_source(Planner *planner, unsigned source, const ClipStart *start, bool *past,
                        GError **error)
{
    SegmentReader *reader = planner->plan->readers->pdata[source];
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    GError *trouble = NULL;
    unsigned first = source == start->source ? start->sample : 0;
    segment_reader_seek(reader, source == start->source ? start->offset : 0);
    while (!*past && segment_reader_next_good(reader, &fragment, &offset, &trouble)) {
        if (!planner->over)
            take_pictures(planner, source, fragment, offset, first);
        if (planner->plan->audio)
            take_sound(planner, source, fragment, offset);
        *past = is_past(planner, reader, fragment);
        first = 0;
    }
    if (trouble)
        g_propagate_error(error, trouble);
    return !trouble;
}

static bool take_all(Planner *planner, const ClipStart *start, GError **error)
{
    ClipPlan *plan = planner->plan;
    bool past = false;
    for (unsigned i = start->source; i < plan->readers->len && !past; i++) {
        if (segment_reader_from_us(plan->readers->pdata[i]) > planner->to_us)
            break;
        if (!check_codec(plan, start->source, i, error) ||
            !take_source(planner, i, start, &past, error))
            return false;
    }
    return true;
}

static uint64_t movie_ticks(int64_t duration_us)
{
    return (uint64_t)(duration_us * (VIDEO_TIMESCALE / 1000) / 1000);
}

static void play_sound(const Planner *planner)
{
    const ClipPlan *plan = planner->plan;
    Mp4Track *track = planner->tracks[TRACK_AUDIO];
    uint32_t timescale = params_of(plan, 0, TRACK_AUDIO)->timescale;
    int64_t from = ticks_of(plan->from_us, timescale), origin = mp4_track_origin(track);
    int64_t late = MAX(origin - from, 0);
    uint64_t delay = (uint64_t)late * VIDEO_TIMESCALE / timescale;
    uint64_t whole = movie_ticks(plan->to_us - plan->from_us);
    mp4_track_play(track, delay, MAX(from, origin), whole > delay ? whole - delay : 0);
}

static void write_clip_box(ByteWriter *to, const ClipPlan *plan)
{
    const Fmp4InitInfo *init = segment_reader_init(plan->readers->pdata[0]);
    size_t box = box_begin(to, "uuid");
    write_bytes(to, CLIP_BOX, 16);
    write_u32(to, 1);
    write_u32(to, (uint32_t)init->stream);
    write_bytes(to, init->camera.bytes, sizeof init->camera.bytes);
    write_u64(to, (uint64_t)plan->from_us);
    write_u64(to, (uint64_t)plan->to_us);
    write_u32(to, plan->gaps->len);
    for (unsigned i = 0; i < plan->gaps->len; i++) {
        write_u64(to, (uint64_t)g_array_index(plan->gaps, ClipGap, i).from_us);
        write_u64(to, (uint64_t)g_array_index(plan->gaps, ClipGap, i).to_us);
    }
    box_end(to, box);
}

/* A comment as QuickTime has it, in both languages. */
static void write_sight(ByteWriter *to, const ClipPlan *plan)
{
    g_autofree char *vi = clip_sight(plan, true), *en = clip_sight(plan, false);
    if (!vi)
        return;
    g_autofree char *text = g_strdup_printf("%s / %s (EN 62676-4)", vi, en);
    size_t udta = box_begin(to, "udta"), box = box_begin(to, "\xa9"
                                                             "cmt");
    write_u16(to, (uint16_t)strlen(text));
    write_u16(to, 0x55c4); /* language: und */
    write_bytes(to, text, strlen(text));
    box_end(to, box);
    box_end(to, udta);
}

static void write_front(Planner *planner)
{
    ClipPlan *plan = planner->plan;
    g_auto(ByteWriter) extra = {0};
    write_sight(&extra, plan);
    write_clip_box(&extra, plan);
    mp4_track_play(planner->tracks[TRACK_VIDEO], 0, planner->from_ticks,
                   movie_ticks(plan->to_us - plan->from_us));
    if (plan->audio)
        play_sound(planner);
    mp4_write_movie(&plan->front, &(Mp4Movie){.tracks = {planner->tracks[TRACK_VIDEO],
                                                         planner->tracks[TRACK_AUDIO]},
                                              .created_us = plan->from_us,
                                              .duration = movie_ticks(plan->to_us - plan->from_us),
                                              .extra = &extra,
                                              .data_bytes = plan->data_bytes});
    uint8_t digest[SHA256_BYTES];
    sha256(plan->front.data, plan->front.size, digest);
    hex_encode(digest, sizeof digest, plan->tag);
}

static bool fill_plan(Planner *planner, const ClipStart *start, GError **error)
{
    ClipPlan *plan = planner->plan;
    int64_t asked_us = plan->from_us;
    plan->from_us = MAX(asked_us, start->time_us);
    planner->from_ticks = ticks_of(plan->from_us, params_of(plan, 0, TRACK_VIDEO)->timescale);
    add_gap(plan, asked_us, plan->from_us);
    if (!take_all(planner, start, error))
        return false;
    if (planner->too_late_us) {
        char time[TIME_TEXT];
        return err_set(
            error, ERR_UNSUPPORTED,
            "there is a gap of more than 12 hours before %s: cut one clip until then and "
            "one from then on",
            time_text(planner->too_late_us, time));
    }
    plan->to_us = MIN(planner->to_us, planner->end_us);
    if (plan->to_us <= plan->from_us)
        return err_set(error, ERR_NOT_FOUND, "there is no footage in this span");
    add_gap(plan, plan->to_us, planner->to_us);
    plan->pictures = mp4_track_samples(planner->tracks[TRACK_VIDEO]);
    plan->sounds = plan->audio ? mp4_track_samples(planner->tracks[TRACK_AUDIO]) : 0;
    plan->audio = plan->sounds > 0;
    plan->start = *start;
    write_front(planner);
    return true;
}

static ClipPlan *plan_of(const ClipSource *sources, unsigned count, int64_t from_us, int64_t to_us,
                         bool audio, const PlaceLens *lens, GError **error)
{
    if (from_us >= to_us || from_us < 0 || to_us > LATEST_US) {
        err_set(error, ERR_INVALID, "a clip must end after it begins, and before the year 3111");
        return NULL;
    }
    g_autoptr(ClipPlan) plan = g_new0(ClipPlan, 1);
    plan->readers = g_ptr_array_new_with_free_func((GDestroyNotify)segment_reader_free);
    plan->extents = g_array_new(FALSE, FALSE, sizeof(ClipExtent));
    plan->gaps = g_array_new(FALSE, FALSE, sizeof(ClipGap));
    plan->from_us = from_us;
    plan->lens = lens ? *lens : (PlaceLens){0};
    ClipStart start;
    if (!open_sources(plan, sources, count, from_us, to_us, error) ||
        !clip_find_start(plan, from_us, &start, error))
        return NULL;
    if (!start.found || start.time_us > to_us) {
        err_set(error, ERR_NOT_FOUND, "there is no footage in this span");
        return NULL;
    }
    plan->audio = audio && audio_in_all(plan);
    g_autoptr(Mp4Track) video = mp4_track_new(TRACK_VIDEO, VIDEO_TIMESCALE);
    g_autoptr(Mp4Track) sound =
        plan->audio ? mp4_track_new(TRACK_AUDIO, params_of(plan, 0, TRACK_AUDIO)->timescale) : NULL;
    Planner planner = {.plan = plan,
                       .to_us = to_us,
                       .tracks = {video, sound},
                       .covered_us = INT64_MIN,
                       .end_us = INT64_MIN};
    return fill_plan(&planner, &start, error) ? g_steal_pointer(&plan) : NULL;
}

ClipPlan *clip_plan(const ClipSource *sources, unsigned count, int64_t from_us, int64_t to_us,
                    bool audio, GError **error)
{
    return plan_of(sources, count, from_us, to_us, audio, NULL, error);
}

ClipPlan *clip_plan_segments(const GArray *segments, int64_t from_us, int64_t to_us, bool audio,
                             const PlaceLens *lens, GError **error)
{
    g_autofree ClipSource *sources = g_new0(ClipSource, segments->len + 1);
    for (guint i = 0; i < segments->len; i++) {
        const ArchiveSegment *segment = &g_array_index(segments, ArchiveSegment, i);
        sources[i] = (ClipSource){segment->path, segment->from_us, segment->to_us,
                                  segment->open ? segment->bytes : 0};
    }
    return plan_of(sources, segments->len, from_us, to_us, audio, lens, error);
}

void clip_plan_free(ClipPlan *plan)
{
    if (!plan)
        return;
    g_ptr_array_unref(plan->readers);
    g_array_unref(plan->extents);
    g_array_unref(plan->gaps);
    byte_writer_free(&plan->front);
    g_free(plan);
}

int64_t clip_size(const ClipPlan *plan)
{
    return (int64_t)(plan->front.size + plan->data_bytes);
}

int64_t clip_from_us(const ClipPlan *plan)
{
    return plan->from_us;
}

int64_t clip_to_us(const ClipPlan *plan)
{
    return plan->to_us;
}

unsigned clip_pictures(const ClipPlan *plan)
{
    return plan->pictures;
}

bool clip_has_audio(const ClipPlan *plan)
{
    return plan->audio;
}

unsigned clip_sounds(const ClipPlan *plan)
{
    return plan->sounds;
}

const ClipGap *clip_gaps(const ClipPlan *plan, unsigned *count)
{
    *count = plan->gaps->len;
    return (const ClipGap *)(void *)plan->gaps->data;
}

char *clip_sight(const ClipPlan *plan, bool vietnamese)
{
    return place_sight_text(params_of(plan, 0, TRACK_VIDEO)->width, &plan->lens, vietnamese);
}

const char *clip_tag(const ClipPlan *plan)
{
    return plan->tag;
}
