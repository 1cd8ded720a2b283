/* audit_looks.h — private to people/: looks at recorded pictures, joined from their pieces.
 *
 * The audit's thread has all of it. A crash loses the end of a look, never that it began: that line
 * is written at the first piece.
 */
#pragma once

#include "people/audit.h"

/* A piece of a look: of whom, of what, and the span seen. */
typedef struct Look {
    Uuid actor;
    char *device, *address, *action, *object, *reason;
    AuditJoin join;
    int64_t from_us, to_us;
    int64_t first_from_us, first_to_us; /* as the line of its beginning tells it */
    int64_t seen_us;                    /* when the newest piece came, monotonic */
} Look;

void look_free(Look *look);

typedef struct Looks Looks;

/* `tell` gets the lines as they are due. Returns owned. */
Looks *looks_new(void (*tell)(void *data, const AuditEntry *entry), void *data);
void looks_free(Looks *looks); /* those still open are not told */

void looks_add(Looks *looks, Look *piece); /* takes `piece` */

/* Ends the looks of which the newest piece came before `seen_before_us`. */
void looks_end(Looks *looks, int64_t seen_before_us);
bool looks_open(const Looks *looks); /* any? */
