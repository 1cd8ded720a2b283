/* From the seals of a package up to the roots over all seals of the node. */
#include "archive/root_line.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/evidence_plan.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A root that covers footage of the package. */
typedef struct Need {
    char *text;
    RootLine line;
    RootLine base; /* behind whose LASTs it begins; chains may be NULL */
} Need;

typedef struct Numbered {
    int64_t seq;
    Hash hash;
} Numbered;

/* Lines of one chain of the node. */
typedef struct Chained {
    RootChain chain;
    GArray *lines; /* Numbered, by seq */
} Chained;

typedef struct Proofs {
    const EvidenceOrder *order;
    const EvidencePlan *plan;
    RootKind least;         /* a day: no other roots */
    GPtrArray *needs;       /* Need */
    RootLine newest, day;   /* while roots.jsonl is read */
    int64_t from_us, to_us; /* when the lines under the needed roots were made */
    GPtrArray *chains;      /* Chained */
} Proofs;

static void need_free(void *data)
{
    Need *need = data;
    g_free(need->text);
    root_line_clear(&need->line);
    root_line_clear(&need->base);
    g_free(need);
}

static void chained_free(void *data)
{
    Chained *chained = data;
    g_array_unref(chained->lines);
    g_free(chained);
}

static RootLine line_share(const RootLine *line)
{
    RootLine copy = *line;
    if (copy.chains)
        g_array_ref(copy.chains);
    return copy;
}

static const Uuid *camera_of(const Proofs *proofs, const EvidenceMedia *media)
{
    return &proofs->order->cameras[media->media.camera];
}

static bool covers(const Proofs *proofs, const RootLine *line, const RootLine *base,
                   const EvidenceMedia *media)
{
    const Uuid *camera = camera_of(proofs, media);
    return root_line_last(line, camera, &media->media.volume) >= media->media.seq &&
           root_line_last(base, camera, &media->media.volume) < media->media.seq;
}

static bool is_needed(const Proofs *proofs, const RootLine *line, const RootLine *base)
{
    if (line->at_us + DAY_US < proofs->order->from_us || /* made before there was a picture */
        line->kind < proofs->least)
        return false;
    for (size_t i = 0; i < proofs->plan->media->len; i++)
        if (covers(proofs, line, base, &g_array_index(proofs->plan->media, EvidenceMedia, i)))
            return true;
    return false;
}

static void line_replace(RootLine *old, const RootLine *line)
{
    root_line_clear(old);
    *old = line_share(line);
}

static bool take_root(void *data, const ChainLine *at)
{
    Proofs *proofs = data;
    g_auto(RootLine) line = {0};
    if (!root_line_parse(at->text, at->size, &line))
        return true;
    const RootLine *base = line.kind == ROOT_DAY ? &proofs->day : &proofs->newest;
    if (is_needed(proofs, &line, base)) {
        Need *need = g_new0(Need, 1);
        need->text = g_strndup(at->text, at->size);
        need->line = line_share(&line);
        need->base = line_share(base);
        g_ptr_array_add(proofs->needs, need);
        int64_t since_us = base->chains ? base->at_us : 0;
        proofs->from_us = proofs->needs->len == 1 ? since_us : MIN(proofs->from_us, since_us);
        proofs->to_us = MAX(proofs->to_us, line.at_us);
    }
    line_replace(&proofs->newest, &line);
    if (line.kind == ROOT_DAY)
        line_replace(&proofs->day, &line);
    return true;
}

/* Only what the root is made of: number and hash of the signed bytes. Whether they are right shows
 * in the root. */
static bool number_line(const char *text, size_t size, Numbered *line)
{
    const char *seq = g_strstr_len(text, (gssize)MIN(size, 256), ",\"seq\":");
    const char *end = strstr(text, ",\"sig\":\"");
    if (!seq || !end)
        return false;
    line->seq = strtoll(seq + strlen(",\"seq\":"), NULL, 10);
    line->hash = hash_of(text, (size_t)(end - text));
    return true;
}

static bool read_day(const char *folder, const char *day, GArray *lines, GError **error)
{
    g_autofree char *path = g_build_filename(folder, day, "seals.jsonl", NULL);
    if (access(path, F_OK) != 0)
        return true;
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    const char *text;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        Numbered line;
        if (number_line(text, size, &line))
            g_array_append_val(lines, line);
    }
    return got == 0;
}

static int by_seq(const void *a, const void *b)
{
    int64_t left = ((const Numbered *)a)->seq, right = ((const Numbered *)b)->seq;
    return (left > right) - (left < right);
}

static bool read_lines(const Proofs *proofs, const char *folder, bool all, GArray *lines,
                       GError **error)
{
    g_autoptr(GPtrArray) days = day_names(folder, "", error);
    g_array_set_size(lines, 0);
    for (size_t i = 0; days && i < days->len; i++) {
        int64_t day_us;
        const char *day = g_ptr_array_index(days, i);
        bool near = day_parse(day, &day_us) && day_us + 2 * DAY_US > proofs->from_us &&
                    day_us <= proofs->to_us;
        if ((all || near) && !read_day(folder, day, lines, error))
            return false;
    }
    g_array_sort(lines, by_seq);
    return days != NULL;
}

