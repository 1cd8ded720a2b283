/* pending_changes.h — rows of changes that one person asks for and another one decides. The rules
 * stand in config/pending.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef enum PendingOutcome {
    PENDING_OPEN,
    PENDING_AGREED,
    PENDING_REFUSED,
    PENDING_WITHDRAWN,
    PENDING_OVERTAKEN, /* something else was changed meanwhile */
} PendingOutcome;

/* One setting. */
typedef struct PendingRow {
    Uuid id;
    Uuid camera;          /* nil: of the whole site */
    char *field;          /* as in the API: "retention_days", "ntp" … */
    char *set;            /* what is stored when it is agreed to */
    char *before, *after; /* what counts now, and then; "0" of bytes: no bound */
    Uuid by;
    char *reason;
    int64_t asked_us;
    PendingOutcome outcome;
    int64_t ended_us; /* 0: open */
    Uuid ended_by;
    char *words; /* of whoever decided; "": none */
    bool busy;   /* not stored: it is being carried out */
} PendingRow;

PendingRow *pending_row_new(void); /* with texts "" */
PendingRow *pending_row_copy(const PendingRow *row);
void pending_row_free(PendingRow *row); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PendingRow, pending_row_free)

/* Insert, or replace the row of this id. */
bool pending_put(CatalogDb *db, const PendingRow *row, GError **error);

/* Asked for after that, oldest first: PendingRow *. Returns owned, or NULL. */
GPtrArray *pending_since(CatalogDb *db, int64_t since_us, GError **error);
