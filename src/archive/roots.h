/* roots.h — Merkle roots over the seal lines of all chains: ledger/roots.jsonl (FOOTAGE.md §4).
 *
 * An interim root covers all seal lines since the last root of either kind; a day root all since
 * the last day root, which is the day's work. Both name, chain by chain, the numbers they cover, so
 * that anyone can rebuild the tree: entries are line hashes in the order camera, volume, seq.
 * Both cover the audit log (ledger/audit) in the same way, as a tree of its own.
 *
 * One thread at a time. Blocking: reads the newest lines of every chain.
 */
#pragma once

#include "ledger/chain.h"

typedef struct Roots Roots;

typedef struct RootsVolume {
    Uuid id;
    const char *folder;
} RootsVolume;

/* Holds `key`; copies the volumes, which must be present. Copies keys.jsonl to each, so that a
 * volume that is read alone can be checked. Returns owned. */
Roots *roots_open(const char *data_folder, const RootsVolume *volumes, size_t count,
                  const NodeKey *key, GError **error);
void roots_close(Roots *roots); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roots, roots_close)

/* Makes what is due at `now_us`: the day roots of days that ended a minute ago or longer (also
 * those missed while the server was off), an interim root when the last root is an hour old and
 * lines are new. Call every minute or so. */
bool roots_run(Roots *roots, int64_t now_us, GError **error);

/* An interim root now, before an export. Makes none when no line is new. */
bool roots_make_interim(Roots *roots, int64_t now_us, GError **error);

/* Hash of the newest day root's line, for the health page; false when there is none yet. */
bool roots_newest_day(const Roots *roots, int64_t *day_start_us, Hash *hash);
