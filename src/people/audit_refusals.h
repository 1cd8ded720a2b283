/* audit_refusals.h — private to people/: which refused attempts get a line of their own.
 *
 * Whoever has no account can be refused without end, and lines are kept for years. Of whoever asks
 * from one address (an IPv6 address counts as its /64) REFUSALS_FREE a minute get a line each; the
 * others are counted, and the count is one line once the minute is over. Bounded; thread-safe.
 */
#pragma once

#include "people/audit.h"

typedef struct Refusals Refusals;

enum { REFUSALS_FREE = 20, REFUSALS_PLACES_MOST = 256 };
#define REFUSALS_SPAN_US (INT64_C(60) * 1000000)

Refusals *refusals_new(void);
void refusals_free(Refusals *refusals);

/* Does this refused attempt get a line? If not, it is counted. `now_us` is monotonic. */
bool refusals_take(Refusals *refusals, const AuditEntry *entry, int64_t now_us);

/* Forgets those who began before `before_us` (monotonic); what was counted of one is told as an
 * entry "refused-more" with the count as the change of "times". */
void refusals_end(Refusals *refusals, int64_t before_us,
                  void (*tell)(void *data, const AuditEntry *entry), void *data);

bool refusals_open(Refusals *refusals); /* is there anyone to be forgotten? */