/* Index of the first line with seq > `after`. */
static size_t first_after(const GArray *lines, int64_t after)
{
    size_t low = 0, high = lines->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g_array_index(lines, Numbered, middle).seq <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_all(const GArray *lines, int64_t from, int64_t to)
{
    size_t first = first_after(lines, from), behind = first_after(lines, to);
    return (int64_t)(behind - first) == to - from;
}

/* Lines (from, to] of a chain, as far as they can be read. */
static GArray *chain_lines(Proofs *proofs, const RootChain *chain, int64_t from, GError **error)
{
    Chained *found = NULL;
    for (size_t i = 0; i < proofs->chains->len && !found; i++) {
        Chained *chained = g_ptr_array_index(proofs->chains, i);
        if (root_chain_compare(&chained->chain, chain) == 0)
            found = chained;
    }
    if (found && has_all(found->lines, from, chain->last))
        return found->lines;
    const char *volume = NULL;
    for (size_t i = 0; i < proofs->plan->volumes->len; i++) {
        const EvidenceVolume *one = &g_array_index(proofs->plan->volumes, EvidenceVolume, i);
        if (uuid_equal(&one->id, &chain->volume))
            volume = one->path;
    }
    if (!found) {
        found = g_new0(Chained, 1);
        found->chain = *chain;
        found->lines = g_array_new(FALSE, FALSE, sizeof(Numbered));
        g_ptr_array_add(proofs->chains, found);
    }
    char name[UUID_TEXT];
    g_autofree char *folder =
        volume ? g_build_filename(volume, uuid_text(&chain->camera, name), NULL) : NULL;
    for (int all = 0; folder && all < 2 && !has_all(found->lines, from, chain->last); all++)
        if (!read_lines(proofs, folder, all, found->lines, error))
            return NULL;
    return found->lines;
}

/* The entries of a root's tree, and at which index each chain begins. */
static bool build_entries(Proofs *proofs, const Need *need, GArray *entries, GArray *begins,
                          GError **error)
{
    for (size_t i = 0; i < need->line.chains->len; i++) {
        const RootChain *chain = &g_array_index(need->line.chains, RootChain, i);
        int64_t from = root_line_last(&need->base, &chain->camera, &chain->volume);
        int64_t begin = entries->len;
        g_array_append_val(begins, begin);
        if (chain->last <= from)
            continue;
        const GArray *lines = chain_lines(proofs, chain, from, error);
        if (!lines)
            return false;
        for (size_t at = first_after(lines, from); at < lines->len; at++) {
            const Numbered *line = &g_array_index(lines, Numbered, at);
            if (line->seq > chain->last)
                break;
            g_array_append_val(entries, line->hash);
        }
    }
    return true;
}

static void put_path(const Proofs *proofs, const Need *need, const EvidenceMedia *media,
                     const GArray *entries, const GArray *begins, GString *paths)
{
    PackagePath path = {.camera = *camera_of(proofs, media),
                        .volume = media->media.volume,
                        .seq = media->media.seq,
                        .root = need->line.head.seq};
    const RootChain wanted = {.camera = path.camera, .volume = path.volume};
    guint chain = 0;
    g_array_binary_search(need->line.chains, &wanted, root_chain_compare, &chain);
    path.index = g_array_index(begins, int64_t, chain);
    const Hash *hashes = (const Hash *)(void *)entries->data;
    while (path.index < (int64_t)entries->len && !hash_equal(&hashes[path.index], &media->seal))
        path.index++;
    if (path.index == (int64_t)entries->len)
        return;
    path.length = merkle_path(hashes, entries->len, (size_t)path.index, path.path);
    package_path_put(paths, &path);
}

static bool prove(Proofs *proofs, const Need *need, GString *roots, GString *paths,
                  unsigned *unproven, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Hash));
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!build_entries(proofs, need, entries, begins, error))
        return false;
    Hash root = merkle_root((const Hash *)(void *)entries->data, entries->len);
    if (!hash_equal(&root, &need->line.root) || need->line.entries != (int64_t)entries->len) {
        (*unproven)++; /* a volume is away, or lines are damaged */
        return true;
    }
    g_string_append_printf(roots, "%s\n", need->text);
    for (size_t i = 0; i < proofs->plan->media->len; i++) {
        const EvidenceMedia *media = &g_array_index(proofs->plan->media, EvidenceMedia, i);
        if (covers(proofs, &need->line, &need->base, media))
            put_path(proofs, need, media, entries, begins, paths);
    }
    return true;
}

bool evidence_proofs(const EvidenceOrder *order, const EvidencePlan *plan, RootKind least,
                     GString *roots, GString *paths, unsigned *unproven, GError **error)
{
    g_autofree char *path = g_build_filename(order->data, "ledger", "roots.jsonl", NULL);
    g_autoptr(GPtrArray) needs = g_ptr_array_new_with_free_func(need_free);
    g_autoptr(GPtrArray) chains = g_ptr_array_new_with_free_func(chained_free);
    Proofs proofs = {
        .order = order, .plan = plan, .least = least, .needs = needs, .chains = chains};
    int unreadable = chain_each_readable(path, 1, take_root, &proofs, error);
    root_line_clear(&proofs.newest);
    root_line_clear(&proofs.day);
    *unproven = 0;
    for (size_t i = 0; unreadable >= 0 && i < needs->len; i++)
        if (!prove(&proofs, g_ptr_array_index(needs, i), roots, paths, unproven, error))
            return false;
    return unreadable >= 0;
}
