#include "archive/seal_since.h"

#include "archive/seal_chain.h"
#include "base/error.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct Numbered {
    int64_t seq;
    Hash hash;
} Numbered;

/* Lines of one file, newest first, down to `from`. */
static bool file_collect(const char *path, int64_t from, GArray *found, GError **error)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    g_autoptr(JsonlReader) reader = jsonl_reader_open_back(path, error);
    const char *line;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &line, &size, error)) > 0) {
        LineHead head;
        if (!line_read_head(line, size, &head))
            continue;
        if (head.seq <= from)
            return true;
        Numbered numbered = {.seq = head.seq, .hash = head.seal.hash};
        g_array_append_val(found, numbered);
    }
    return got == 0;
}

static bool days_collect(const char *folder, const GPtrArray *days, int64_t from, GArray *found,
                         GError **error)
{
    for (size_t i = days->len; i > 0; i--) {
        g_autofree char *path =
            g_build_filename(folder, g_ptr_array_index(days, i - 1), "seals.jsonl", NULL);
        if (!file_collect(path, from, found, error))
            return false;
    }
    return true;
}

static int by_seq(const void *a, const void *b)
{
    int64_t left = ((const Numbered *)a)->seq, right = ((const Numbered *)b)->seq;
    return (left > right) - (left < right);
}

static bool has_holes(const GArray *found, int64_t from)
{
    return found->len > 0 &&
           g_array_index(found, Numbered, found->len - 1).seq - from != (int64_t)found->len;
}

bool seal_hashes_since(const char *volume_folder, const Uuid *camera, int64_t from, GArray *hashes,
                       int64_t *last, GError **error)
{
    char name[UUID_TEXT];
    g_autofree char *folder = g_build_filename(volume_folder, uuid_text(camera, name), NULL);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Numbered));
    g_autoptr(GPtrArray) days = seal_days_likely(folder, error);
    if (!days || !days_collect(folder, days, from, found, error))
        return false;
    g_array_sort(found, by_seq);
    if (has_holes(found, from)) {
        g_autoptr(GPtrArray) all_days = day_names(folder, "", error);
        g_array_set_size(found, 0);
        if (!all_days || !days_collect(folder, all_days, from, found, error))
            return false;
        g_array_sort(found, by_seq);
    }
    for (size_t i = 0; i < found->len; i++)
        g_array_append_val(hashes, g_array_index(found, Numbered, i).hash);
    *last = found->len > 0 ? g_array_index(found, Numbered, found->len - 1).seq : from;
    return true;
}
