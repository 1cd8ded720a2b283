/* The ledger of a data folder: holds, audit, and the roots over everything (FOOTAGE.md §4). */
#include "archive/root_line.h"
#include "archive/verify_check.h"

#include "ledger/merkle.h"

#include <string.h>

enum { AUDIT_HOLE_MOST = 100000 }; /* lines; the chain's own check tells what is missing */

typedef struct LedgerCheck {
    Verify *verify;
    GArray *audit; /* Hash of each line of the audit log, by seq from `audit_first`; zeros where
                      none can be read */
    int64_t audit_first;
    RootLine newest; /* of either kind; chains is NULL when there is none yet */
    RootLine day;
} LedgerCheck;

static void tell(void *data, const char *path, unsigned number, const char *what)
{
    const LedgerCheck *check = data;
    if (number > 0)
        verify_fault(check->verify, NULL, 0, 0, path, "line %u %s", number, what);
    else
        verify_fault(check->verify, NULL, 0, 0, path, "%s", what);
}

static bool count_line(void *data, const ChainLine *line)
{
    ((LedgerCheck *)data)->verify->report->lines++;
    return true;
}

static bool audit_line(void *data, const ChainLine *line)
{
    LedgerCheck *check = data;
    if (check->audit->len == 0)
        check->audit_first = line->head.seq;
    int64_t next = check->audit_first + check->audit->len;
    if (line->head.seq >= next && line->head.seq - next < AUDIT_HOLE_MOST) {
        g_array_set_size(check->audit, (guint)(line->head.seq - check->audit_first) + 1);
        g_array_index(check->audit, Hash, line->head.seq - check->audit_first) =
            line->head.seal.hash;
    }
    return count_line(data, line);
}

/* What a root line says, and what is found. */
typedef struct RootCheck {
    LedgerCheck *ledger;
    const ChainLine *at;
    const RootLine *line;
    const RootLine *base; /* whose LASTs it begins behind; chains may be NULL */
    MerkleTree tree;
    bool whole; /* every chain it covers was looked at */
} RootCheck;

static void root_fault(const RootCheck *check, const Uuid *camera, const char *what)
{
    const RootLine *line = check->line;
    int64_t from_us = check->base->chains ? MIN(check->base->at_us, line->at_us) : line->day_us;
    verify_fault(check->ledger->verify, camera, from_us, line->at_us, check->at->path,
                 "line %u (%s root): %s", check->at->number,
                 line->kind == ROOT_DAY ? "day" : "interim", what);
}

static const CheckedChain *chain_find(const Verify *verify, const RootChain *wanted)
{
    for (size_t i = 0; i < verify->chains->len; i++) {
        const CheckedChain *chain = g_ptr_array_index(verify->chains, i);
        if (uuid_equal(&chain->camera, &wanted->camera) &&
            uuid_equal(&chain->volume, &wanted->volume))
            return chain;
    }
    return NULL;
}

