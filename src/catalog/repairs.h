/* repairs.h — rows of repair tickets and of their history. Rules about them live in watch/repair.h.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#define REPAIR_COST_UNKNOWN INT64_C(-1)

typedef struct RepairRow {
    int64_t ref; /* grows; the cursor of a list */
    Uuid id;
    Uuid camera;
    Uuid event;    /* what was noticed; nil: nothing was, somebody told */
    char *fault;   /* what is wrong, in words */
    char *state;   /* repair_state_text() */
    char *owner;   /* who sees to it, in words; "": nobody yet */
    char *due;     /* "2026-12-01", a day of the site; "": none */
    int64_t cost;  /* in the site's money; REPAIR_COST_UNKNOWN */
    char *funding; /* who pays, in words */
    int64_t created_us, changed_us;
    int64_t done_us; /* 0: it is not */
} RepairRow;

void repair_row_free(RepairRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RepairRow, repair_row_free)

/* One change of a ticket. */
typedef struct RepairStep {
    int64_t at_us;
    Uuid who;      /* account; nil: the console or a token */
    char *changes; /* JSON object: member -> [before, after] */
    char *note;    /* what was said to it; "": nothing */
} RepairStep;

void repair_step_free(RepairStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RepairStep, repair_step_free)

/* Inserts a ticket, or replaces all of it but its camera, event and beginning. ERR_NOT_FOUND: no
 * such camera. */
bool repairs_put(CatalogDb *db, const RepairRow *row, GError **error);
bool repairs_put_step(CatalogDb *db, const Uuid *repair, const RepairStep *step, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned. */
RepairRow *repairs_get(CatalogDb *db, const Uuid *id, GError **error);

typedef enum RepairsWanted { REPAIRS_ALL, REPAIRS_OPEN, REPAIRS_SETTLED } RepairsWanted;

/* RepairRow *, newest first, below the number `before_ref` (0: from the newest), of one camera or
 * of all (NULL). Returns owned, or NULL. */
GPtrArray *repairs_list(CatalogDb *db, RepairsWanted wanted, const Uuid *camera, int64_t before_ref,
                        unsigned limit, GError **error);

/* RepairStep *, oldest first. Returns owned, or NULL. */
GPtrArray *repairs_steps(CatalogDb *db, const Uuid *repair, GError **error);

/* How many are open, and how many of those were due before the day `today`. */
bool repairs_count(CatalogDb *db, const char *today, int64_t *open, int64_t *overdue,
                   GError **error);
