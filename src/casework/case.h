/* case.h — what a case may say, the states it goes through, and its number. Pure.
 *
 * A case is what officers work on: reports, events, bookmarks, footage, notes, outcome.
 */
#pragma once

#include "catalog/cases.h"
#include "place/place.h"

#include <stdint.h>

#define CASE_NEW "new"
#define CASE_SEARCHING "searching"
#define CASE_PRESERVED "preserved"
#define CASE_EXPORTED "exported"
#define CASE_DECIDED "decided"
#define CASE_CLOSED "closed"
#define CASE_REJECTED "rejected"
#define CASE_TRANSFERRED "transferred"
#define CASE_REOPENED "reopened"
#define CASE_NOTHING_FOUND "nothing-found" /* of the outcomes */

enum {
    CASE_TITLE_MOST = 100, /* letters, as these */
    CASE_WHERE_MOST = 200,
    CASE_DOCUMENT_MOST = 60,
    CASE_REASON_LEAST = 3,
    CASE_REASON_MOST = 300,
    CASE_NUMBER_TEXT = 24,
    CASE_REPORTS_MOST = 50, /* told when it is opened */
};

extern const char *const case_states[];   /* NULL-ended, as these */
extern const char *const case_lets_go[];  /* states of cases that are over, and with nobody else */
extern const char *const case_over[];     /* … or with somebody else */
extern const char *const case_outcomes[]; /* what may be decided */

/* The states that may come after `state`, NULL-ended. */
const char *const *case_next(const char *state);
bool case_may_become(const char *state, const char *next);

/* Closed, rejected or transferred: nobody works on it. */
bool case_is_over(const CaseRow *row);

/* What its state becomes by what is done to it; NULL: it stays. */
typedef enum CaseDeed {
    CASE_DEED_SEARCH,    /* somebody looks at footage for it */
    CASE_DEED_PRESERVE,  /* footage is held for it */
    CASE_DEED_HAND_OVER, /* an evidence package leaves */
} CaseDeed;
const char *case_by_deed(const CaseRow *row, CaseDeed deed);

/* As it is told; borrowed. NULL: not told. */
typedef struct CaseTold {
    const char *kind, *title, *where, *note;
    const char *const *reports; /* numbers or ids, NULL-ended; NULL: none */
    const Uuid *location;
    const PlacePoint *place;
    const int64_t *from_us, *to_us;
    const Uuid *key; /* the app's own name for it, so that it is not opened twice */
} CaseTold;

/* A new case of what is told, at `now_us`; what is not told comes from `reports` (ReportRow *).
 * ERR_INVALID says what is wrong, by its name on the API. Number, year and who opens it are left to
 * the caller. Returns owned, or NULL. */
CaseRow *case_of(const CaseTold *told, const GPtrArray *reports, int64_t now_us, GError **error);

/* What is to change; borrowed. NULL, false: leave it. */
typedef struct CaseEdit {
    int64_t revision; /* that whoever asks has seen */
    const char *state, *reason, *outcome, *document, *answer;
    const char *kind, *title, *where;
    bool hands_over; /* to `assignee`; NULL: to nobody */
    const Uuid *assignee;
    const Uuid *location;
    const PlacePoint *place;
    const int64_t *from_us, *to_us;
} CaseEdit;

/* Makes the change but for the assignee. ERR_EXISTS: the state cannot follow; ERR_INVALID. */
bool case_apply(CaseRow *row, const CaseEdit *edit, int64_t now_us, GError **error);

/* Moves on to `state`. */
void case_set_state(CaseRow *row, const char *state, int64_t now_us);

/* From when it was told, or opened, to its first footage; -1: there is none. */
int64_t case_minutes_to_footage(const CaseRow *row);

/* "VV-2026-0042"; returns `text`. */
const char *case_number(int year, int seq, char text[CASE_NUMBER_TEXT]);
bool case_number_parse(const char *text, int *year, int *seq);
