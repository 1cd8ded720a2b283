/* footage_given.h — what a household gives: an original, kept as it came, in pieces that a phone
 * can send again.
 *
 * Bytes are hostile: what a file is, its first bytes say; nothing here opens it further. Bounded by
 * bytes of one answer, bytes of all, and the room on the disk, so that nobody's film stops
 * recording. All block.
 */
#pragma once

#include "household/footage_request.h"

#define GIVEN_BYTES_MOST (INT64_C(2) << 30)      /* of one household in answer to one request */
#define GIVEN_ALL_BYTES_MOST (INT64_C(20) << 30) /* of all */
#define GIVEN_ROOM_LEAST (INT64_C(2) << 30)      /* is left on the disk */
/* So long after the deadline what was begun in time may come to its end. */
#define GIVEN_LATE_US DAY_US
enum { GIVEN_FILES_MOST = 20 };
#define GIVEN_PREFIX "given-" /* then its id: how a file is called */

/* Bytes that may still be given in answer to it. */
int64_t given_room(const HouseholdAskRow *ask);

/* A file of so many bytes is to come; the same `key` is the same file. ERR_INVALID: too large, too
 * many, or too late; ERR_FULL. */
bool given_begin(HouseholdDesk *desk, const HouseholdRequestRow *request,
                 const HouseholdAskRow *ask, const Uuid *key, int64_t bytes, HouseholdFileRow *row,
                 GError **error);

/* The piece of the nth file that begins at `offset`. With the last one the file is whole: its
 * SHA-256 is taken of what lies on the disk. ERR_EXISTS: it goes on elsewhere (`row->got` of
 * footage_follow()); ERR_UNSUPPORTED: no kind that is taken; ERR_INVALID; ERR_FULL. */
bool given_take(HouseholdDesk *desk, const HouseholdRequestRow *request, const HouseholdAskRow *ask,
                int n, int64_t offset, const HouseholdUpload *piece, HouseholdFileRow *row,
                GError **error);

/* Does the nth file go on at `offset`, as far as `ask` knows? Errors as of given_take(). */
bool given_goes_on(const HouseholdRequestRow *request, const HouseholdAskRow *ask, int n,
                   int64_t offset, GError **error);

/* They take it back: nobody looks at it from now on, and it is deleted, unless it has become
 * evidence of a case. ERR_NOT_FOUND. */
bool given_take_back(HouseholdDesk *desk, const HouseholdAskRow *ask, int n, GError **error);

/* A look of whoever works on the case. */
typedef struct GivenLook {
    const Uuid *who;
    const char *role;
    char *case_number; /* owned by the caller once it is set */
    bool again;        /* the same looked at it a moment ago: the same look */
} GivenLook;

/* Opens a file to be read, once the look stands where the household sees it. −1 with ERR_NOT_FOUND:
 * none, not whole, or taken back. */
int given_open(HouseholdDesk *desk, const Uuid *id, GivenLook *look, HouseholdFileRow *row,
               GError **error);

/* Where it lies. Returns owned. */
char *given_path(const HouseholdDesk *desk, const Uuid *household, const Uuid *file);

/* Is it there for officers, still? ERR_DENIED: it was taken back; others: that is not known. */
bool given_stands(HouseholdDesk *desk, const Uuid *id, GError **error);

/* Looks at it, HouseholdLookRow by value, newest first. Returns owned, or NULL. */
GArray *given_looks(HouseholdDesk *desk, const HouseholdFileRow *row, GError **error);

/* It is evidence of the case from now on. ERR_NOT_FOUND. */
bool given_keep_as_evidence(HouseholdDesk *desk, const Uuid *id, HouseholdFileRow *row,
                            Uuid *request, GError **error);
