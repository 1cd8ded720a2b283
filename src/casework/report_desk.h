/* report_desk.h — where reports come in, are taken, answered and joined, with the footage that is
 * held for them in the same moment.
 *
 * Whoever must know at once listens. Thread-safe; what reads or changes reports blocks.
 */
#pragma once

#include "archive/archive.h"
#include "casework/report.h"
#include "config/site.h"

typedef struct ReportDesk ReportDesk;

/* Borrows all until report_desk_free(), but `folder`, where pictures and videos of reports are
 * kept; what was on its way there when the last run was cut off is deleted. Returns owned.
 * Blocking. */
ReportDesk *report_desk_new(Catalog *catalog, Site *site, Archive *archive, const char *folder);
void report_desk_free(ReportDesk *desk); /* NULL is allowed */

/* Where files that are sent come in; borrowed. */
const char *report_desk_incoming(const ReportDesk *desk);

typedef enum ReportNews {
    REPORT_NEWS_TOLD,    /* it is new */
    REPORT_NEWS_CHANGED, /* taken, answered … */
    REPORT_NEWS_RISES,   /* nobody has taken it for too long, or whoever did has not answered */
    REPORT_NEWS_EXPIRED, /* it was over for longer than is kept, and is a figure now */
} ReportNews;

/* On whichever thread made the news; must be quick. `row` is borrowed. */
typedef void (*ReportListener)(void *data, const ReportRow *row, ReportNews news);

/* One listener, before the first report. */
void report_desk_listen(ReportDesk *desk, ReportListener listener, void *data);

/* Tells the listener of what was changed with a case. */
void report_desk_news(const ReportDesk *desk, const ReportRow *row, ReportNews news);

/* 0: one more may be told, and is counted; else how long to wait (monotonic). `who`: of a resident
 * the address, else the account's id. */
int64_t report_desk_wait_us(ReportDesk *desk, const char *who, bool resident);

/* The same for looks of residents at what became of theirs. */
int64_t report_desk_look_wait_us(ReportDesk *desk, const char *address);

/* What a resident follows the answer with: random, told once. */
enum { REPORT_SECRET_BYTES = 16 };

/* Takes a report in, and holds footage for it. `by`: account or token; nil: a resident. The same
 * `key` by the same teller within an hour is the same report (`*again`). `*secret` is set for a
 * resident (owned, secret_free; a new one each time). ERR_INVALID, ERR_EXISTS: the key is of
 * another report. Returns owned, or NULL. */
ReportRow *report_desk_tell(ReportDesk *desk, const ReportTold *told, const Uuid *by, char **secret,
                            bool *again, GError **error);

/* What is to change; borrowed. NULL, false: leave it. */
typedef struct ReportEdit {
    const char *state;   /* taken, answered (with `answer`), rejected */
    bool from_colleague; /* it is taken from whoever has it */
    const char *answer;  /* of a report that is not rejected: it is answered */
    const char *kind;
    const Uuid *location;
    const PlacePoint *place;        /* on the map */
    const int64_t *from_us, *to_us; /* both or none */
    const char *join;               /* the number of the report that tells the same */
    bool hold;                      /* what waits is held, without the bounds for residents */
} ReportEdit;

/* Changes a report in the name of `who`; `*before` is returned owned, as what is returned. Where
 * place or time is corrected, what is not held there yet is held as of a new report; what was held
 * stays. ERR_NOT_FOUND; ERR_INVALID; ERR_EXISTS: a colleague has taken it, who is `*colleague`. */
ReportRow *report_desk_change(ReportDesk *desk, const Uuid *id, const ReportEdit *edit,
                              const Uuid *who, ReportRow **before, Uuid *colleague, GError **error);

/* What became of the report of this number and secret, for whoever told it: the report it was
 * joined to stands in `*joined` (owned, NULL: none). ERR_NOT_FOUND for a wrong number and a wrong
 * secret alike. Returns owned, or NULL. */
ReportRow *report_desk_follow(ReportDesk *desk, const char *number, const char *secret,
                              ReportRow **joined, GError **error);

/* Now and then, at most each minute: what waits rises, what has lapsed is released, what is kept no
 * longer is erased. Blocking. */
void report_desk_look(ReportDesk *desk);
