#include "archive/roots.h"

#include "archive/root_line.h"
#include "archive/seal_since.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"
#include "ledger/merkle.h"

#include <string.h>

/* A day is closed when its last segments have had time to be sealed. */
#define DAY_GRACE_US MINUTE_US
/* After a longer absence (or a clock that was lost) only so many days get their own line. */
enum { DAYS_CAUGHT_UP_MOST = 400 };

typedef struct Volume {
    Uuid id;
    char *folder;
} Volume;

struct Roots {
    char *audit_folder;
    GArray *volumes; /* Volume */
    Chain *chain;
    RootLine newest;      /* of either kind; chains is NULL when there is none */
    RootLine day;         /* the newest day root; the same */
    int64_t first_day_us; /* without a day root: the day of the oldest line */
    int64_t next_look_us; /* for an interim root */
};

static void volume_clear(void *data)
{
    g_free(((Volume *)data)->folder);
}

void roots_close(Roots *roots)
{
    if (!roots)
        return;
    root_line_clear(&roots->newest);
    root_line_clear(&roots->day);
    chain_close(roots->chain);
    g_array_unref(roots->volumes);
    g_free(roots->audit_folder);
    g_free(roots);
}

/* Moves `line` to where it is the newest; the chains are shared. */
static void take_line(Roots *roots, RootLine *line)
{
    if (line->kind == ROOT_DAY && !roots->day.chains) {
        roots->day = *line;
        roots->day.chains = g_array_ref(line->chains);
    }
    if (!roots->newest.chains) {
        roots->newest = *line;
        roots->newest.chains = g_array_ref(line->chains);
    }
    root_line_clear(line);
}

/* From the newest line back to the newest day root. */
static bool read_back(Roots *roots, const char *path, GError **error)
{
    if (chain_seq(roots->chain) == 0)
        return true;
    g_autoptr(JsonlReader) reader = jsonl_reader_open_back(path, error);
    const char *text;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && !roots->day.chains && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        RootLine line;
        if (!root_line_parse(text, size, &line))
            continue;
        roots->first_day_us = line.day_us;
        take_line(roots, &line);
    }
    return got >= 0;
}

Roots *roots_open(const char *data_folder, const RootsVolume *volumes, size_t count,
                  const NodeKey *key, GError **error)
{
    g_autoptr(Roots) roots = g_new0(Roots, 1);
    g_autofree char *path = g_build_filename(data_folder, "ledger", "roots.jsonl", NULL);
    roots->audit_folder = g_build_filename(data_folder, "ledger", "audit", NULL);
    roots->volumes = g_array_new(FALSE, FALSE, sizeof(Volume));
    g_array_set_clear_func(roots->volumes, volume_clear);
    for (size_t i = 0; i < count; i++) {
        Volume volume = {.id = volumes[i].id, .folder = g_strdup(volumes[i].folder)};
        g_array_append_val(roots->volumes, volume);
    }
    roots->chain = chain_open(path, key, error);
    if (!roots->chain || !read_back(roots, path, error))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!key_ring_publish(data_folder, volumes[i].folder, error))
            return NULL;
    return g_steal_pointer(&roots);
}

static bool volume_chains_add(GArray *chains, const Volume *volume, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDir) dir = g_dir_open(volume->folder, 0, &trouble);
    if (!dir)
        return err_set(error, ERR_IO, "cannot list %s: %s", volume->folder, trouble->message);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        RootChain chain = {.volume = volume->id};
        if (uuid_parse(name, &chain.camera))
            g_array_append_val(chains, chain);
    }
    return true;
}

/* All chains on the volumes, and those of the newest root whose volume is away. */
static GArray *chains_now(const Roots *roots, GError **error)
{
    g_autoptr(GArray) chains = g_array_new(FALSE, FALSE, sizeof(RootChain));
    for (size_t i = 0; i < roots->volumes->len; i++)
        if (!volume_chains_add(chains, &g_array_index(roots->volumes, Volume, i), error))
            return NULL;
    g_array_sort(chains, root_chain_compare);
    size_t present = chains->len;
    for (size_t i = 0; roots->newest.chains && i < roots->newest.chains->len; i++) {
        const RootChain *old = &g_array_index(roots->newest.chains, RootChain, i);
        if (present == 0 || !bsearch(old, chains->data, present, sizeof *old, root_chain_compare))
            g_array_append_val(chains, *old);
    }
    g_array_sort(chains, root_chain_compare);
    return g_steal_pointer(&chains);
}

static const Volume *volume_of(const Roots *roots, const RootChain *chain)
{
    for (size_t i = 0; i < roots->volumes->len; i++) {
        const Volume *volume = &g_array_index(roots->volumes, Volume, i);
        if (uuid_equal(&volume->id, &chain->volume))
            return volume;
    }
    return NULL;
}

