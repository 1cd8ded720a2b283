/* household_files.h — rows of what households gave, and of every look at it. The files themselves
 * lie below DATA/household. */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct HouseholdFileRow {
    int64_t ref;
    int64_t ask; /* what it answers: ref of household_asks */
    Uuid id;
    Uuid key;      /* the page's own name for it */
    int n;         /* of the ask, from 1 */
    char type[24]; /* "video/mp4", by its first bytes; "": none have come */
    int64_t bytes; /* that it will have, and that have come */
    int64_t got;
    int64_t room;                 /* bytes set aside for it: never less than have come */
    int64_t begun_us, done_us;    /* 0: not whole yet */
    int64_t piece_us;             /* when its last piece came, or it was begun */
    int64_t withdrawn_us;         /* 0: it is not taken back */
    int64_t evidence_us;          /* when it became evidence of the case; 0: it is not */
    int64_t expired_us;           /* when it was deleted by age; 0: it was not */
    uint8_t sha256[SHA256_BYTES]; /* once it is whole */
} HouseholdFileRow;

#define HOUSEHOLD_LOOK "look"
#define HOUSEHOLD_LOOK_PACKED "package"   /* it was put into an evidence package */
#define HOUSEHOLD_LOOK_HANDED "hand-over" /* a copy of that was handed over */

/* Somebody looked, or gave it on. */
typedef struct HouseholdLookRow {
    int64_t at_us;
    Uuid who;
    char role[16];
    char act[16];     /* HOUSEHOLD_LOOK… */
    char package[32]; /* its number, or its copy's; "": none */
} HouseholdLookRow;

/* As the next of its ask; sets `ref`, and `n`, which no other had before. */
bool household_files_add(CatalogDb *db, HouseholdFileRow *row, GError **error);

/* Replaces type, bytes that have come or are set aside, digest and times. */
bool household_files_put(CatalogDb *db, const HouseholdFileRow *row, GError **error);

/* Removes one that never became whole. */
bool household_files_remove(CatalogDb *db, int64_t ref, GError **error);

/* HouseholdFileRow by value, in their order. Returns owned, or NULL. */
GArray *household_files_list(CatalogDb *db, int64_t ask, GError **error);

/* `*household` gets whose it is, `*case_number` (owned) and `*request` what it was asked for.
 * ERR_NOT_FOUND. */
bool household_files_get(CatalogDb *db, const Uuid *id, HouseholdFileRow *row, Uuid *household,
                         Uuid *request, char **case_number, GError **error);

/* `*answer`: the id of what it answers, household_asks. ERR_NOT_FOUND. */
bool household_files_answer(CatalogDb *db, const Uuid *id, Uuid *answer, GError **error);

/* What is set aside for all files that are on disk, and how much of it has not come yet. Half a
 * file whose request was withdrawn is not counted: it goes with the next round. */
typedef struct HouseholdRoom {
    int64_t bytes, ahead;
} HouseholdRoom;

bool household_files_room(CatalogDb *db, HouseholdRoom *room, GError **error);

/* A file that may go. */
typedef struct HouseholdAgedRow {
    Uuid id, household;
    int64_t deadline_us; /* of what it answers */
    char case_number[64];
} HouseholdAgedRow;

/* Files that never became whole and of which nothing came since `piece_us`, or whose request was
 * over by `over_us` or withdrawn, or that were taken back: HouseholdAgedRow by value. Returns
 * owned, or NULL. */
GArray *household_files_stale(CatalogDb *db, int64_t piece_us, int64_t over_us, GError **error);

/* Is it one of these, still? False of one that is not known. */
bool household_files_is_stale(CatalogDb *db, const Uuid *id, int64_t piece_us, int64_t over_us,
                              bool *stale, GError **error);

/* The same of whole files on disk that are no evidence, and whose request was over by `over_us`. */
GArray *household_files_aged(CatalogDb *db, int64_t over_us, GError **error);

/* `*again`: the same looked at the same since `since_us`, and nothing is added. */
bool household_looks_add(CatalogDb *db, int64_t file, const HouseholdLookRow *row, int64_t since_us,
                         bool *again, GError **error);

/* HouseholdLookRow by value, newest first, 100 at most. Returns owned, or NULL. */
GArray *household_looks_list(CatalogDb *db, int64_t file, GError **error);
