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

enum { CHAIN_FIELDS_MOST_BYTES = LINE_MOST_BYTES - 1024 };

/* Opens (a missing file is an empty chain) and finds the head; cuts off a torn last line. Holds
 * `key`, which must outlive it. Lines at the end that cannot be read are told in the
 * log and passed over: the chain goes on from the last good one, and chain_check() tells it.
 * Returns owned. */
Chain *chain_open(const char *path, const NodeKey *key, GError **error);
Chain *chain_open_daily(const char *folder, const NodeKey *key, GError **error);
void chain_close(Chain *chain); /* drops what was added but not synced; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Chain, chain_close)

/* `fields` (borrowed) as line_put_*() made them. `utc_us` chooses the day's file of a daily chain
 * (never an older one than the newest there is). When it fails the line is not in the chain. */
bool chain_append(Chain *chain, const char *type, int64_t utc_us, const GString *fields,
                  GError **error);

/* The same in two steps, many lines to one sync: added lines wait in memory, and get their numbers
 * when they are written. When chain_sync() fails, those not written go on waiting. */
bool chain_add(Chain *chain, const char *type, int64_t utc_us, const GString *fields,
               GError **error); /* ERR_INVALID: longer than CHAIN_FIELDS_MOST_BYTES */
bool chain_sync(Chain *chain, GError **error);
unsigned chain_waiting(const Chain *chain);

int64_t chain_seq(const Chain *chain); /* of the newest written line; 0 when there is none */
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
 * missing file or folder is an empty chain. ERR_CORRUPT on a line that cannot be read. Another
 * thread may append meanwhile. */
bool chain_each(const char *path, int64_t from_seq, ChainVisit visit, void *data, GError **error);

/* The same, but passes over lines that cannot be read: for those who must go on whatever befell an
 * old line; chain_check() is who tells it. Returns the number of such lines, -1 on error. */
int chain_each_readable(const char *path, int64_t from_seq, ChainVisit visit, void *data,
                        GError **error);

/* Checks every line: form, numbers, links, signatures by keys of `ring` (NULL: not checked), keys
 * in the order of the ring. Tells each fault, then goes on; `visit` (may be NULL; its result is not
 * used) sees each line that can be read, before its faults. `number` is 0 for a fault of the whole
 * file. Returns the number of faults. */
typedef void (*ChainFault)(void *data, const char *path, unsigned number, const char *what);
unsigned chain_check(const char *path, const KeyRing *ring, ChainVisit visit, ChainFault fault,
                     void *data);

/* What is wrong with the signature of a line that line_read_head() read, as owned text that goes on
 * after "the line …"; NULL when it holds. `*key_index` is the key's place in the ring, or -1. */
char *line_signature_fault(const LineHead *head, const char *text, const KeyRing *ring,
                           int *key_index);

/* What a line must follow. Zero-initialise. */
typedef struct ChainLink {
    int64_t seq;
    Hash hash;
    int key_index; /* of the newest key used so far, in the ring */
} ChainLink;

/* What is wrong with `head` as the next line, signed by the key at `key_index` (-1: not known), as
 * owned text; NULL when nothing is. Steps on to it in any case. */
char *chain_link_fault(ChainLink *link, const LineHead *head, int key_index);

/* The head of the newest line of a file that can be read; `*damaged` (may be NULL) counts the lines
 * behind it that cannot. 1 found, 0 no line, also where the file is missing, -1 error. */
int line_read_last(const char *path, LineHead *head, unsigned *damaged, GError **error);

/* The same for the one who goes on writing: cuts off a torn last line first, and tells damage in
 * the log. */
int line_mend_last(const char *path, LineHead *head, GError **error);

/* Names of a folder's files or folders that are a day ("2026-11-24" + `suffix`), sorted. Returns
 * owned (GPtrArray of char *), empty when there is no such folder. NULL on error. */
GPtrArray *day_names(const char *folder, const char *suffix, GError **error);
