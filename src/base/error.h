/* error.h — the one error domain of the program.
 *
 * A code says what kind of trouble it is, so that the command line can choose its exit status and
 * the HTTP API its status; the message says what, why and what to do, in one line for a technician.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define ERR (err_quark())
GQuark err_quark(void);

typedef enum ErrCode {
    ERR_INVALID = 1, /* what was asked makes no sense: bad usage, bad value */
    ERR_NOT_FOUND,
    ERR_EXISTS,
    ERR_DENIED,      /* no right, or a secret is wrong */
    ERR_UNAVAILABLE, /* not now: busy, off line, starting */
    ERR_TIMEOUT,
    ERR_IO,
    ERR_PROTOCOL,       /* the other side speaks nonsense */
    ERR_UNSUPPORTED,    /* understood, but we can't do it */
    ERR_CORRUPT,        /* data of ours is damaged */
    ERR_VERSION,        /* data of ours is from a newer program */
    ERR_FULL,           /* no room left */
    ERR_NEEDS_PASSWORD, /* a stored password is not for there: it has to be given anew */
    ERR_NEEDS_REASON,   /* another person has to agree, and is to be told why */
    ERR_TWO_PERSONS,    /* of these two, whoever asks is not the one that is needed */
} ErrCode;

/* Sets `error` to ERR_IO (ERR_FULL, ERR_DENIED, ERR_NOT_FOUND, ERR_EXISTS where errno says so) with
 * "<what>: <strerror>". Always returns false, so that callers can `return err_errno(…)`. */
bool err_errno(GError **error, int saved_errno, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Sets `error`; always returns false. */
bool err_set(GError **error, ErrCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
