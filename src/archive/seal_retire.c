/* Segments go, their seal lines stay (FOOTAGE.md §4).
 *
 * The retired line is durable before the file is deleted, so that no kill leaves a file that is
 * gone without a word; the leaves go last. Each step may be done again.
 */
#include "archive/seal_chain.h"

#include "base/error.h"
#include "base/file.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct Retire {
    SealChain *chain;
    const char *day;  /* of the segments */
    GPtrArray *names; /* of files of this day, borrowed */
    GArray *seals;    /* Hash of the line of each name; zeros when it is retired already */
    const char *reason;
    int64_t at_us;
} Retire;

static char *seals_path(const Retire *retire)
{
    return g_build_filename(retire->chain->folder, retire->day, "seals.jsonl", NULL);
}

/* Index of a file among the names, or -1. */
static int name_index(const Retire *retire, const char *file)
{
    for (size_t i = 0; i < retire->names->len; i++)
        if (strcmp(g_ptr_array_index(retire->names, i), file) == 0)
            return (int)i;
    return -1;
}

typedef struct Lookup {
    Retire *retire;
    size_t found;
} Lookup;

static bool take_seal(void *data, SegmentSeal *segment, RetiredSeal *retired)
{
    Lookup *lookup = data;
    int index = segment ? name_index(lookup->retire, segment->file) : -1;
    if (index < 0)
        return true;
    if (segment->entries)
        g_array_index(lookup->retire->seals, Hash, index) = segment->seal.hash;
    return ++lookup->found < lookup->retire->names->len;
}

static bool seals_find(Retire *retire, GError **error)
{
    Lookup lookup = {.retire = retire};
    g_autofree char *volume_folder = g_path_get_dirname(retire->chain->folder);
    g_array_set_size(retire->seals, retire->names->len);
    if (!seal_day_each(volume_folder, &retire->chain->camera, retire->day, take_seal, &lookup,
                       error))
        return false;
    if (lookup.found < retire->names->len)
        return err_set(error, ERR_NOT_FOUND,
                       "%s/%s: %zu of %u segments to be retired have no seal; nothing was deleted",
                       retire->chain->folder, retire->day, retire->names->len - lookup.found,
                       retire->names->len);
    return true;
}

/* Appends the retired lines of all names that still have their leaves. */
static bool lines_append(Retire *retire, GError **error)
{
    SealChain *chain = retire->chain;
    if (!seal_chain_ready(chain, error))
        return false;
    g_autoptr(GString) lines = g_string_new(NULL);
    RetiredSeal line = {.camera = chain->camera, .volume = chain->volume, .seq = chain->seq};
    line.at_us = retire->at_us;
    line.seal.hash = chain->head;
    g_strlcpy(line.reason, retire->reason, sizeof line.reason);
    for (size_t i = 0; i < retire->names->len; i++) {
        line.segment = g_array_index(retire->seals, Hash, i);
        if (hash_is_zero(&line.segment))
            continue;
        line.seq++;
        line.prev = line.seal.hash;
        g_strlcpy(line.file, g_ptr_array_index(retire->names, i), sizeof line.file);
        g_autoptr(GString) text = retired_seal_write(&line, chain->key);
        g_string_append_len(lines, text->str, (gssize)text->len);
    }
    char day[DAY_TEXT];
    return lines->len == 0 || seal_chain_write(chain, day_text(retire->at_us, day), lines, line.seq,
                                               &line.seal.hash, error);
}

static bool file_delete(const Retire *retire, size_t index, GError **error)
{
    g_autofree char *path =
        g_build_filename(retire->chain->folder, g_ptr_array_index(retire->names, index), NULL);
    if (unlink(path) < 0 && errno != ENOENT)
        return err_errno(error, errno, "cannot delete %s", path);
    return true;
}

/* A full disk has no room for the line that must come first: one file makes it. */
static bool lines_append_or_make_room(Retire *retire, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    if (lines_append(retire, &trouble))
        return true;
    if (!g_error_matches(trouble, ERR, ERR_FULL)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return file_delete(retire, 0, error) && lines_append(retire, error);
}

static bool files_delete(const Retire *retire, GError **error)
{
    for (size_t i = 0; i < retire->names->len; i++)
        if (!file_delete(retire, i, error))
            return false;
    g_autofree char *folder = g_build_filename(retire->chain->folder, retire->day, NULL);
    return folder_sync(folder, error);
}

/* Spares decoding the leaves of all the other lines: the name stands near the front. */
static bool may_be_named(const Retire *retire, const char *line, size_t size)
{
    for (size_t i = 0; i < retire->names->len; i++)
        if (g_strstr_len(line, (gssize)MIN(size, 512), g_ptr_array_index(retire->names, i)))
            return true;
    return false;
}

static void line_copy(const Retire *retire, GString *kept, const char *line, size_t size)
{
    g_auto(SegmentSeal) seal = {0};
    g_autofree char *bare = NULL;
    if (may_be_named(retire, line, size) && segment_seal_parse(line, size, &seal) &&
        name_index(retire, seal.file) >= 0)
        bare = segment_seal_bare(line, &seal);
    if (bare)
        g_string_append(kept, bare);
    else
        g_string_append_len(kept, line, (gssize)size);
    g_string_append_c(kept, '\n');
}

static bool leaves_strip(const Retire *retire, GError **error)
{
    g_autofree char *path = seals_path(retire);
    if (!jsonl_repair(path, error))
        return false;
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    g_autoptr(GString) kept = g_string_new(NULL);
    const char *line;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &line, &size, error)) > 0)
        line_copy(retire, kept, line, size);
    return got == 0 && file_write_atomic(path, kept->str, kept->len, 0640, error);
}

static bool anything_left(const Retire *retire)
{
    for (size_t i = 0; i < retire->seals->len; i++)
        if (!hash_is_zero(&g_array_index(retire->seals, Hash, i)))
            return true;
    return false;
}

static bool day_retire(Retire *retire, GError **error)
{
    if (!lines_append_or_make_room(retire, error) || !files_delete(retire, error))
        return false;
    return !anything_left(retire) || leaves_strip(retire, error);
}

/* Names of the same day as `files[first]`. */
static GPtrArray *names_of_day(const char *const *files, size_t count, size_t first)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = first; i < count; i++)
        if (strncmp(files[i], files[first], 11) == 0)
            g_ptr_array_add(names, (void *)(uintptr_t)files[i]);
    return names;
}

static bool day_seen(const char *const *files, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strncmp(files[i], files[index], 11) == 0)
            return true;
    return false;
}

/* Looks up first, so that nothing is deleted when a name has no seal; then does it. */
static bool day_step(SealChain *chain, const char *const *files, size_t count, size_t first,
                     const Retire *how, bool delete_now, GError **error)
{
    g_autofree char *day = g_path_get_dirname(files[first]);
    g_autoptr(GPtrArray) names = names_of_day(files, count, first);
    g_autoptr(GArray) seals = g_array_new(FALSE, TRUE, sizeof(Hash));
    Retire retire = *how;
    retire.chain = chain;
    retire.day = day;
    retire.names = names;
    retire.seals = seals;
    return seals_find(&retire, error) && (!delete_now || day_retire(&retire, error));
}

bool seal_chain_retire(SealChain *chain, const char *const *files, size_t count, const char *reason,
                       int64_t at_us, GError **error)
{
    const Retire how = {.reason = reason, .at_us = at_us};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++)
            if (!day_seen(files, i) && !day_step(chain, files, count, i, &how, pass == 1, error))
                return false;
    return true;
}
