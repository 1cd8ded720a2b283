/* audit_marks.h — looks at footage that whoever watches over the log should look into: over and
 * over at one camera, many cameras at once, off shift, or explained by a case only afterwards.
 * Pure.
 *
 * A mark accuses nobody: it says where to ask. What is looked at for a case counts for none of them
 * but being off shift, unless who looks has opened that case. Live views count for being off shift
 * only.
 */
#pragma once

#include "people/audit.h"

#include <glib.h>
#include <stdbool.h>

typedef enum MarkKind {
    MARK_SAME_CAMERA,     /* MARK_SAME_LEAST looks at one camera within MARK_SAME_US */
    MARK_BULK,            /* MARK_BULK_LEAST cameras within MARK_BULK_US, on no round or repair */
    MARK_OFF_SHIFT,       /* by somebody with shifts, out of them */
    MARK_CASE_AFTER_VIEW, /* who looked opened a case within MARK_AFTER_US */
    MARK_KINDS,
} MarkKind;

enum { MARK_SAME_LEAST = 10, MARK_BULK_LEAST = 16, MARK_SEQS_MOST = 20 };
#define MARK_SAME_US (7 * DAY_US)
#define MARK_BULK_US HOUR_US
#define MARK_AFTER_US DAY_US
#define MARK_SITTING_US (10 * MINUTE_US) /* what is opened of a camera within it is one look */

const char *mark_kind_text(MarkKind kind); /* "same-camera-without-case" … */

typedef struct AuditMark {
    MarkKind kind;
    char *actor;  /* id */
    char *object; /* id: of the case of MARK_CASE_AFTER_VIEW, the camera of MARK_SAME_CAMERA; else
                     "" */
    int64_t from_us, to_us; /* of the first look until the last */
    unsigned count;         /* looks */
    GPtrArray *cameras;     /* char *, ids, each once */
    GArray *seqs;           /* int64_t: of the first MARK_SEQS_MOST lines */
    int64_t last_seq;       /* of the last line */
} AuditMark;

void audit_mark_free(AuditMark *mark);

/* "off-shift.1234", with the case behind it where there is one: another one as soon as the looks go
 * on. Returns owned. */
char *audit_mark_id(const AuditMark *mark);

typedef struct MarkRules {
    /* Is this account, by the shift plan, out of its shifts at that time? False for who has none.
     */
    bool (*off_shift)(void *data, const char *actor, int64_t at_us);
    /* Did this account open the case of this number, without anybody's report? */
    bool (*own_case)(void *data, const char *actor, const char *number);
    void *data;
} MarkRules;

/* Of AuditRow *, oldest first, whatever else is among them: AuditMark *, the newest first. Lines of
 * cases that began with a report are to be left out. Returns owned. */
GPtrArray *audit_marks(const GPtrArray *rows, const MarkRules *rules);

/* Does audit_marks() look at such a line at all? */
bool audit_marks_want(const AuditRow *row, const MarkRules *rules);
