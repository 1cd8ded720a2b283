/* case_parts.h — what a case gathers, and how it came to be what it is: rows of items and of its
 * history. Nothing of either is ever deleted.
 */
#pragma once

#include "catalog/cases.h"

typedef struct CaseItemRow {
    int n; /* counts the items of the case from 1 on */
    char *kind;
    int64_t at_us;
    Uuid by;
    char *body; /* JSON of its members, by casework/case_item.h */
} CaseItemRow;

void case_item_row_free(CaseItemRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseItemRow, case_item_row_free)

/* Inserts it as the next of the case, and sets its `n`. */
bool case_items_add(CatalogDb *db, const CaseRow *of, CaseItemRow *row, GError **error);

/* Those that were not taken out, oldest first: CaseItemRow *. Returns owned, or NULL. */
GPtrArray *case_items_list(CatalogDb *db, const CaseRow *of, GError **error);

/* ERR_NOT_FOUND: there is none, or not any more. Returns owned, or NULL. */
CaseItemRow *case_items_get(CatalogDb *db, const CaseRow *of, int n, GError **error);

/* It is out of the list; its row stays. */
bool case_items_remove(CatalogDb *db, const CaseRow *of, int n, int64_t at_us, const Uuid *by,
                       GError **error);

/* A line of the history. */
typedef struct CaseChangeRow {
    int64_t at_us;
    Uuid by;              /* nil: the server itself */
    const char *what;     /* "opened" "state" "title" … */
    const char *was, *is; /* before and after; "": none */
    const char *reason;   /* "": none */
} CaseChangeRow;

bool case_history_add(CatalogDb *db, const CaseRow *of, const CaseChangeRow *row, GError **error);

/* Calls `visit` for each line, oldest first; texts are borrowed until it returns. */
bool case_history_each(CatalogDb *db, const CaseRow *of,
                       void (*visit)(void *data, const CaseChangeRow *row), void *data,
                       GError **error);
