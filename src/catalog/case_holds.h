/* case_holds.h — rows of footage that is held for a case: what, since when, by whom, and who lets
 * it go. What is held is told by the ledger (archive/): these rows say why.
 */
#pragma once

#include "catalog/cases.h"

typedef struct CaseHoldSpanRow {
    Uuid camera;
    int64_t from_us, to_us;
} CaseHoldSpanRow;

typedef struct CaseHoldRow {
    int64_t ref;
    Uuid id; /* as in the ledger */
    int64_t at_us;
    Uuid by;
    int64_t until_us; /* it lapses then; 0: it is held until it is released */
    char *reason;     /* "": none */
    int64_t approved_us;
    Uuid approved_by;
    int64_t asked_us; /* when somebody asked to release it; 0: nobody does */
    Uuid asked_by;
    char *ask_reason;
    int64_t released_us; /* 0: it stands */
    Uuid released_by;    /* nil: the server, by a rule */
    GArray *spans;       /* CaseHoldSpanRow */
} CaseHoldRow;

/* Empty, with all texts "". Returns owned. */
CaseHoldRow *case_hold_row_new(void);
void case_hold_row_free(CaseHoldRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseHoldRow, case_hold_row_free)

/* Inserts it with its spans, and sets its `ref`. */
bool case_holds_add(CatalogDb *db, const CaseRow *of, CaseHoldRow *row, GError **error);

/* Replaces what may change: approval, asking, release. */
bool case_holds_put(CatalogDb *db, const CaseHoldRow *row, GError **error);

/* One of the case; ERR_NOT_FOUND. Returns owned, or NULL. */
CaseHoldRow *case_holds_get(CatalogDb *db, const CaseRow *of, const Uuid *id, GError **error);

/* Those of the case, oldest first: CaseHoldRow *. Returns owned, or NULL. */
GPtrArray *case_holds_list(CatalogDb *db, const CaseRow *of, GError **error);
