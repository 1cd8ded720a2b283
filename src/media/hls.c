#include "media/hls.h"

#include "base/time_text.h"

#include <inttypes.h>
#include <string.h>

/* The longest part in whole seconds, rounded to nearest (RFC 8216bis §4.4.3.1). */
static int64_t target_duration_s(const HlsPart *parts, unsigned count)
{
    int64_t longest_us = 1000000;
    for (unsigned i = 0; i < count; i++)
        longest_us = MAX(longest_us, parts[i].duration_us);
    return (longest_us + 500000) / 1000000;
}

/* Never by printf("%f"): that follows the locale. */
static void write_seconds(GString *to, int64_t duration_us)
{
    int64_t us = MAX(duration_us, 0);
    g_string_append_printf(to, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
}

static const char *map_of(const HlsPart *part)
{
    return part->init_uri ? part->init_uri : part->uri;
}

static void write_map(GString *to, const HlsPart *part)
{
    g_string_append_printf(to, "#EXT-X-MAP:URI=\"%s\"", map_of(part));
    if (!part->init_uri)
        g_string_append_printf(to, ",BYTERANGE=\"%" PRIu64 "@0\"", part->init_bytes);
    g_string_append_c(to, '\n');
}

static void write_part(GString *to, const HlsPart *part, const HlsPart *before)
{
    char time[TIME_TEXT];
    if (part->discontinuity && before)
        g_string_append(to, "#EXT-X-DISCONTINUITY\n");
    if (!before || strcmp(map_of(before), map_of(part)) != 0)
        write_map(to, part);
    g_string_append_printf(to, "#EXT-X-PROGRAM-DATE-TIME:%s\n", time_text(part->time_us, time));
    g_string_append(to, "#EXTINF:");
    write_seconds(to, part->duration_us);
    g_string_append(to, ",\n");
    if (part->bytes)
        g_string_append_printf(to, "#EXT-X-BYTERANGE:%" PRIu64 "@%" PRIu64 "\n", part->bytes,
                               part->offset);
    g_string_append_printf(to, "%s\n", part->uri);
}

void hls_write_playlist(GString *to, const HlsPart *parts, unsigned count, bool ended)
{
    g_string_append_printf(to,
                           "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%" PRId64
                           "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:%s\n"
                           "#EXT-X-INDEPENDENT-SEGMENTS\n",
                           target_duration_s(parts, count), ended ? "VOD" : "EVENT");
    for (unsigned i = 0; i < count; i++)
        write_part(to, &parts[i], i ? &parts[i - 1] : NULL);
    if (ended)
        g_string_append(to, "#EXT-X-ENDLIST\n");
}
