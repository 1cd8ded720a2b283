/* root_line.h — a line of roots.jsonl: how far each chain had come, and the root over what is new.
 *
 * {"v":1,"type":"root","seq":N,"kind":"interim"|"day","day":"<YYYY-MM-DD>","at_us":I,
 *  "chains":[["<camera>","<volume>",LAST],…],"entries":N,"root":HASH,"audit":LAST,"audit_root":HASH,
 *  "before":HASH,"prev":HASH,"key":ID,"sig":SIG}
 *
 * `chains` names every chain, in the order camera, volume, with its newest seq. An interim root
 * covers, chain by chain in that order, the lines behind the LAST of the line before (of either
 * kind) up to its own; a day root those behind the LAST of the day root before. An entry is a
 * line's hash. `audit` and `audit_root` do the same for the audit log. `before` is the hash of the
 * newest day root's line before this one (zeros when there is none).
 */
#pragma once

#include "base/uuid.h"
#include "ledger/line.h"

#include <glib.h>

typedef struct RootChain {
    Uuid camera, volume;
    int64_t last;
} RootChain;

typedef enum RootKind { ROOT_INTERIM, ROOT_DAY } RootKind;

typedef struct RootLine {
    RootKind kind;
    int64_t day_us; /* start of the day it is for; of an interim root, in which it was made */
    int64_t at_us;
    GArray *chains; /* RootChain, sorted, each once; owned */
    int64_t entries;
    Hash root;
    int64_t audit_last;
    Hash audit_root;
    Hash before;
    LineHead head; /* set by root_line_parse() */
} RootLine;

void root_line_clear(RootLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RootLine, root_line_clear)

/* The members between seq and prev, for chain_append(). */
void root_line_put(GString *fields, const RootLine *line);

/* False when it is no root's line, to the letter; there is then nothing to clear. */
bool root_line_parse(const char *text, size_t size, RootLine *line);

int root_chain_compare(const void *a, const void *b); /* camera, volume, as bytes */

/* LAST of a chain, 0 when the line does not name it. `line` may be NULL. */
int64_t root_line_last(const RootLine *line, const Uuid *camera, const Uuid *volume);
