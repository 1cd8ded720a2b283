/* criteria.h — rows of the site's own criteria for a good month, and of what somebody judged by
 * hand. Rules about them live in casework/criterion.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct CriterionRow {
    Uuid id;
    char *text;
    char *figure;     /* word of casework/criterion.h; "": judged by hand */
    char *compare;    /* "most", "least"; "": judged by hand */
    double threshold; /* in the unit of the figure */
    int64_t created_us;
} CriterionRow;

CriterionRow *criterion_row_new(void); /* with texts "" */
void criterion_row_free(CriterionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CriterionRow, criterion_row_free)

/* What was judged of a month. */
typedef struct CriterionMark {
    Uuid criterion;
    char *month; /* "2026-11" */
    bool met;
    char *note; /* "": none */
    Uuid by;    /* account or token */
    int64_t at_us;
} CriterionMark;

void criterion_mark_free(CriterionMark *mark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CriterionMark, criterion_mark_free)

/* Inserts, or replaces the row of this id. */
bool criteria_put(CatalogDb *db, const CriterionRow *row, GError **error);
/* ERR_NOT_FOUND when there is none. Returns owned. */
CriterionRow *criteria_get(CatalogDb *db, const Uuid *id, GError **error);
/* CriterionRow *, the oldest first. Returns owned, or NULL. */
GPtrArray *criteria_list(CatalogDb *db, GError **error);
/* With what was judged by it. ERR_NOT_FOUND when there is none. */
bool criteria_remove(CatalogDb *db, const Uuid *id, GError **error);

bool criterion_marks_put(CatalogDb *db, const CriterionMark *mark, GError **error);
bool criterion_marks_remove(CatalogDb *db, const Uuid *criterion, const char *month,
                            GError **error);
/* CriterionMark *. Returns owned, or NULL. */
GPtrArray *criterion_marks_of(CatalogDb *db, const char *month, GError **error);
