/* household_requests.h — rows of what households are asked for: a request, and each household that
 * it was put to. Rules about them live in household/footage_request.h.
 */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "catalog/household_files.h"

#include <glib.h>

/* A request as one household has it. */
typedef struct HouseholdAskRow {
    int64_t ref;
    Uuid id; /* in its link */
    Uuid household;
    uint8_t secret[SHA256_BYTES]; /* digest of that of its link; zeros: none was made */
    GArray *files;                /* HouseholdFileRow */
} HouseholdAskRow;

typedef struct HouseholdRequestRow {
    int64_t ref; /* grows; the cursor of a list */
    Uuid id;
    char *case_number;
    double latitude, longitude;
    int radius_m;
    int64_t from_us, to_us; /* of when footage is asked for */
    char *what;             /* what to look for */
    char *unit;
    int64_t deadline_us, made_us;
    Uuid made_by;
    Uuid key;             /* the app's own name for it; nil: none */
    int64_t withdrawn_us; /* 0: it stands */
    Uuid withdrawn_by;
    char *withdrawal; /* why, for officers; "": not told */
    GPtrArray *asks;  /* HouseholdAskRow * */
} HouseholdRequestRow;

HouseholdAskRow *household_ask_row_new(void); /* empty; returns owned */
void household_ask_row_free(HouseholdAskRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HouseholdAskRow, household_ask_row_free)

/* Empty, with all texts "". Returns owned. */
HouseholdRequestRow *household_request_row_new(void);
void household_request_row_free(HouseholdRequestRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HouseholdRequestRow, household_request_row_free)

/* Inserts it with its asks, and sets `ref`. */
bool household_requests_add(CatalogDb *db, HouseholdRequestRow *row, GError **error);

/* Replaces what is said of its being withdrawn. */
bool household_requests_put(CatalogDb *db, const HouseholdRequestRow *row, GError **error);

/* Replaces the secret. */
bool household_asks_put(CatalogDb *db, const HouseholdAskRow *row, GError **error);

/* With asks and files. ERR_NOT_FOUND when there is none. Returned owned. */
HouseholdRequestRow *household_requests_get(CatalogDb *db, const Uuid *id, GError **error);
HouseholdRequestRow *household_requests_get_key(CatalogDb *db, const Uuid *key, GError **error);

/* The ask of this id, with the request that it belongs to in `*request` (owned, its `asks` empty).
 */
HouseholdAskRow *household_asks_get(CatalogDb *db, const Uuid *id, HouseholdRequestRow **request,
                                    GError **error);

/* HouseholdRequestRow *, with asks and files, newest first: `limit` at most, behind `before_ref`
 * (0: from the newest), of a case (NULL: any). Returns owned, or NULL. */
GPtrArray *household_requests_list(CatalogDb *db, const char *case_number, int64_t before_ref,
                                   unsigned limit, GError **error);
