/* gate.h — how often something may be done by one who need not prove who they are: of one place,
 * and of all together.
 *
 * Each has a store of passes that fills up again with time. An IPv6 address counts as its /64. From
 * this machine itself, or through a proxy that does not say whom it speaks for, all come from one
 * address: they share the passes of all only. Held in memory, bounded; thread-safe.
 */
#pragma once

#include <stdint.h>

typedef struct Gate Gate;

typedef struct GateRule {
    unsigned most;     /* passes in store, at once */
    int64_t refill_us; /* until one more is there */
} GateRule;

Gate *gate_new(GateRule each, GateRule all);
void gate_free(Gate *gate); /* NULL is allowed */

/* 0: one pass of each store is used; else how long until there is one. `who`: an address, or what
 * names an account. `now_us` is monotonic. */
int64_t gate_pass(Gate *gate, const char *who, int64_t now_us);
