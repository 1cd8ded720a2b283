/* How footage files stand to each other: one that does not begin with a key picture goes on with a
 * group of pictures that the file before began; and two may bear the same times. */
#include "archive/package_check.h"
#include "archive/segment_read.h"

#include "base/clock.h"
#include "base/time_text.h"

#include <string.h>

bool package_media_leads(const GArray *media, size_t index)
{
    if (index == 0)
        return false;
    const PackageMedia *before = &g_array_index(media, PackageMedia, index - 1);
    const PackageMedia *begins = &g_array_index(media, PackageMedia, index);
    return before->camera == begins->camera && before->key_us < before->to_us &&
           begins->from_us - before->to_us < SEGMENT_GAP_US &&
           before->to_us - begins->from_us < SEGMENT_GAP_US &&
           strcmp(before->codec, begins->codec) == 0 && before->width == begins->width &&
           before->height == begins->height;
}

void package_note_leads(PackageCheck *check)
{
    const GArray *all = check->facts.media;
    for (size_t i = 0; i < all->len; i++) {
        const PackageMedia *media = &g_array_index(all, PackageMedia, i);
        int64_t tenths = (media->key_us - media->from_us + SECOND_US / 20) / (SECOND_US / 10);
        if (media->key_us <= media->from_us)
            continue;
        g_autofree char *span = g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT " s",
                                                tenths / 10, tenths % 10);
        if (package_media_leads(all, i))
            verify_note(check->verify,
                        "%s: its first %s go on with a group of pictures that begins in %s: they "
                        "are decoded behind the end of that file",
                        media->name, span, g_array_index(all, PackageMedia, i - 1).name);
        else
            verify_note(
                check->verify,
                "%s: its first %s cannot be decoded with this package: there is no file right "
                "before it with the key picture that they need",
                media->name, span);
    }
}

void package_note_overlaps(PackageCheck *check)
{
    g_autoptr(GArray) overlaps = package_overlaps(&check->facts);
    for (size_t i = 0; i < overlaps->len; i++) {
        const PackageGap *twice = &g_array_index(overlaps, PackageGap, i);
        char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
        verify_note(
            check->verify,
            "camera %s: two footage files have pictures from %s to %s: the node's clock was "
            "set back, or pictures came late",
            uuid_text(&g_array_index(check->facts.cameras, Uuid, twice->camera), camera),
            time_text(twice->from_us, from), time_text(twice->to_us, to));
    }
}
