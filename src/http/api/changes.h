/* changes.h — what a change of a setting changed, field by field, for the audit log.
 *
 * Fields that stayed the same are left out. Names, addresses with credentials, secrets and words of
 * people are named as changed, without what they were or are.
 */
#pragma once

#include "people/audit.h"

#include <stdbool.h>
#include <stdint.h>

enum { CHANGES_ROOM = 32 };

/* Zero-initialise; clear when told. */
typedef struct Changes {
    AuditChange list[CHANGES_ROOM];
    char texts[CHANGES_ROOM][2][48]; /* of numbers */
    size_t count;
} Changes;

/* Texts are borrowed as long as `changes` is used; NULL counts as "". */
void changes_text(Changes *changes, const char *field, const char *before, const char *after);
void changes_int(Changes *changes, const char *field, int64_t before, int64_t after);
void changes_double(Changes *changes, const char *field, double before, double after);
void changes_bool(Changes *changes, const char *field, bool before, bool after);

/* That it changed, not what it was or is. */
void changes_hidden(Changes *changes, const char *field, const char *before, const char *after);
