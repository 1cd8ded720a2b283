/* What the manifest says of a package's films as pictures: how they are coded, how large they are,
 * and how many came in how long. Whoever checks counts them again. */
#include "archive/footage_scan.h"
#include "archive/package_check.h"
#include "base/file.h"

#include <string.h>

enum { HEAD_BYTES = 4096 }; /* holds the head of nearly every part */
#define TICKS_MOST (UINT64_C(1) << 40)

void package_media_coded(PackageMedia *media, const CodecParams *video)
{
    g_strlcpy(media->codec, video ? video->rfc6381 : "", sizeof media->codec);
    media->width = video ? video->width : 0;
    media->height = video ? video->height : 0;
    media->pictures = media->ticks = 0;
    media->key_us = media->to_us;
}

void package_media_count(PackageMedia *media, const Fmp4ReadRun *pictures, int64_t begins_us)
{
    if (pictures->count > 0 && pictures->samples[0].key)
        media->key_us = MIN(media->key_us, begins_us);
    media->pictures += pictures->count;
    media->ticks += (int64_t)MIN(pictures->duration, TICKS_MOST);
}

/* ---- in the manifest ---- */

static bool is_alike(const PackageFilm *film, const Uuid *camera, const PackageMedia *media)
{
    return uuid_equal(&film->camera, camera) && strcmp(film->codec, media->codec) == 0 &&
           film->width == media->width && film->height == media->height;
}

GArray *package_films(const PackageFacts *facts)
{
    GArray *films = g_array_new(FALSE, TRUE, sizeof(PackageFilm));
    for (size_t i = 0; i < facts->media->len; i++) {
        const PackageMedia *media = &g_array_index(facts->media, PackageMedia, i);
        const Uuid *camera = &g_array_index(facts->cameras, Uuid, media->camera);
        PackageFilm *last =
            films->len > 0 ? &g_array_index(films, PackageFilm, films->len - 1) : NULL;
        if (!last || !is_alike(last, camera, media)) {
            PackageFilm film = {.camera = *camera,
                                .from_us = media->from_us,
                                .width = media->width,
                                .height = media->height};
            g_strlcpy(film.codec, media->codec, sizeof film.codec);
            g_array_append_val(films, film);
            last = &g_array_index(films, PackageFilm, films->len - 1);
        }
        last->to_us = media->to_us;
        last->pictures += media->pictures;
        last->ticks += media->ticks;
    }
    return films;
}

void package_films_put(GString *line, const GArray *films)
{
    line_put_name(line, "films");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < films->len; i++) {
        const PackageFilm *film = &g_array_index(films, PackageFilm, i);
        char camera[UUID_TEXT];
        g_string_append_printf(line, "%s[\"%s\",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",",
                               i > 0 ? "," : "", uuid_text(&film->camera, camera), film->from_us,
                               film->to_us);
        line_add_text(line, film->codec);
        const int64_t numbers[] = {film->width, film->height, film->pictures, film->ticks};
        for (size_t j = 0; j < G_N_ELEMENTS(numbers); j++)
            g_string_append_printf(line, ",%" G_GINT64_FORMAT, numbers[j]);
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

static int64_t next_int(LineReader *reader)
{
    line_read_next(reader);
    return line_read_int(reader, NULL);
}

static PackageFilm read_film(LineReader *reader)
{
    PackageFilm film = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    film.camera = line_read_uuid(reader, NULL);
    film.from_us = next_int(reader);
    film.to_us = next_int(reader);
    line_read_next(reader);
    line_read_chars(reader, NULL, film.codec, sizeof film.codec);
    film.width = next_int(reader);
    film.height = next_int(reader);
    film.pictures = next_int(reader);
    film.ticks = next_int(reader);
    line_read_close(reader);
    return film;
}

void package_films_read(LineReader *reader, GArray *films)
{
    line_read_array(reader, "films");
    while (line_read_item(reader)) {
        PackageFilm film = read_film(reader);
        g_array_append_val(films, film);
        if (films->len > PACKAGE_MEDIA_MOST)
            reader->failed = true;
    }
}

/* ---- against the films ---- */

/* The head of what begins at `at`, into `*head` (owned). Returns how many bytes of it there are. */
static size_t read_head(const SegmentPlace *place, uint64_t at, size_t size, uint8_t **head)
{
    size = (size_t)MIN(place->bytes - at, size);
    *head = g_realloc(*head, size + 1);
    return fd_read_at(place->fd, *head, size, (off_t)(place->offset + at), NULL) ? size : 0;
}

bool package_read_fragment(const SegmentPlace *place, uint64_t at, Fmp4FragmentInfo *fragment)
{
    g_autofree uint8_t *head = NULL;
    size_t need = 0, size = read_head(place, at, HEAD_BYTES, &head);
    Fmp4Result result = fmp4_read_fragment(head, size, fragment, &need);
    if (result == FMP4_MORE && need <= FMP4_MAX_HEAD) {
        size = read_head(place, at, need, &head);
        result = fmp4_read_fragment(head, size, fragment, &need);
    }
    return result == FMP4_OK;
}

static void read_coded(const SegmentPlace *place, PackageMedia *media)
{
    g_autofree uint8_t *head = NULL;
    g_auto(Fmp4InitInfo) init = {0};
    size_t need = 0, size = read_head(place, 0, HEAD_BYTES, &head);
    Fmp4Result result = fmp4_read_init(head, size, &init, &need);
    if (result == FMP4_MORE && need <= FMP4_MAX_HEAD) {
        size = read_head(place, 0, need, &head);
        result = fmp4_read_init(head, size, &init, &need);
    }
    package_media_coded(media, result == FMP4_OK ? init.tracks[TRACK_VIDEO] : NULL);
}

void package_count_film(const SegmentPlace *place, PackageMedia *media)
{
    g_auto(Fmp4FragmentInfo) fragment = {0};
    read_coded(place, media);
    for (size_t i = 1; i < place->parts->len; i++) {
        const FootagePart *part = &g_array_index(place->parts, FootagePart, i);
        int64_t begins_us = i == 1 ? media->from_us : part->prft_us + media->offset_us;
        if (package_read_fragment(place, part->offset, &fragment))
            package_media_count(media, &fragment.tracks[TRACK_VIDEO], begins_us);
    }
}

void package_check_films(PackageCheck *check)
{
    if (check->manifest.format < PACKAGE_FORMAT_FILMS || check->torn)
        return;
    g_autoptr(GArray) films = package_films(&check->facts);
    g_autoptr(GString) told = g_string_new(NULL), found = g_string_new(NULL);
    package_films_put(told, check->manifest.films);
    package_films_put(found, films);
    if (!g_string_equal(told, found))
        package_fault(
            check, NULL, 0, 0, PACKAGE_MANIFEST,
            "tells other codecs, sizes, numbers or times of pictures than the films have");
}
