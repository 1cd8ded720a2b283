/* totp.h — private to people/: codes of an authenticator app (TOTP, RFC 6238) and the recovery
 * codes beside them. Pure: no accounts, no clock, no disk.
 *
 * What every authenticator app knows: HMAC-SHA-1, six digits, steps of 30 s.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TOTP_DIGITS = 6, TOTP_STEP_S = 30, RECOVERY_CODES = 10 };

/* 20 random bytes (RFC 4226 §4, R6) in base32 without padding. Returns owned (secret_free). */
char *totp_secret_new(void);

/* The address that a QR code carries to the app: otpauth://totp/ISSUER:NAME?secret=…
 * (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). Returns owned. */
char *totp_uri(const char *secret, const char *issuer, const char *name);

/* Is `code` the one of `now_s` (Unix time), of the step before or of the one after? Those up to
 * `*step` are used up; when it holds, `*step` becomes its own. False also for a secret that is no
 * base32. */
bool totp_take(const char *secret, const char *code, int64_t now_s, int64_t *step);

/* Upper case without blanks and hyphens, as codes are compared. Returns owned. */
char *code_fold(const char *typed);

/* Is a folded code one of six digits, rather than a recovery code? */
bool code_is_totp(const char *folded);

/* RECOVERY_CODES new ones, as they are shown: "ABCD-EFGH-IJKL-MNOP", 80 bits, so that a plain hash
 * hides them. `*hashes` becomes what is stored (owned). Returns owned (g_strfreev). */
char **recovery_new(char **hashes);

/* Takes a folded code out of the stored hashes. NULL: it is none of them; else returned owned. */
char *recovery_take(const char *hashes, const char *folded);

unsigned recovery_left(const char *hashes); /* NULL: none */
