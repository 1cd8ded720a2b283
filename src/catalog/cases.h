/* cases.h — rows of cases: what officers work on. Rules about them live in casework/case.h.
 *
 * A case names its location, cameras and people by UUID and outlives them. A report belongs to one
 * case at most.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

/* A report of a case: put into it, or telling the same thing as one that was, and in no other. */
typedef struct CaseReportRow {
    Uuid id;
    int year, seq;               /* its number */
    int joined_year, joined_seq; /* of the report that it is joined to; 0: none */
} CaseReportRow;

typedef struct CaseRow {
    int64_t ref; /* grows; the cursor of a list */
    Uuid id;
    int year, seq;            /* "VV-2026-0042" */
    Uuid key;                 /* the app's own name for it; nil: none */
    char *kind, *state;       /* words of casework/report.h and case.h */
    char *title;              /* "": none, as these */
    char *where_text;         /* the place in words */
    char *outcome, *document; /* what was decided, and the number of its paper */
    char *answer;             /* what the reporters read */
    int64_t state_us;         /* since when it is in its state */
    int64_t opened_us;
    Uuid opened_by, assignee;   /* nil: nobody */
    Uuid location;              /* nil: none */
    bool has_place;             /* a point on the map was given */
    double latitude, longitude; /* of it */
    int64_t from_us, to_us;     /* when it happened, at the earliest and the latest */
    int64_t footage_us;         /* when its first footage was found; 0: it was not */
    int64_t overdue_us;         /* when it was told that its state lasts too long; 0: it was not */
    int64_t revision;           /* grows with each change */
    int64_t told_us; /* of the oldest report put into it; 0: none was. Read only, as these: */
    int64_t item_count, hold_count; /* holds that stand */
    GArray *reports;                /* CaseReportRow */
} CaseRow;

/* Empty, with all texts "". Returns owned. */
CaseRow *case_row_new(void);
void case_row_free(CaseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseRow, case_row_free)

/* Inserts it as the next of `row->year`, and sets its `ref` and `seq`. */
bool cases_add(CatalogDb *db, CaseRow *row, GError **error);

/* Replaces all but what it was opened with: id, number, key, when and by whom. */
bool cases_put(CatalogDb *db, const CaseRow *row, GError **error);

/* With its reports. ERR_NOT_FOUND when there is none. Returned owned. */
CaseRow *cases_get(CatalogDb *db, const Uuid *id, GError **error);
CaseRow *cases_get_number(CatalogDb *db, int year, int seq, GError **error);
CaseRow *cases_get_key(CatalogDb *db, const Uuid *key, GError **error);
CaseRow *cases_get_report(CatalogDb *db, const Uuid *report, GError **error); /* put into it */

/* The one that a report was put into, else the first that a report of the same thing was. */
CaseRow *cases_get_thing(CatalogDb *db, const Uuid *report, GError **error);

/* Whether a report was put into no case, and another one than `row`, in none of `states` (at most
 * four, NULL-ended), has one of the same thing. */
bool cases_share_report(CatalogDb *db, const CaseRow *row, const Uuid *report,
                        const char *const *states, bool *shared, GError **error);

bool cases_add_report(CatalogDb *db, const CaseRow *row, const Uuid *report, GError **error);
bool cases_remove_report(CatalogDb *db, const CaseRow *row, const Uuid *report, GError **error);

/* What to list, newest first. */
typedef struct CaseQuery {
    const char *const *states; /* NULL-ended; NULL: any */
    const Uuid *assignee;      /* nil: nobody; NULL: any */
    const Uuid *location;      /* NULL: any */
    int64_t from_us, to_us;    /* opened within; 0, INT64_MAX: any time */
    int64_t before_ref;        /* behind this one; 0: from the newest */
    unsigned limit;
    bool (*fits)(void *data, const CaseRow *row); /* which are listed; NULL: all */
    void *data;
} CaseQuery;

/* CaseRow *, with their reports. Returns owned, or NULL. */
GPtrArray *cases_list(CatalogDb *db, const CaseQuery *asked, GError **error);
