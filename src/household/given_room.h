/* given_room.h — how much of what households give there is room for.
 *
 * A file on its way counts with what has come and with a little that is set aside for it, so that
 * many half files neither lock others out nor take, together, what recording needs. What is set
 * aside grows as pieces come, on the writer's thread of the catalog, where nobody else counts.
 */
#pragma once

#include "household/footage_request.h"

#define GIVEN_BYTES_MOST (INT64_C(2) << 30)      /* of one household in answer to one request */
#define GIVEN_ALL_BYTES_MOST (INT64_C(20) << 30) /* of all */
#define GIVEN_ROOM_LEAST (INT64_C(2) << 30)      /* is left on the disk */
#define GIVEN_AHEAD_BYTES (INT64_C(64) << 20)    /* set aside for a file on its way: a piece */
enum { GIVEN_FILES_MOST = 20, GIVEN_ROWS_MOST = 200 /* with those that are gone */ };

/* Why no more of a file is taken. */
typedef enum GivenRefusal {
    GIVEN_FINE,
    GIVEN_REFUSED_LARGE, /* a household gives GIVEN_BYTES_MOST at most */
    GIVEN_REFUSED_MANY,  /* and GIVEN_FILES_MOST files */
    GIVEN_REFUSED_ALL,   /* of all households there are GIVEN_ALL_BYTES_MOST */
    GIVEN_REFUSED_DISK,  /* what is left on the disk is for recording */
    GIVEN_REFUSED_KIND,  /* neither a film nor a picture */
    GIVEN_REFUSED_GONE,  /* it was thrown away, or lost: it is to be begun anew */
    GIVEN_REFUSED_OVER,  /* it was withdrawn, or its deadline has passed */
} GivenRefusal;

/* Is it on the disk, or to come there? */
bool given_counts(const HouseholdFileRow *file);

/* Bytes that may still be given in answer to it. */
int64_t given_room(const HouseholdAskRow *ask);

/* Sets `error` for the refusal, which is returned. */
GivenRefusal given_refuse(GivenRefusal refusal, GError **error);

/* Bytes that are free on the disk, before what is set aside. Blocks. */
bool given_free_bytes(const HouseholdDesk *desk, int64_t *bytes, GError **error);

/* May a file of so many bytes begin? Sets something aside for it. On the writer's thread. False
 * with `error`, and why in `*refusal`, as of the next. */
bool given_may_begin(CatalogDb *db, const HouseholdAskRow *ask, HouseholdFileRow *row,
                     int64_t free_bytes, GivenRefusal *refusal, GError **error);

/* A piece of so many bytes is to come: is enough set aside for it, or room to set aside more? Most
 * find enough, and cost no write of the catalog. Blocks. */
bool given_make_room(HouseholdDesk *desk, const Uuid *ask, int64_t bytes, HouseholdFileRow *row,
                     GivenRefusal *refusal, GError **error);
