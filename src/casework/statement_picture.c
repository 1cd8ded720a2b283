/* The pictures of a statement: key pictures only, each decoded alone. */
#include "archive/segment_read.h"
#include "casework/statement.h"
#include "picture/picture.h"

enum { PICTURE_WIDTH_PX = 720 };

static void picture_clear(void *data)
{
    buffer_unref(((StatementPicture *)data)->jpeg);
}

/* What of a file lies in the span that was asked for. */
static int64_t shown_us(const EvidencePlan *plan, const EvidenceMedia *media, int64_t *from_us)
{
    *from_us = MAX(media->media.from_us, plan->facts.from_us);
    return MAX(MIN(media->media.to_us, plan->facts.to_us) - *from_us, 0);
}

/* The file and the moment at `into_us` of a camera's footage, gaps left out. NULL: no footage. */
static const EvidenceMedia *find(const EvidencePlan *plan, unsigned camera, int64_t into_us,
                                 int64_t *at_us)
{
    for (size_t i = 0; i < plan->media->len; i++) {
        const EvidenceMedia *media = &g_array_index(plan->media, EvidenceMedia, i);
        int64_t from_us, long_us = shown_us(plan, media, &from_us);
        if (media->media.camera != camera)
            continue;
        *at_us = from_us + into_us;
        if (into_us < long_us)
            return media;
        into_us -= long_us;
    }
    return NULL;
}

/* What cannot be read or decoded is a picture without a JPEG: the statement says so. */
static StatementPicture take(const EvidenceMedia *media, int64_t at_us, MaskSet *masks)
{
    StatementPicture picture = {.at_us = at_us};
    int64_t offset_us = media->media.offset_us;
    g_autoptr(SegmentReader) reader = segment_reader_open(media->path, 0, SEGMENT_OWN_TIME, NULL);
    g_autoptr(AccessUnit) unit =
        reader ? segment_key_picture(reader, at_us - offset_us, NULL) : NULL;
    if (!unit)
        return picture;
    picture.at_us = unit->capture_us + offset_us;
    picture_jpeg_from_unit(unit, PICTURE_WIDTH_PX, masks, &picture.jpeg, NULL);
    return picture;
}

GArray *statement_pictures(const EvidencePlan *plan, unsigned camera, unsigned most, MaskSet *masks)
{
    GArray *pictures = g_array_new(FALSE, TRUE, sizeof(StatementPicture));
    g_array_set_clear_func(pictures, picture_clear);
    int64_t all_us = 0, from_us, at_us, before_us = INT64_MIN;
    for (size_t i = 0; i < plan->media->len; i++) {
        const EvidenceMedia *media = &g_array_index(plan->media, EvidenceMedia, i);
        all_us += media->media.camera == camera ? shown_us(plan, media, &from_us) : 0;
    }
    for (unsigned i = 0; i < most; i++) {
        const EvidenceMedia *media =
            find(plan, camera, all_us * (2 * i + 1) / (2 * (int64_t)most), &at_us);
        if (!media)
            break;
        StatementPicture picture = take(media, at_us, masks);
        if (picture.at_us == before_us) { /* key pictures are further apart */
            picture_clear(&picture);
            continue;
        }
        before_us = picture.at_us;
        g_array_append_val(pictures, picture);
    }
    return pictures;
}
