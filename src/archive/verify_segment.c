/* The bytes of one footage file against the leaves of its seal: which fragment, which second.
 *
 * Fragments are found again by their hash, wherever they stand, so that changed, missing, moved and
 * added ones are told apart. A fragment's time is its prft (plus the seal's offset) when the
 * fragment is one that was sealed; of a damaged one it is taken from its neighbours.
 */
#include "archive/footage_scan.h"
#include "archive/verify_check.h"

#include <string.h>

typedef struct Match {
    Verify *verify;
    const char *path;
    const SegmentSeal *seal;
    GArray *parts;     /* FootagePart */
    int64_t *leaf_us;  /* when each leaf begins; [entry_count] is the end */
    int *leaf_of_part; /* index of the leaf, or -1 */
    int *part_of_leaf;
} Match;

/* Leaf 0 is the init part, which belongs to the whole segment. */
static void tell(const Match *match, size_t first, size_t last, const char *what)
{
    const SegmentSeal *seal = match->seal;
    int64_t from_us = first == 0 ? seal->from_us : match->leaf_us[first];
    int64_t to_us = first == 0 ? seal->to_us : match->leaf_us[last + 1];
    if (first == 0 && last == 0)
        verify_fault(match->verify, &seal->camera, from_us, to_us, match->path,
                     "the init part, without which nothing of it plays, %s", what);
    else if (first == last)
        verify_fault(match->verify, &seal->camera, from_us, to_us, match->path, "fragment %zu %s",
                     first, what);
    else
        verify_fault(match->verify, &seal->camera, from_us, to_us, match->path,
                     "fragments %zu to %zu %s", first, last, what);
}

static void parts_match(Match *match, GHashTable *leaves)
{
    memset(match->part_of_leaf, 0xff, match->seal->entry_count * sizeof(int));
    for (size_t i = 0; i < match->parts->len; i++) {
        const FootagePart *part = &g_array_index(match->parts, FootagePart, i);
        void *value = NULL;
        match->leaf_of_part[i] = -1;
        if (part->broken || !g_hash_table_lookup_extended(leaves, &part->hash, NULL, &value))
            continue;
        int leaf = GPOINTER_TO_INT(value);
        match->leaf_of_part[i] = leaf;
        if (match->part_of_leaf[leaf] < 0)
            match->part_of_leaf[leaf] = (int)i;
    }
}

/* What the prft of a leaf's part says; of a leaf that is not there, the part that stands in its
 * place (behind `*place`) may say it, when that lies behind `after_us`. */
static int64_t leaf_time(const Match *match, size_t leaf, int *place, int64_t after_us)
{
    const SegmentSeal *seal = match->seal;
    int part = match->part_of_leaf[leaf];
    bool stand_in = part < 0 && *place >= 0 && *place + 1 < (int)match->parts->len &&
                    match->leaf_of_part[*place + 1] < 0;
    *place = stand_in ? *place + 1 : part;
    if (*place < 0)
        return FOOTAGE_NO_TIME;
    int64_t prft_us = g_array_index(match->parts, FootagePart, *place).prft_us;
    if (prft_us == FOOTAGE_NO_TIME || (stand_in && (prft_us + seal->offset_us <= after_us ||
                                                    prft_us + seal->offset_us > seal->to_us)))
        return FOOTAGE_NO_TIME;
    return prft_us + seal->offset_us;
}

/* Evenly between two leaves whose times are known. */
static void times_between(int64_t *leaf_us, size_t from, size_t to)
{
    int64_t span_us = leaf_us[to] - leaf_us[from], steps = (int64_t)(to - from);
    for (size_t leaf = from + 1; leaf < to; leaf++)
        leaf_us[leaf] = leaf_us[from] + span_us * (int64_t)(leaf - from) / steps;
}

static void leaves_time(Match *match)
{
    const SegmentSeal *seal = match->seal;
    size_t known = MIN(1, seal->entry_count);
    int place = match->part_of_leaf[0];
    match->leaf_us[0] = match->leaf_us[1] = seal->from_us;
    for (size_t leaf = 1; leaf < seal->entry_count; leaf++) {
        int64_t time_us = leaf_time(match, leaf, &place, match->leaf_us[known]);
        if (time_us == FOOTAGE_NO_TIME)
            continue;
        match->leaf_us[leaf] = time_us;
        if (leaf > known)
            times_between(match->leaf_us, known, leaf);
        known = leaf;
    }
    match->leaf_us[seal->entry_count] = seal->to_us;
    times_between(match->leaf_us, known, seal->entry_count);
}

/* Whether parts that were never sealed stand where leaves first … last should. */
static bool strangers_between(const Match *match, size_t first, size_t last)
{
    int before = first > 0 ? match->part_of_leaf[first - 1] : -1;
    int after = last + 1 < match->seal->entry_count ? match->part_of_leaf[last + 1] : -1;
    size_t end = after >= 0 ? (size_t)after : match->parts->len;
    for (size_t i = before < 0 ? 0 : (size_t)before + 1; i < end; i++)
        if (match->leaf_of_part[i] < 0)
            return true;
    return false;
}

