/* Where a clip begins: with the key picture at or before `from`. */
#include "archive/clip_plan.h"

typedef struct Search {
    const SegmentReader *reader;
    unsigned source;
    int64_t from_us;
    int64_t covered_us; /* end of the pictures shown at or before `from` */
    ClipStart best;
    bool over;
} Search;

/* The first picture after `from`. What was found before it serves only if it is still on
 * the screen then; otherwise the clip begins with the first key picture from here on. */
static void meet_later_picture(Search *search, bool key, ClipStart here)
{
    if (search->best.found && search->covered_us + SEGMENT_GAP_US > search->from_us) {
        search->over = true;
        return;
    }
    search->best.found = false;
    if (key) {
        search->best = here;
        search->over = true;
    }
}

static void search_fragment(Search *search, const Fmp4FragmentInfo *fragment, uint64_t offset)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    int64_t dts = (int64_t)run->decode_time;
    for (unsigned i = 0; i < run->count && !search->over; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        int64_t pts = dts + sample->composition;
        int64_t time_us = segment_time_us(search->reader, TRACK_VIDEO, pts);
        ClipStart here = {true, search->source, i, offset, time_us};
        if (time_us > search->from_us) {
            meet_later_picture(search, sample->key, here);
        } else {
            int64_t end_us = segment_time_us(search->reader, TRACK_VIDEO, pts + sample->duration);
            search->covered_us = MAX(search->covered_us, end_us);
            if (sample->key)
                search->best = here;
        }
        dts += sample->duration;
    }
}

bool clip_find_start(ClipPlan *plan, int64_t from_us, ClipStart *start, GError **error)
{
    Search search = {.from_us = from_us, .covered_us = INT64_MIN};
    for (unsigned i = 0; i < plan->readers->len && !search.over; i++) {
        SegmentReader *reader = plan->readers->pdata[i];
        const Fmp4FragmentInfo *fragment;
        uint64_t offset;
        search.reader = reader;
        search.source = i;
        segment_reader_seek(reader, 0);
        GError *trouble = NULL;
        while (!search.over && segment_reader_next_good(reader, &fragment, &offset, &trouble))
            search_fragment(&search, fragment, offset);
        if (trouble) {
            g_propagate_error(error, trouble);
            return false;
        }
    }
    *start = search.best;
    start->found &= search.over || search.covered_us > from_us;
    return true;
}

bool clip_begins_with_key(SegmentReader *reader, bool *key, GError **error)
{
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    GError *trouble = NULL;
    segment_reader_seek(reader, 0);
    bool any = segment_reader_next_good(reader, &fragment, &offset, &trouble);
    if (trouble) {
        g_propagate_error(error, trouble);
        return false;
    }
    const Fmp4ReadRun *run = any ? &fragment->tracks[TRACK_VIDEO] : NULL;
    *key = !run || !run->count || run->samples[0].key;
    return true;
}
