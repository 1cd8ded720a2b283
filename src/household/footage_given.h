/* footage_given.h — what a household gives: an original, kept as it came, in pieces that a phone
 * can send again.
 *
 * Bytes are hostile: what a file is, its first bytes say; nothing here opens it further. Bounded by
 * bytes of one answer, bytes of all, and the room on the disk, so that nobody's film stops
 * recording. All block.
 */
#pragma once

#include "household/given_drop.h"

#define GIVEN_PREFIX "given-" /* then its id: how a file is called */

/* A file as it stands after it was begun, or a piece came; or why it was refused. */
typedef struct GivenAnswer {
    HouseholdFileRow row;
    GivenRefusal refusal;
} GivenAnswer;

/* A file of so many bytes is to come; the same `key` is the same file. False with `refusal`, or
 * ERR_INVALID: too late, or empty. */
bool given_begin(HouseholdDesk *desk, const HouseholdRequestRow *request,
                 const HouseholdAskRow *ask, const Uuid *key, int64_t bytes, GivenAnswer *answer,
                 GError **error);

/* The piece of the nth file that begins at `offset`. With the last one the file is whole: its
 * SHA-256 is taken of what lies on the disk. False with `refusal`; ERR_EXISTS: it goes on elsewhere
 * (`row.got` of footage_follow()); ERR_NOT_FOUND: it is to be begun anew; ERR_INVALID. Of a file of
 * no kind that is taken, nothing is left. */
bool given_take(HouseholdDesk *desk, const HouseholdRequestRow *request, const HouseholdAskRow *ask,
                int n, int64_t offset, const HouseholdUpload *piece, GivenAnswer *answer,
                GError **error);

/* Does the nth file, `answer->row`, go on at `offset`, as far as `ask` knows? Errors as of
 * given_take(). */
bool given_goes_on(const HouseholdRequestRow *request, const HouseholdAskRow *ask, int n,
                   int64_t offset, GivenAnswer *answer, GError **error);

/* They take it back: nobody looks at it from now on, and it is deleted, unless it has become
 * evidence of a case. Of one that was not whole nothing is left. `*row`: as it was taken back.
 * ERR_NOT_FOUND. */
bool given_take_back(HouseholdDesk *desk, const HouseholdAskRow *ask, int n, HouseholdFileRow *row,
                     GError **error);

/* A look of whoever works on the case. */
typedef struct GivenLook {
    const Uuid *who;
    const char *role;
    char *case_number; /* owned by the caller once it is set */
    bool again;        /* the same looked at it a moment ago: the same look */
} GivenLook;

/* Opens a file to be read, once the look stands where the household sees it. −1 with ERR_NOT_FOUND:
 * none, not whole, taken back, or deleted by age. */
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
