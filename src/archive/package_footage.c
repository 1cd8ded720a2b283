/* A package's footage: each camera's seal lines, and the fragments against their leaves. */
#include "archive/footage_scan.h"
#include "archive/package_check.h"

#include <string.h>

#define OFFSET_MOST_US (INT64_C(1) << 50)

/* One camera's lines. */
typedef struct Lines {
    PackageCheck *check;
    unsigned camera;
    const Uuid *id;
    char name[ZIP_NAME_TEXT];
    unsigned number; /* of the line */
    ChainLink link;
    Uuid volume; /* whose chain `link` is in */
} Lines;

static void line_take(Lines *lines, const char *text, const LineSeal *seal, const Hash *prev,
                      PackageSeal *line)
{
    PackageCheck *check = lines->check;
    const LineHead head = {.seq = line->seq, .prev = *prev, .seal = *seal};
    line->camera = lines->camera;
    line->hash = seal->hash;
    int key_index = package_signature(check, &head, text, lines->id, line->from_us, line->to_us,
                                      lines->name, lines->number);
    bool begins = !uuid_equal(&lines->volume, &line->volume);
    if (begins) /* its first line here follows whatever it says it follows */
        lines->link = (ChainLink){.seq = head.seq - 1, .hash = head.prev, .key_index = key_index};
    g_autofree char *what = chain_link_fault(&lines->link, &head, key_index);
    if (what)
        package_fault(check, lines->id, line->from_us, line->to_us, lines->name, "line %u %s",
                      lines->number, what);
    lines->volume = line->volume;
    g_array_append_val(check->seals, *line);
    check->verify->report->lines++;
}

static void take_gaps(Lines *lines, const SegmentSeal *seal)
{
    for (size_t i = 0; i < seal->gap_count && seal->stream == STREAM_MAIN; i++) {
        PackageGap gap = {lines->camera, seal->gaps[i].from_us, seal->gaps[i].to_us,
                          seal->gaps[i].cause};
        if (package_time_plausible(gap.from_us) && package_time_plausible(gap.to_us))
            g_array_append_val(lines->check->facts.declared, gap);
    }
}

static const PackageMedia *listed_find(const Lines *lines, const SegmentSeal *seal)
{
    const GArray *listed = lines->check->listed;
    char name[ZIP_NAME_TEXT];
    package_media_name(lines->camera, seal->file, name);
    for (size_t i = 0; listed && i < listed->len; i++) {
        const PackageMedia *media = &g_array_index(listed, PackageMedia, i);
        if (strcmp(media->name, name) == 0 && media->seq == seal->seq &&
            uuid_equal(&media->volume, &seal->volume))
            return media;
    }
    return NULL;
}

/* How long the last fragment lasts, as its own head says; 0: it says nothing. */
static int64_t last_lasts_us(const SegmentPlace *place)
{
    g_auto(Fmp4FragmentInfo) fragment = {0};
    return package_read_fragment(place, place->last_at, &fragment)
               ? package_run_us(&fragment.tracks[TRACK_VIDEO])
               : 0;
}

/* Whether the times that continuity.json tells of a file are those of its fragments. */
static bool times_hold(const PackageMedia *media, const SegmentSeal *seal,
                       const SegmentPlace *place)
{
    int64_t begins_us = media->first == 1 ? seal->from_us : place->first_us;
    bool last = media->last + 1 == (int64_t)seal->entry_count;
    bool ends = last ? media->to_us == seal->to_us
                     : package_time_plausible(place->last_us) && media->to_us > place->last_us &&
                           media->to_us - place->last_us <= last_lasts_us(place);
    return media->from_us == begins_us && ends && media->from_us < media->to_us;
}

/* The seal as it would be of a segment that has these fragments only. */
static void check_media(Lines *lines, const SegmentSeal *seal, PackageMedia media)
{
    PackageCheck *check = lines->check;
    const ZipEntry *entry = package_entry(check, media.name);
    if (!entry || media.first < 1 || media.first > media.last ||
        media.last >= (int64_t)seal->entry_count || !package_time_plausible(media.from_us) ||
        !package_time_plausible(media.to_us)) {
        package_fault(check, lines->id, seal->from_us, seal->to_us, media.name,
                      "is not there, or is told to have fragments that its seal does not have");
        return;
    }
    size_t fragments = (size_t)(media.last - media.first) + 1;
    g_autofree Hash *entries = g_new(Hash, fragments + 1);
    entries[0] = seal->entries[0];
    memcpy(entries + 1, seal->entries + media.first, fragments * sizeof *entries);
    g_autofree char *path = g_strdup_printf("%s: %s", check->path, media.name);
    SegmentPlace place = {
        .path = path, .fd = check->fd, .offset = package_entry_at(entry), .bytes = entry->bytes};
    SegmentSeal part = *seal;
    part.entries = entries;
    part.entry_count = fragments + 1;
    part.from_us = media.from_us;
    part.to_us = media.to_us;
    part.bytes = (int64_t)entry->bytes;
    size_t faults = check->verify->report->faults->len;
    verify_segment_part(check->verify, &place, &part);
    if (check->verify->report->faults->len == faults && !times_hold(&media, seal, &place))
        package_fault(check, lines->id, media.from_us, media.to_us, PACKAGE_CONTINUITY,
                      "tells other times of %s than its fragments", media.name);
    media.camera = lines->camera;
    media.offset_us = seal->offset_us;
    media.ntp_us = seal->ntp_us;
    media.key_us = media.from_us;
    if (place.parts)
        package_count_film(&place, &media);
    check->torn |= !place.parts;
    g_clear_pointer(&place.parts, g_array_unref);
    g_array_append_val(check->facts.media, media);
}

