#include "archive/seal_chain.h"

#include "base/error.h"
#include "base/file.h"
#include "base/time_text.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"

#include <string.h>

enum { DAYS_LOOKED_AT = 8 }; /* at either end */

GPtrArray *seal_days_likely(const char *camera_folder, GError **error)
{
    GPtrArray *days = day_names(camera_folder, "", error);
    if (days && days->len > 2 * DAYS_LOOKED_AT)
        g_ptr_array_remove_range(days, DAYS_LOOKED_AT, days->len - 2 * DAYS_LOOKED_AT);
    return days;
}

static bool head_find(SealChain *chain, GError **error)
{
    g_autoptr(GPtrArray) days = seal_days_likely(chain->folder, error);
    chain->stale = true;
    chain->seq = 0;
    chain->head = (Hash){0};
    for (size_t i = 0; days && i < days->len; i++) {
        g_autofree char *path =
            g_build_filename(chain->folder, g_ptr_array_index(days, i), "seals.jsonl", NULL);
        LineHead head;
        int got = line_mend_last(path, &head, error);
        if (got < 0)
            return false;
        if (got > 0 && head.seq > chain->seq) {
            chain->seq = head.seq;
            chain->head = head.seal.hash;
        }
    }
    chain->stale = !days;
    return days;
}

SealChain *seal_chain_load(const char *volume_folder, Uuid volume, Uuid camera, const NodeKey *key,
                           GError **error)
{
    char name[UUID_TEXT];
    g_autoptr(SealChain) chain = g_new0(SealChain, 1);
    chain->folder = g_build_filename(volume_folder, uuid_text(&camera, name), NULL);
    chain->camera = camera;
    chain->volume = volume;
    chain->key = key;
    return head_find(chain, error) ? g_steal_pointer(&chain) : NULL;
}

void seal_chain_free(SealChain *chain)
{
    if (!chain)
        return;
    g_free(chain->folder);
    g_free(chain);
}

int64_t seal_chain_seq(const SealChain *chain)
{
    return chain->seq;
}

bool seal_chain_ready(SealChain *chain, GError **error)
{
    return !chain->stale || head_find(chain, error);
}

bool seal_chain_write(SealChain *chain, const char *day, const GString *lines, int64_t seq,
                      const Hash *head, GError **error)
{
    g_autofree char *folder = g_build_filename(chain->folder, day, NULL);
    g_autofree char *path = g_build_filename(folder, "seals.jsonl", NULL);
    if (!folder_make(folder, error))
        return false;
    if (!jsonl_append(path, lines->str, lines->len, 0640, error)) {
        chain->stale = true;
        return false;
    }
    chain->seq = seq;
    chain->head = *head;
    return true;
}

bool seal_chain_append(SealChain *chain, SegmentSeal *seal, GError **error)
{
    if (!seal_chain_ready(chain, error))
        return false;
    if (seal->entry_count == 0 || seal->entry_count > SEAL_ENTRIES_MOST ||
        seal->gap_count > SEAL_GAPS_MOST || seal->from_us > seal->to_us)
        return err_set(error, ERR_INVALID, "%s: %zu entries and %zu gaps cannot stand in one seal",
                       seal->file, seal->entry_count, seal->gap_count);
    seal->camera = chain->camera;
    seal->volume = chain->volume;
    seal->seq = chain->seq + 1;
    seal->prev = chain->head;
    g_autoptr(GString) line = segment_seal_write(seal, chain->key);
    g_autofree char *day = g_path_get_dirname(seal->file);
    return seal_chain_write(chain, day, line, seal->seq, &seal->seal.hash, error);
}
