/* chain.h — a log of signed, chained lines: roots.jsonl, holds.jsonl, audit/<day>.jsonl.
 *
 * A line is {"v":1,"type":T,"seq":N, …the caller's members…, "prev":HASH,"key":ID,"sig":SIG}: `seq`
 * counts from 1 without holes, `prev` is the hash of the line before (zeros in the first). A daily
 * chain is one chain spread over files named <YYYY-MM-DD>.jsonl: a file begins where the one before
 * ended, so that a whole day cannot vanish.
 *
 *     g_autoptr(GString) fields = g_string_new(NULL);
 *     line_put_int(fields, "utc", clock_now_us());
 *     line_put_text(fields, "actor", actor);
 *     …
 *     if (!chain_append(audit, "audit", now_us, fields, error)) …     durable when it returns true
 *
 * One thread at a time. Blocking.
 */
#pragma once

#include "ledger/keyring.h"
#include "ledger/line.h"

typedef struct Chain Chain;

/* Opens (a missing file is an empty chain) and finds the head; cuts off a torn last line. Holds
 * `key`, which must outlive it. ERR_CORRUPT when the last line cannot be read. Returns owned. */
Chain *chain_open(const char *path, const NodeKey *key, GError **error);
Chain *chain_open_daily(const char *folder, const NodeKey *key, GError **error);
void chain_close(Chain *chain); /* drops what was added but not synced; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chain, chain_close)

/* `fields` (borrowed) as line_put_*() made them. `utc_us` chooses the day's file of a daily chain
 * (never an older one than the newest there is). */
bool chain_append(Chain *chain, const char *type, int64_t utc_us, const GString *fields,
                  GError **error);

/* The same in two steps, many lines to one sync: lines added are in memory only, and are lost as a
 * whole, their numbers free again, when chain_sync() fails. */
void chain_add(Chain *chain, const char *type, int64_t utc_us, const GString *fields);
bool chain_sync(Chain *chain, GError **error);

int64_t chain_seq(const Chain *chain); /* of the newest line; 0 when there is none */
Hash chain_head(const Chain *chain);   /* its hash; zeros when there is none */

typedef struct ChainLine {
    const char *path; /* all borrowed during the visit */
    unsigned number;  /* line in the file, from 1 */
    const char *text; /* valid JSON, without the newline */
    size_t size;
    LineHead head;
} ChainLine;

/* Return false to stop. */
typedef bool (*ChainVisit)(void *data, const ChainLine *line);

/* Visits the lines with seq ≥ `from_seq`, oldest first; `path` is the file or the daily folder. A
 * missing file or folder is an empty chain. ERR_CORRUPT on a line that cannot be read. */
bool chain_each(const char *path, int64_t from_seq, ChainVisit visit, void *data, GError **error);

/* Checks every line: form, numbers, links, signatures by keys of `ring` (NULL: not checked), keys
 * in the order of the ring. Tells each fault, then goes on; `visit` (may be NULL) sees each line
 * that can be read. Returns the number of faults. */
typedef void (*ChainFault)(void *data, const char *path, unsigned number, const char *what);
unsigned chain_check(const char *path, const KeyRing *ring, ChainVisit visit, ChainFault fault,
                     void *data);
