/* Which fragments of a segment belong to a span: no more than is needed to play it. */
#include "archive/segment_read.h"
#include "casework/evidence_plan.h"

typedef struct Chosen {
    PackageMedia *media;
    EvidenceMedia *place;
    int64_t end_us; /* of the pictures of the fragment taken last */
    bool over;      /* the next one begins behind the span */
} Chosen;

/* Fragment `number` begins at `time_us`; it is the first until a later one serves better. */
static void take(Chosen *chosen, const Fmp4FragmentInfo *fragment, int64_t number, int64_t time_us,
                 uint64_t offset, int64_t from_us)
{
    const Fmp4ReadRun *pictures = &fragment->tracks[TRACK_VIDEO];
    bool key = pictures->count > 0 && pictures->samples[0].key;
    if (number == 1 || (key && time_us <= from_us)) {
        chosen->media->first = number;
        chosen->media->from_us = time_us;
        chosen->place->at = offset;
        chosen->media->pictures = chosen->media->ticks = 0;
        chosen->media->key_us = INT64_MAX;
    }
    package_media_count(chosen->media, pictures, time_us);
    chosen->media->last = number;
    chosen->place->bytes = offset + fragment->bytes - chosen->place->at;
    chosen->end_us = time_us + package_run_us(pictures);
}

bool evidence_choose(EvidenceMedia *media, const SegmentSeal *seal, int64_t from_us, int64_t to_us,
                     GError **error)
{
    g_autoptr(SegmentReader) reader = segment_reader_open(media->path, 0, SEGMENT_OWN_TIME, error);
    if (!reader)
        return false;
    Chosen chosen = {.media = &media->media, .place = media};
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    int64_t number = 1, fragments = (int64_t)seal->entry_count - 1;
    media->init_bytes = segment_reader_init(reader)->bytes;
    package_media_coded(&media->media, segment_reader_init(reader)->tracks[TRACK_VIDEO]);
    media->media.to_us = seal->to_us;
    /* A file that is damaged ends there: what is behind cannot be played. */
    for (; number <= fragments && !chosen.over &&
           segment_reader_next_good(reader, &fragment, &offset, error);
         number++) {
        bool told = number > 1 && fragment->prft_us != FMP4_NO_PRFT;
        int64_t time_us = told ? fragment->prft_us + seal->offset_us : seal->from_us;
        chosen.over = number > 1 && time_us >= to_us;
        if (chosen.over)
            media->media.to_us = MIN(time_us, chosen.end_us);
        else
            take(&chosen, fragment, number, time_us, offset, from_us);
    }
    if (media->media.last == 0 || (error && *error))
        return false;
    if (!chosen.over && media->media.last < fragments)
        media->media.to_us = MIN(seal->to_us, chosen.end_us);
    media->media.key_us = MIN(media->media.key_us, media->media.to_us);
    return true;
}
