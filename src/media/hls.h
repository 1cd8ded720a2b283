/* hls.h — text of an HLS media playlist of footage (RFC 8216bis): fragmented MP4 by byte ranges. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct HlsPart {
    const char *uri;      /* borrowed; a file of footage, or this part alone */
    const char *init_uri; /* borrowed; the init part (EXT-X-MAP); NULL: at the front of `uri` */
    uint64_t init_bytes;  /* of the init part at the front of `uri` */
    uint64_t offset,
        bytes;       /* of this part, which begins with a key picture; 0 bytes: all of `uri` */
    int64_t time_us; /* wall clock of its first picture */
    int64_t duration_us;
    bool
        discontinuity; /* media time does not go on from the part before; set it at each new file */
} HlsPart;

/* Appends a playlist of type VOD, or EVENT without an end when not `ended`. Parts in time order.
 * EXT-X-MAP is written anew when it changes; addresses must not hold line breaks or quotes. */
void hls_write_playlist(GString *to, const HlsPart *parts, unsigned count, bool ended);

/* Where a window that slides on stands in all that was told before. */
typedef struct HlsWindow {
    uint64_t sequence;        /* of its first part */
    uint64_t discontinuities; /* up to its first part, that one's included */
    int64_t longest_us;       /* the longest part that ever stood in it */
} HlsWindow;

/* Appends a playlist of live pictures: what has gone is not named any more, and no end is. */
void hls_write_window(GString *to, const HlsPart *parts, unsigned count, const HlsWindow *window);
