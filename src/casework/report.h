/* report.h — what a report may say: kinds, sources, states, when and where; and its number. Pure.
 *
 * A report is something told by a person: a resident on the public page, or somebody with an
 * account, for themselves or for who called, came by or wrote.
 */
#pragma once

#include "catalog/reports.h"
#include "place/place.h"

#include <stdint.h>

#define REPORT_NEW "new"
#define REPORT_TAKEN "taken"
#define REPORT_ANSWERED "answered"
#define REPORT_REJECTED "rejected"
#define REPORT_JOINED "joined"
#define REPORT_BY_RESIDENT "resident" /* on the public page */
#define REPORT_BY_VILLAGE_HEAD "village-head"
#define REPORT_BY_OFFICER "officer"

enum {
    REPORT_TEXT_MOST = 2000, /* letters, as these */
    REPORT_WHERE_MOST = 200,
    REPORT_ANSWER_MOST = 1000,
    REPORT_NUMBER_TEXT = 24,
};

extern const char *const report_kinds[];   /* NULL-ended, as these */
extern const char *const report_sources[]; /* that somebody with an account may choose */
extern const char *const report_states[];
extern const char *const report_spans[];

/* As it is told; borrowed. NULL: not told. */
typedef struct ReportTold {
    const char *kind, *source;
    const Uuid *location, *camera;
    const PlacePoint *place;
    const char *where;
    int64_t from_us, to_us;
    const char *span_words;
    const char *text, *vneid, *reporter, *phone;
    const Uuid *key; /* the app's own name for it, so that it is not taken in twice */
} ReportTold;

/* A new report of what is told, at `now_us`; by REPORT_BY_RESIDENT words are needed, and the span
 * may be a day, else a week. ERR_INVALID says what is wrong, by its name on the API. Number and
 * year, who tells it and the secret are left to the caller. Returns owned, or NULL. */
ReportRow *report_of(const ReportTold *told, int64_t now_us, GError **error);

/* Sets `*stored` (freed first) to `text` without blanks around it and in NFC, when it has `least`
 * to `most` letters and no control characters but, where it may have `lines`, ends of lines. Else
 * ERR_INVALID, which names `member`. */
bool report_text(char **stored, const char *member, const char *text, long least, long most,
                 bool lines, GError **error);

/* When it happened: a day at most of what a resident tells, else a week. */
bool report_span_check(int64_t from_us, int64_t to_us, bool resident, int64_t now_us,
                       GError **error);

/* ERR_INVALID where it is on no map; NULL is allowed. */
bool report_place_check(const PlacePoint *place, GError **error);

bool report_kind_check(const char *kind, GError **error);

/* "2026-000123"; returns `text`. */
const char *report_number(int year, int seq, char text[REPORT_NUMBER_TEXT]);
bool report_number_parse(const char *text, int *year, int *seq);

/* Answered, rejected or joined. */
bool report_is_over(const ReportRow *row);
