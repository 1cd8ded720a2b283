/* households.h — rows of the register of households' own cameras. Rules about them live in
 * household/household.h. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct HouseholdRow {
    int64_t ref; /* grows */
    Uuid id;
    char *village;
    double latitude, longitude;
    char *view;         /* what its camera looks at, in words; "": not told */
    int heading_deg;    /* where it looks, from north by east; −1: not known */
    int days_kept;      /* so long its recorder keeps pictures; 0: not known */
    int64_t pin_us;     /* when they agreed to stand in the register */
    int64_t asked_us;   /* when they agreed to be asked for footage; 0: they have not */
    Uuid agreed_by;     /* account that took the consent */
    char *name, *phone; /* protected: whom to ask; "": none */
    int64_t added_us;
    int64_t revoked_us;  /* 0: it stands */
    Uuid revoked_by;     /* account; nil: the owner */
    Uuid key;            /* the app's own name for it; nil: none */
    char photo_type[24]; /* of the photo of the view; "": none */
    int64_t photo_bytes;
    uint8_t photo_sha256[SHA256_BYTES];
} HouseholdRow;

/* Empty, with all texts "". Returns owned. */
HouseholdRow *household_row_new(void);
void household_row_free(HouseholdRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HouseholdRow, household_row_free)

/* Inserts it, and sets its `ref`. */
bool households_add(CatalogDb *db, HouseholdRow *row, GError **error);

/* Replaces all but id, key, and who added it when. */
bool households_put(CatalogDb *db, const HouseholdRow *row, GError **error);

/* ERR_NOT_FOUND when there is none. Returned owned. */
HouseholdRow *households_get(CatalogDb *db, const Uuid *id, GError **error);
HouseholdRow *households_get_key(CatalogDb *db, const Uuid *key, GError **error);

/* HouseholdRow *, by village, oldest first; those that were revoked too. Returns owned, or NULL. */
GPtrArray *households_list(CatalogDb *db, GError **error);
