/* The parts of a footage file for HLS: fragments in groups that begin with a key picture. */
#include "archive/segment_read.h"

#include "base/clock.h"

typedef struct Collector {
    GArray *parts;
    int64_t from_us, to_us, least_us;
    SegmentPart part;         /* the one being gathered; bytes 0: none */
    int64_t start_us, end_us; /* its decode times: they meet those of the next part */
} Collector;

static void finish_part(Collector *collector)
{
    SegmentPart *part = &collector->part;
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
    }
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
