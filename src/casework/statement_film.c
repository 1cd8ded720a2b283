/* How a camera's footage is coded, each way once: it may have been set otherwise within the span.
 */
#include "casework/statement.h"

#include <inttypes.h>
#include <string.h>

enum { WAYS_MOST = 4 }; /* in a cell of a table; the manifest has all */

static PackageFilm *find_way(GArray *ways, const PackageFilm *film)
{
    for (size_t i = 0; i < ways->len; i++) {
        PackageFilm *way = &g_array_index(ways, PackageFilm, i);
        if (strcmp(way->codec, film->codec) == 0 && way->width == film->width &&
            way->height == film->height)
            return way;
    }
    return NULL;
}

static GArray *ways_of(const Statement *statement, unsigned index)
{
    const PackageFacts *facts = &statement->plan->facts;
    const Uuid *camera = &g_array_index(facts->cameras, Uuid, index);
    g_autoptr(GArray) films = package_films(facts);
    GArray *ways = g_array_new(FALSE, TRUE, sizeof(PackageFilm));
    for (size_t i = 0; i < films->len; i++) {
        const PackageFilm *film = &g_array_index(films, PackageFilm, i);
        if (!uuid_equal(&film->camera, camera))
            continue;
        PackageFilm *way = find_way(ways, film);
        if (way) {
            way->pictures += film->pictures;
            way->ticks += film->ticks;
        } else {
            g_array_append_val(ways, *film);
        }
    }
    return ways;
}

static void add_way(GString *text, const PackageFilm *way, bool vi)
{
    g_autofree char *rate =
        way->ticks > 0
            ? statement_number((double)way->pictures * VIDEO_TIMESCALE / (double)way->ticks, vi)
            : g_strdup("?");
    if (way->width <= 0) {
        g_string_append(text, "?");
        return;
    }
    g_string_append_printf(text, "%s %" PRId64 " × %" PRId64 ", %s %s",
                           g_str_has_prefix(way->codec, "avc") ? "H.264" : "H.265", way->width,
                           way->height, rate, vi ? "hình mỗi giây" : "a second");
}

char *statement_coded(const Statement *statement, unsigned index, bool vietnamese)
{
    g_autoptr(GArray) ways = ways_of(statement, index);
    g_autoptr(GString) text = g_string_new(ways->len > 0 ? NULL : "–");
    for (size_t i = 0; i < MIN(ways->len, WAYS_MOST); i++) {
        g_string_append(text, i > 0 ? "; " : "");
        add_way(text, &g_array_index(ways, PackageFilm, i), vietnamese);
    }
    if (ways->len > WAYS_MOST)
        g_string_append(text, "; …");
    return g_string_free(g_steal_pointer(&text), FALSE);
}