static size_t missing_tell(const Match *match)
{
    size_t count = match->seal->entry_count, faults = 0;
    for (size_t first = 0; first < count; first++) {
        if (match->part_of_leaf[first] >= 0)
            continue;
        size_t last = first;
        while (first > 0 && last + 1 < count && match->part_of_leaf[last + 1] < 0)
            last++;
        if (strangers_between(match, first, last))
            tell(match, first, last, last > first ? "were changed" : "was changed");
        else if (last + 1 == count)
            tell(match, first, last, "and the end of the file: cut off");
        else
            tell(match, first, last, last > first ? "are missing" : "is missing");
        first = last;
        faults++;
    }
    return faults;
}

static size_t moved_tell(const Match *match)
{
    size_t faults = 0;
    int newest = -1;
    for (size_t i = 0; i < match->parts->len; i++) {
        int leaf = match->leaf_of_part[i];
        if (leaf < 0)
            continue;
        if (leaf < newest || match->part_of_leaf[leaf] != (int)i) {
            tell(match, (size_t)leaf, (size_t)leaf,
                 match->part_of_leaf[leaf] != (int)i ? "stands there twice" : "was moved");
            faults++;
        }
        newest = MAX(newest, leaf);
    }
    return faults;
}

/* Parts that were never sealed, where no leaf is missing. */
static void strangers_tell(const Match *match)
{
    for (size_t i = 0; i < match->parts->len; i++) {
        const FootagePart *part = &g_array_index(match->parts, FootagePart, i);
        if (match->leaf_of_part[i] >= 0)
            continue;
        int64_t at_us = match->seal->to_us;
        for (size_t next = i + 1; next < match->parts->len; next++)
            if (match->leaf_of_part[next] >= 0) {
                at_us = match->leaf_us[match->leaf_of_part[next]];
                break;
            }
        verify_fault(match->verify, &match->seal->camera, at_us, at_us, match->path,
                     "%" G_GUINT64_FORMAT " bytes at offset %" G_GUINT64_FORMAT
                     " were put in after sealing",
                     part->bytes, part->offset);
    }
}

static void differences_tell(Match *match)
{
    leaves_time(match);
    size_t faults = missing_tell(match) + moved_tell(match);
    if (faults == 0)
        strangers_tell(match);
}

static bool all_in_place(const Match *match)
{
    if (match->parts->len != match->seal->entry_count)
        return false;
    for (size_t i = 0; i < match->parts->len; i++)
        if (match->leaf_of_part[i] != (int)i)
            return false;
    return true;
}

static int64_t parts_bytes(const GArray *parts)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < parts->len; i++)
        bytes += g_array_index(parts, FootagePart, i).bytes;
    return (int64_t)bytes;
}

static int64_t part_time(const GArray *parts, size_t index, const SegmentSeal *seal)
{
    int64_t prft_us = g_array_index(parts, FootagePart, index).prft_us;
    return prft_us == FOOTAGE_NO_TIME ? FOOTAGE_NO_TIME : prft_us + seal->offset_us;
}

static void segment_check(Verify *verify, const char *path, SegmentPlace *place,
                          const SegmentSeal *seal)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GHashTable) leaves = g_hash_table_new(hash_key_hash, hash_key_equal);
    for (size_t i = 0; i < seal->entry_count; i++)
        g_hash_table_insert(leaves, &seal->entries[i], GINT_TO_POINTER((int)i));
    g_autoptr(GArray) parts =
        place ? footage_scan_part(place->fd, path, place->offset, place->bytes, leaves, &trouble)
              : footage_scan(path, leaves, &trouble);
    if (!parts) {
        verify_fault(verify, &seal->camera, seal->from_us, seal->to_us, path, "%s",
                     trouble->message);
        return;
    }
    g_autofree int64_t *leaf_us = g_new0(int64_t, seal->entry_count + 2);
    g_autofree int *leaf_of_part = g_new0(int, parts->len + 1);
    g_autofree int *part_of_leaf = g_new0(int, seal->entry_count);
    Match match = {.verify = verify, .path = path, .seal = seal, .parts = parts};
    match.leaf_us = leaf_us;
    match.leaf_of_part = leaf_of_part;
    match.part_of_leaf = part_of_leaf;
    parts_match(&match, leaves);
    if (!all_in_place(&match))
        differences_tell(&match);
    else if (parts_bytes(parts) != seal->bytes)
        verify_fault(verify, &seal->camera, seal->from_us, seal->to_us, path,
                     "the seal says %" G_GINT64_FORMAT " bytes, the file has %" G_GINT64_FORMAT,
                     seal->bytes, parts_bytes(parts));
    else if (place && parts->len > 1) {
        place->first_us = part_time(parts, 1, seal);
        place->last_us = part_time(parts, parts->len - 1, seal);
        place->last_at = g_array_index(parts, FootagePart, parts->len - 1).offset;
        place->parts = g_array_ref(parts);
    }
    verify->report->segments++;
    verify->report->fragments += (int64_t)seal->entry_count - 1;
    verify_read(verify, parts_bytes(parts));
}

void verify_segment(Verify *verify, const char *path, const SegmentSeal *seal)
{
    segment_check(verify, path, NULL, seal);
}

void verify_segment_part(Verify *verify, SegmentPlace *place, const SegmentSeal *seal)
{
    segment_check(verify, place->path, place, seal);
}