/* Grows the tree by what a chain has behind the LAST of `base`; sets its own. */
static bool chain_cover(const Roots *roots, const RootLine *base, RootChain *chain,
                        MerkleTree *tree, GError **error)
{
    const Volume *volume = volume_of(roots, chain);
    int64_t from = root_line_last(base, &chain->camera, &chain->volume);
    int64_t known = root_line_last(&roots->newest, &chain->camera, &chain->volume);
    chain->last = known;
    if (!volume)
        return true;
    g_autoptr(GArray) hashes = g_array_new(FALSE, FALSE, sizeof(Hash));
    if (!seal_hashes_since(volume->folder, &chain->camera, from, hashes, &chain->last, error))
        return false;
    chain->last = MAX(chain->last, known);
    for (size_t i = 0; i < hashes->len; i++)
        merkle_add_entry(tree, &g_array_index(hashes, Hash, i));
    return true;
}

static bool seals_cover(const Roots *roots, const RootLine *base, RootLine *line, GError **error)
{
    MerkleTree tree = {0};
    line->chains = chains_now(roots, error);
    if (!line->chains)
        return false;
    for (size_t i = 0; i < line->chains->len;) {
        RootChain *chain = &g_array_index(line->chains, RootChain, i);
        if (!chain_cover(roots, base, chain, &tree, error))
            return false;
        if (chain->last > 0)
            i++;
        else
            g_array_remove_index(line->chains, (guint)i);
    }
    line->entries = (int64_t)tree.leaves;
    line->root = merkle_end(&tree);
    return true;
}

typedef struct AuditCover {
    MerkleTree tree;
    int64_t last;
} AuditCover;

static bool audit_cover_line(void *data, const ChainLine *line)
{
    AuditCover *cover = data;
    merkle_add_entry(&cover->tree, &line->head.seal.hash);
    cover->last = line->head.seq;
    return true;
}

static bool audit_cover(const Roots *roots, const RootLine *base, RootLine *line, GError **error)
{
    AuditCover cover = {.last = base->audit_last};
    /* Roots go on whatever befell the audit log: without them no export could be made. */
    int unreadable = chain_each_readable(roots->audit_folder, base->audit_last + 1,
                                         audit_cover_line, &cover, error);
    if (unreadable < 0)
        return false;
    if (unreadable > 0)
        log_error("ledger.audit_damaged", "folder=%s lines=%d advice=\"run vonglau verify\"",
                  roots->audit_folder, unreadable);
    line->audit_last = cover.last;
    line->audit_root = merkle_end(&cover.tree);
    return true;
}

static bool line_append(Roots *roots, RootLine *line, GError **error)
{
    g_autoptr(GString) fields = g_string_new(NULL);
    root_line_put(fields, line);
    if (!chain_append(roots->chain, "root", line->at_us, fields, error))
        return false;
    line->head.seal.hash = chain_head(roots->chain);
    root_line_clear(&roots->newest);
    if (line->kind == ROOT_DAY)
        root_line_clear(&roots->day);
    if (chain_seq(roots->chain) == 1)
        roots->first_day_us = line->day_us;
    take_line(roots, line);
    return true;
}

static bool root_make(Roots *roots, RootKind kind, int64_t day_us, int64_t now_us, GError **error)
{
    const RootLine *base = kind == ROOT_DAY ? &roots->day : &roots->newest;
    g_auto(RootLine) line = {.kind = kind, .day_us = day_us, .at_us = now_us};
    line.before = roots->day.head.seal.hash;
    if (!seals_cover(roots, base, &line, error) || !audit_cover(roots, base, &line, error))
        return false;
    bool news = line.entries > 0 || line.audit_last > base->audit_last;
    if (kind == ROOT_INTERIM && !news)
        return true;
    return line_append(roots, &line, error);
}

/* The day before the first one that needs a day root. */
static int64_t last_day_done(const Roots *roots, int64_t today_us)
{
    int64_t done = today_us - DAY_US;
    if (roots->day.chains)
        done = roots->day.day_us;
    else if (roots->newest.chains)
        done = roots->first_day_us - DAY_US;
    if (done > today_us) /* made while the clock was ahead */
        done = today_us - 2 * DAY_US;
    return MAX(done, today_us - (DAYS_CAUGHT_UP_MOST + 1) * DAY_US);
}

bool roots_run(Roots *roots, int64_t now_us, GError **error)
{
    int64_t today_us = day_start_us(now_us - DAY_GRACE_US);
    for (int64_t day = last_day_done(roots, today_us) + DAY_US; day < today_us; day += DAY_US)
        if (!root_make(roots, ROOT_DAY, day, now_us, error))
            return false;
    int64_t since = now_us - roots->newest.at_us;
    bool due = !roots->newest.chains || since >= HOUR_US || since < -MINUTE_US;
    bool looked = now_us < roots->next_look_us && roots->next_look_us - now_us <= HOUR_US;
    if (!due || looked)
        return true;
    if (!root_make(roots, ROOT_INTERIM, day_start_us(now_us), now_us, error))
        return false;
    roots->next_look_us = now_us + HOUR_US;
    return true;
}

bool roots_make_interim(Roots *roots, int64_t now_us, GError **error)
{
    return root_make(roots, ROOT_INTERIM, day_start_us(now_us), now_us, error);
}

bool roots_newest_day(const Roots *roots, int64_t *day_start, Hash *hash)
{
    if (!roots->day.chains)
        return false;
    *day_start = roots->day.day_us;
    *hash = roots->day.head.seal.hash;
    return true;
}
