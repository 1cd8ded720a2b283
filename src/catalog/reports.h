/* reports.h — rows of reports: what people told. Rules about them live in casework/report.h.
 *
 * A report names its camera, location and people by UUID and outlives them.
 */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "catalog/report_files.h"

#include <glib.h>

/* Footage that was put on hold for a report. */
typedef struct ReportHoldRow {
    Uuid camera;
    int64_t from_us, to_us;
    int64_t until_us; /* it lapses then */
} ReportHoldRow;

typedef struct ReportRow {
    int64_t ref; /* grows; the cursor of a list */
    Uuid id;
    int year, seq;                 /* "2026-000123" */
    char *kind, *source, *state;   /* words of casework/report.h */
    int64_t told_us;               /* when it came in */
    int64_t from_us, to_us;        /* when it happened, at the earliest and the latest */
    char *span_words;              /* how that was said; "": by times */
    Uuid location;                 /* nil: none */
    bool has_place;                /* a point on the map was given */
    double latitude, longitude;    /* of it */
    char *where_text;              /* "": none */
    Uuid camera;                   /* nil: none */
    char *text, *vneid;            /* "": none */
    char *reporter, *phone;        /* protected: name and number of whoever told it; "": none */
    Uuid by;                       /* account or token that wrote it; nil: the public page */
    uint8_t secret[SHA256_BYTES];  /* digest of what follows the answer; zeros: none */
    Uuid key;                      /* the app's own name for it; nil: none */
    Uuid taken_by;                 /* nil: nobody */
    int64_t taken_us, answered_us; /* 0: it is not */
    char *answer;                  /* in words for whoever told it; "": none */
    int64_t joined_ref;            /* the report that tells the same thing; 0: none */
    int joined_year, joined_seq;   /* its number; read only */
    bool hold_waits;               /* not all of its footage is held */
    int64_t rose_us; /* when the commanders were told that it waits; 0: they were not */
    /* Of catalog/report_privacy.h, which alone writes them. */
    unsigned wishes;                /* bits: what whoever told it waits for; 0: nothing */
    int64_t wished_us, wish_due_us; /* since when, and until when it is to be answered */
    int erased;                     /* how much is gone of it; 0: nothing */
    int64_t erased_us;
    GArray *holds; /* ReportHoldRow */
    GArray *files; /* ReportFileRow */
} ReportRow;

/* Empty, with all texts "". Returns owned. */
ReportRow *report_row_new(void);
void report_row_free(ReportRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportRow, report_row_free)

/* Inserts it as the next of `row->year`, and sets its `ref` and `seq`. */
bool reports_add(CatalogDb *db, ReportRow *row, GError **error);

/* Replaces what may change: kind, span, place, state, who took it, answer, secret, hold_waits,
 * rose_us. */
bool reports_put(CatalogDb *db, const ReportRow *row, GError **error);

bool reports_add_hold(CatalogDb *db, const ReportRow *row, const ReportHoldRow *hold,
                      GError **error);

/* With their holds and files. ERR_NOT_FOUND when there is none. Returned owned. */
ReportRow *reports_get(CatalogDb *db, const Uuid *id, GError **error);
ReportRow *reports_get_ref(CatalogDb *db, int64_t ref, GError **error);
ReportRow *reports_get_number(CatalogDb *db, int year, int seq, GError **error);
ReportRow *reports_get_key(CatalogDb *db, const Uuid *key, GError **error);

/* What to list, newest first. */
typedef struct ReportQuery {
    const char *const *states; /* NULL-ended; NULL: any */
    const char *kind;          /* NULL: any */
    bool wishing;              /* only those that wait for what is done with what is kept of them */
    int64_t from_us, to_us;    /* told within; 0, INT64_MAX: any time */
    int64_t before_ref;        /* behind this one; 0: from the newest */
    unsigned limit;
    bool (*may)(void *data, const ReportRow *row); /* which are listed; NULL: all */
    void *data;
} ReportQuery;

/* ReportRow *, with their holds and files. Returns owned, or NULL. */
GPtrArray *reports_list(CatalogDb *db, const ReportQuery *asked, GError **error);

/* Each report that was told in [from_us, to_us), without its holds and files, to `take`, in the
 * order they came. `row` is borrowed. */
typedef void (*ReportTake)(void *data, const ReportRow *row);
bool reports_each(CatalogDb *db, int64_t from_us, int64_t to_us, ReportTake take, void *data,
                  GError **error);

/* Those in `state` that were told before `before_us` and have not risen yet, oldest first, at most
 * `limit`; without holds and files. Returns owned, or NULL. */
GPtrArray *reports_waiting(CatalogDb *db, const char *state, int64_t before_us, unsigned limit,
                           GError **error);

/* The same of those that were taken before `before_us`, have not risen since, and that no case in
 * another state than `case_states` (NULL-ended, at most four) has, by whatever they are joined to.
 */
GPtrArray *reports_unanswered(CatalogDb *db, const char *state, int64_t before_us,
                              const char *const *case_states, unsigned limit, GError **error);