static void segment_line(Lines *lines, const char *text, const SegmentSeal *seal)
{
    PackageSeal line = {.volume = seal->volume,
                        .seq = seal->seq,
                        .from_us = seal->from_us,
                        .to_us = seal->to_us,
                        .has_footage = seal->entries != NULL};
    line_take(lines, text, &seal->seal, &seal->prev, &line);
    take_gaps(lines, seal);
    if (!seal->entries)
        return;
    Hash root = merkle_root(seal->entries, seal->entry_count);
    const PackageMedia *media = listed_find(lines, seal);
    if (!hash_equal(&root, &seal->root))
        package_fault(lines->check, lines->id, seal->from_us, seal->to_us, lines->name,
                      "line %u: its leaves do not have the root that was signed", lines->number);
    else if (!media || seal->stream != STREAM_MAIN)
        package_fault(lines->check, lines->id, seal->from_us, seal->to_us, lines->name,
                      "line %u: continuity.json does not tell of this footage", lines->number);
    else
        check_media(lines, seal, *media);
}

static bool seal_plausible(const SegmentSeal *seal)
{
    return package_time_plausible(seal->from_us) && package_time_plausible(seal->to_us) &&
           seal->offset_us > -OFFSET_MOST_US && seal->offset_us < OFFSET_MOST_US;
}

static void check_line(Lines *lines, const char *text, size_t size)
{
    g_auto(SegmentSeal) seal = {0};
    RetiredSeal retired;
    const Uuid *camera = NULL;
    if (segment_seal_parse(text, size, &seal) && seal_plausible(&seal)) {
        camera = &seal.camera;
        if (uuid_equal(camera, lines->id))
            segment_line(lines, text, &seal);
    } else if (retired_seal_parse(text, size, &retired)) {
        camera = &retired.camera;
        PackageSeal line = {.volume = retired.volume,
                            .seq = retired.seq,
                            .from_us = retired.at_us,
                            .to_us = retired.at_us};
        if (uuid_equal(camera, lines->id))
            line_take(lines, text, &retired.seal, &retired.prev, &line);
    }
    if (!camera || !uuid_equal(camera, lines->id))
        package_fault(lines->check, lines->id, 0, 0, lines->name, "line %u %s", lines->number,
                      camera ? "is of another camera" : "cannot be read");
}

static void check_camera(PackageCheck *check, unsigned camera)
{
    Lines lines = {.check = check, .camera = camera};
    lines.id = &g_array_index(check->facts.cameras, Uuid, camera);
    package_seals_name(camera, lines.name);
    size_t size;
    g_autofree char *text = package_read(check, lines.name, &size);
    for (size_t at = 0; text && at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        lines.number++;
        text[at + length] = '\0';
        check_line(&lines, text + at, length);
        at += length + 1;
    }
    if (g_hash_table_add(check->verify->report->counted, g_memdup2(lines.id, sizeof(Uuid))))
        check->verify->report->cameras++;
}

/* Footage that is told and that no seal line was found for. */
static void check_listed(PackageCheck *check)
{
    for (size_t i = 0; check->listed && i < check->listed->len; i++) {
        const PackageMedia *told = &g_array_index(check->listed, PackageMedia, i);
        bool found = false;
        for (size_t j = 0; j < check->facts.media->len && !found; j++)
            found =
                strcmp(g_array_index(check->facts.media, PackageMedia, j).name, told->name) == 0;
        if (!found)
            package_fault(check, NULL, told->from_us, told->to_us, told->name,
                          "no seal of this package holds for it");
    }
}

void package_check_footage(PackageCheck *check)
{
    for (unsigned camera = 0; camera < check->facts.cameras->len; camera++)
        check_camera(check, camera);
    check_listed(check);
    g_array_sort(check->facts.media, package_media_order);
}