/* Index of the first line with seq > `after`. */
static size_t first_after(const GArray *lines, int64_t after)
{
    size_t low = 0, high = lines->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g_array_index(lines, CheckedLine, middle).head.seq <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void chain_cover(RootCheck *check, const RootChain *named)
{
    const Verify *verify = check->ledger->verify;
    int64_t from = root_line_last(check->base, &named->camera, &named->volume);
    const CheckedChain *chain = chain_find(verify, named);
    if (named->last < from)
        root_fault(check, &named->camera, "this camera's chain had come further before");
    if (named->last <= from)
        return;
    if (!chain) {
        if (uuids_have(verify->volumes, &named->volume))
            root_fault(check, &named->camera, "all of this camera's lines are gone");
        check->whole = false;
        return;
    }
    int64_t found = from;
    for (size_t i = first_after(chain->lines, from); i < chain->lines->len; i++) {
        const CheckedLine *line = &g_array_index(chain->lines, CheckedLine, i);
        if (line->head.seq > named->last)
            break;
        merkle_add_entry(&check->tree, &line->head.seal.hash);
        found = line->head.seq;
    }
    if (found < named->last)
        root_fault(check, &named->camera,
                   "the newest lines of this camera that it covers are gone");
}

static void seals_check(RootCheck *check)
{
    const RootLine *line = check->line;
    for (size_t i = 0; i < line->chains->len; i++)
        chain_cover(check, &g_array_index(line->chains, RootChain, i));
    Hash root = merkle_end(&check->tree);
    if (!check->whole)
        verify_note(
            check->ledger->verify,
            "%s line %u: not recomputed, for it covers cameras or volumes that are not here",
            check->at->path, check->at->number);
    else if (!hash_equal(&root, &line->root) || line->entries != (int64_t)check->tree.leaves)
        root_fault(check, NULL, "it is not the root of the lines that it covers");
}

static void audit_check(const RootCheck *check)
{
    const LedgerCheck *ledger = check->ledger;
    MerkleTree tree = {0};
    int64_t from = check->base->audit_last, to = check->line->audit_last;
    int64_t last = ledger->audit_first + ledger->audit->len - 1;
    for (int64_t seq = MAX(from + 1, ledger->audit_first); seq <= MIN(to, last); seq++) {
        const Hash *hash = &g_array_index(ledger->audit, Hash, seq - ledger->audit_first);
        if (!hash_is_zero(hash)) /* a root covers what could be read when it was made */
            merkle_add_entry(&tree, hash);
    }
    Hash root = merkle_end(&tree);
    if (to < from || !hash_equal(&root, &check->line->audit_root))
        root_fault(check, NULL, "lines of the audit log that it covers are gone or were changed");
}

static void newest_set(RootLine *newest, const RootLine *line)
{
    root_line_clear(newest);
    *newest = *line;
    newest->chains = g_array_ref(line->chains);
}

static bool root_line(void *data, const ChainLine *at)
{
    LedgerCheck *ledger = data;
    g_auto(RootLine) line = {0};
    count_line(data, at);
    ledger->verify->report->roots++;
    if (!root_line_parse(at->text, at->size, &line)) {
        tell(ledger, at->path, at->number, "is not the line of a root");
        return true;
    }
    RootCheck check = {.ledger = ledger, .at = at, .line = &line, .whole = true};
    check.base = line.kind == ROOT_DAY ? &ledger->day : &ledger->newest;
    if (at->head.seq <= ledger->verify->newest_root) {
        seals_check(&check);
        audit_check(&check);
    }
    if (!hash_equal(&line.before, &ledger->day.head.seal.hash))
        root_fault(&check, NULL, "it does not name the day root before it");
    newest_set(&ledger->newest, &line);
    if (line.kind == ROOT_DAY)
        newest_set(&ledger->day, &line);
    return true;
}

void verify_ledger_before(Verify *verify, const char *ledger_folder)
{
    g_autofree char *path = g_build_filename(ledger_folder, "roots.jsonl", NULL);
    LineHead head;
    if (line_read_last(path, &head, NULL, NULL) > 0)
        verify->newest_root = head.seq;
}

void verify_ledger(Verify *verify, const char *ledger_folder)
{
    static const struct {
        const char *name;
        ChainVisit visit;
    } logs[] = {{"audit", audit_line}, {"holds.jsonl", count_line}, {"roots.jsonl", root_line}};
    g_autoptr(GArray) audit = g_array_new(FALSE, TRUE, sizeof(Hash));
    LedgerCheck check = {.verify = verify, .audit = audit, .audit_first = 1};
    for (size_t i = 0; i < G_N_ELEMENTS(logs); i++) {
        g_autofree char *path = g_build_filename(ledger_folder, logs[i].name, NULL);
        chain_check(path, verify->ring, logs[i].visit, tell, &check);
    }
    root_line_clear(&check.newest);
    root_line_clear(&check.day);
}
