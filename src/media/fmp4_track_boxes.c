/* Which boxes belong to one track. */
#include "media/fmp4_read.h"

typedef struct Search {
    const uint8_t *head;
    uint32_t track_id;
    size_t *at;
    unsigned count;
} Search;

/* The track id that a trak, trex or traf names; 0 for other boxes. */
static uint32_t track_id_of(const Mp4Box *box)
{
    uint32_t flags;
    ByteReader in = box->body;
    if (box->type == MP4_TYPE('t', 'r', 'a', 'k')) {
        in = mp4_find_box(in, "tkhd");
        read_skip(&in, mp4_read_version(&in, &flags) == 1 ? 16 : 8);
        return read_u32(&in);
    }
    if (box->type == MP4_TYPE('t', 'r', 'a', 'f'))
        in = mp4_find_box(in, "tfhd");
    else if (box->type != MP4_TYPE('t', 'r', 'e', 'x'))
        return 0;
    mp4_read_version(&in, &flags);
    return read_u32(&in);
}

static void search(Search *found, ByteReader in, const char *const *parents)
{
    Mp4Box box;
    while (mp4_box_next(&in, &box)) {
        if (*parents && box.type == get_u32((const uint8_t *)*parents))
            search(found, box.body, parents + 1);
        else if (track_id_of(&box) == found->track_id && found->count < FMP4_TRACK_BOXES)
            found->at[found->count++] = (size_t)(box.body.data - found->head) - 4;
    }
}

unsigned fmp4_track_boxes(const uint8_t *head, size_t size, Track track,
                          size_t at[FMP4_TRACK_BOXES])
{
    static const char *const init[] = {"moov", "mvex", NULL};
    static const char *const fragment[] = {"moof", NULL};
    Search found = {.head = head, .track_id = mp4_track_id(track), .at = at};
    search(&found, byte_reader(head, size), init);
    search(&found, byte_reader(head, size), fragment);
    return found.count;
}
