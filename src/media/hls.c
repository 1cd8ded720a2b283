#include "media/hls.h"

#include "base/time_text.h"

#include <inttypes.h>
#include <string.h>

/* To the nearest second, as durations are held against the target (RFC 8216bis §4.4.3.1). */
static int64_t rounded_s(int64_t us)
{
    return (us + 500000) / 1000000;
}

static int64_t target_duration_s(const HlsPart *parts, unsigned count)
{
    int64_t longest_us = 1000000;
    for (unsigned i = 0; i < count; i++)
        longest_us = MAX(longest_us, parts[i].duration_us);
    return rounded_s(longest_us);
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

static void write_parts(GString *to, const HlsPart *parts, unsigned count)
{
    g_string_append(to, "#EXT-X-INDEPENDENT-SEGMENTS\n");
    for (unsigned i = 0; i < count; i++)
        write_part(to, &parts[i], i ? &parts[i - 1] : NULL);
}

static void write_head(GString *to, int64_t target_s, uint64_t sequence)
{
    g_string_append_printf(to,
                           "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%" PRId64
                           "\n#EXT-X-MEDIA-SEQUENCE:%" PRIu64 "\n",
                           target_s, sequence);
}

void hls_write_playlist(GString *to, const HlsPart *parts, unsigned count, bool ended)
{
    write_head(to, target_duration_s(parts, count), 0);
    g_string_append_printf(to, "#EXT-X-PLAYLIST-TYPE:%s\n", ended ? "VOD" : "EVENT");
    write_parts(to, parts, count);
    if (ended)
        g_string_append(to, "#EXT-X-ENDLIST\n");
}

void hls_write_window(GString *to, const HlsPart *parts, unsigned count, const HlsWindow *window)
{
    write_head(to, rounded_s(MAX(window->longest_us, 1000000)), window->sequence);
    g_string_append_printf(to, "#EXT-X-DISCONTINUITY-SEQUENCE:%" PRIu64 "\n",
                           window->discontinuities);
    write_parts(to, parts, count);
}
