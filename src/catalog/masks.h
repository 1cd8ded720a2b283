/* masks.h — rows of privacy masks, and of the times when somebody may see what is under those of a
 * camera. The rules stand in config/masks.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct MaskRow {
    Uuid id, camera;
    char *name;   /* what it covers, and why */
    char *points; /* as mask_shape_text() writes them */
    int64_t since_us;
    Uuid by;          /* nil: the console */
    int64_t asked_us; /* when somebody asked to take it away; 0: nobody does */
    Uuid asked_by;
    char *ask_reason; /* "": none */
    int64_t until_us; /* it is taken away since then; 0: in force */
    Uuid until_by;    /* who approved that */
} MaskRow;

MaskRow *mask_row_new(void); /* with texts "" */
MaskRow *mask_row_copy(const MaskRow *row);
void mask_row_free(MaskRow *row); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MaskRow, mask_row_free)

/* A span of minutes in which one person sees the pictures of a camera without its masks. */
typedef struct LiftingRow {
    Uuid id, camera;
    Uuid by;      /* whoever asked, and sees; nil: the console */
    char *reason; /* "case …", or the routine */
    int64_t minutes;
    int64_t asked_us;
    int64_t decided_us; /* 0: it waits */
    Uuid decided_by;
    char *words; /* of whoever decided; "": none */
    bool approved;
    int64_t until_us; /* when it ends or has ended; 0: it never began */
    Uuid ended_by;    /* before its time; nil: by itself */
} LiftingRow;

LiftingRow *lifting_row_new(void); /* with texts "" */
LiftingRow *lifting_row_copy(const LiftingRow *row);
void lifting_row_free(LiftingRow *row); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiftingRow, lifting_row_free)

/* Insert, or replace the row of this id. */
bool masks_put(CatalogDb *db, const MaskRow *row, GError **error);
bool liftings_put(CatalogDb *db, const LiftingRow *row, GError **error);

/* All there ever were, oldest first: MaskRow *. Returns owned, or NULL. */
GPtrArray *masks_list(CatalogDb *db, GError **error);

/* Asked for after that, oldest first: LiftingRow *. Returns owned, or NULL. */
GPtrArray *liftings_since(CatalogDb *db, int64_t since_us, GError **error);
