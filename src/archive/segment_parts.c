/* The parts of a footage file for HLS: fragments in groups that begin with a key picture. */
#include "archive/segment_read.h"

#include "base/clock.h"

/* Sound may be missing so long in a part, which players make up for; it may lag behind the pictures
 * by so much more. */
enum { SOUND_HOLE_MOST_US = 500000, SOUND_LAG_MOST_US = 1500000 };

/* The sound of the part that is being gathered. Behind a hole of more than two of its frames
 * players drop what follows, pictures too (W3C MSE, coded frame processing): where one part follows
 * another nobody can make up for it. */
typedef struct PartSound {
    int64_t end_us;   /* of the newest sample; 0: none of this run of parts yet */
    int64_t frame_us; /* how long that one lasts */
    int64_t missing_us;
    bool any, torn; /* in this part; it does not follow the part before */
} PartSound;

typedef struct Collector {
    GArray *parts;
    int64_t from_us, to_us, least_us;
    SegmentPart part;         /* the one being gathered; bytes 0: none */
    int64_t start_us, end_us; /* its decode times: they meet those of the next part */
    PartSound sound;
} Collector;

static void add_sound(PartSound *sound, const SegmentReader *reader, const Fmp4ReadRun *run)
{
    if (run->count == 0)
        return;
    int64_t dts = (int64_t)run->decode_time;
    int64_t start_us = segment_time_us(reader, TRACK_AUDIO, dts);
    int64_t hole_us = sound->end_us ? MAX(0, start_us - sound->end_us) : 0;
    if (sound->any)
        sound->missing_us += hole_us;
    else
        sound->torn = sound->end_us && hole_us > 2 * sound->frame_us;
    sound->any = true;
    int64_t last = (int64_t)run->samples[run->count - 1].duration;
    sound->end_us = segment_time_us(reader, TRACK_AUDIO, dts + (int64_t)run->duration);
    sound->frame_us =
        sound->end_us - segment_time_us(reader, TRACK_AUDIO, dts + (int64_t)run->duration - last);
}

/* Does it last? Begins anew for the next part. */
static bool take_sound(PartSound *sound, int64_t part_end_us)
{
    bool lasts = sound->any && !sound->torn && sound->missing_us <= SOUND_HOLE_MOST_US &&
                 part_end_us - sound->end_us <= SOUND_LAG_MOST_US;
    sound->any = sound->torn = false;
    sound->missing_us = 0;
    return lasts;
}

static void finish_part(Collector *collector)
{
    SegmentPart *part = &collector->part;
    part->sound = take_sound(&collector->sound, collector->end_us);
    if (part->bytes && part->time_us < collector->to_us &&
        part->time_us + part->duration_us > collector->from_us)
        g_array_append_val(collector->parts, *part);
    part->bytes = 0;
}

static void add_fragment(Collector *collector, const SegmentReader *reader,
                         const Fmp4FragmentInfo *fragment, uint64_t offset)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    SegmentPart *part = &collector->part;
    if (run->count == 0) { /* sound alone belongs to the pictures before it */
        part->bytes += part->bytes ? fragment->bytes : 0;
        add_sound(&collector->sound, reader, &fragment->tracks[TRACK_AUDIO]);
        return;
    }
    int64_t dts = (int64_t)run->decode_time;
    int64_t start_us = segment_time_us(reader, TRACK_VIDEO, dts);
    bool gap = part->bytes && start_us - collector->end_us > SEGMENT_GAP_US;
    if (part->bytes && run->samples[0].key &&
        (gap || start_us - collector->start_us >= collector->least_us)) {
        part->whole = true;
        finish_part(collector);
    }
    if (!part->bytes && !run->samples[0].key) /* cannot be decoded from here */
        return;
    if (!part->bytes) {
        *part = (SegmentPart){
            .offset = offset,
            .time_us = segment_time_us(reader, TRACK_VIDEO, dts + run->samples[0].composition),
            .gap_before = gap};
        collector->start_us = start_us;
        if (gap)
            collector->sound.end_us = 0;
    }
    add_sound(&collector->sound, reader, &fragment->tracks[TRACK_AUDIO]);
    part->bytes += fragment->bytes;
    collector->end_us = segment_time_us(reader, TRACK_VIDEO, dts + (int64_t)run->duration);
    part->duration_us = collector->end_us - collector->start_us;
}

GArray *segment_parts(SegmentReader *reader, int64_t from_us, int64_t to_us, int64_t least_us,
                      GError **error)
{
    GError *trouble = NULL;
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    Collector collector = {.parts = g_array_new(FALSE, FALSE, sizeof(SegmentPart)),
                           .from_us = from_us,
                           .to_us = to_us,
                           .least_us = least_us};
    segment_reader_seek(reader, 0);
    while (segment_reader_next_good(reader, &fragment, &offset, &trouble)) {
        add_fragment(&collector, reader, fragment, offset);
        if (collector.part.bytes && collector.part.time_us >= to_us)
            break;
    }
    if (trouble) {
        g_propagate_error(error, trouble);
        g_array_unref(collector.parts);
        return NULL;
    }
    finish_part(&collector);
    return collector.parts;
}
