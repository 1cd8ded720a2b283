/* devices.h — phones that are bound to an officer by a key which cannot be taken out of them.
 *
 * An admin makes a code, the phone makes its key and gives it in for the code. From then on it
 * signs a challenge at each sign-in, and again at least every PROOF_MOST_US, or its session may do
 * nothing any more (docs/design/decisions/084). Thread-safe; "blocks" as in people.h.
 */
#pragma once

#include "people/people.h"

#define DEVICE_CODE_US (INT64_C(5) * 60 * 1000000)
#define DEVICE_CHALLENGE_US (INT64_C(60) * 1000000)
#define DEVICE_UNDO_US (INT64_C(60) * 1000000)
#define PROOF_MOST_US (INT64_C(10) * 60 * 1000000)

enum { DEVICE_NAME_MOST = 60 }; /* characters */

typedef struct Device {
    Uuid id;
    Uuid account;
    char name[4 * DEVICE_NAME_MOST + 1];
    int64_t created_us, seen_us;
    int64_t shut_us; /* 0: it is not shut out */
} Device;

/* A code that enrols one phone for the account within DEVICE_CODE_US: eight letters and digits.
 * `name` is what the phone will be called. ERR_NOT_FOUND, ERR_INVALID. Returns owned (secret_free).
 */
char *people_device_code(People *people, const Uuid *account, const char *name, GError **error);

/* What a phone signs: the texts of docs/design/decisions/084. Returned owned. */
char *device_enrol_text(const char *code);
char *device_proof_text(const Uuid *device, const char *challenge);

/* Takes the code once and for all. `signature`: of device_enrol_text(). ERR_UNAVAILABLE: too many
 * wrong codes from this address. ERR_DENIED: wrong, used or too old. Blocks. */
bool people_device_enrol(People *people, const char *code, const uint8_t key[P256_KEY_BYTES],
                         const uint8_t signature[P256_SIGNATURE_BYTES], const char *address,
                         Device *device, GError **error);

GArray *people_devices(People *people); /* Device by value, newest first; returns owned */
bool people_device(People *people, const Uuid *id, Device *device); /* false: none */
bool people_device_rename(People *people, const Uuid *id, const char *name, GError **error);

/* Ends its sessions, whose streams end within a second. It comes back only when that is undone
 * within DEVICE_UNDO_US, for who touched the wrong one; it has to sign in again then. Later:
 * ERR_DENIED. All three block. */
bool people_device_shut(People *people, const Uuid *id, GError **error);
bool people_device_let_back(People *people, const Uuid *id, GError **error);

/* Which roles sign in from an enrolled device only; never admins, who have to be able to enrol the
 * first one. Setting it blocks. */
void people_device_roles(People *people, bool wanted[ROLES]);
bool people_device_roles_set(People *people, const bool wanted[ROLES], GError **error);

/* A challenge for this device, of use once, within DEVICE_CHALLENGE_US, and only in the session
 * with the token `session` (NULL: only to sign in). For a device that is not there it is of no use
 * at all. Returns owned. Never blocks. */
char *people_challenge(People *people, const Uuid *device, const char *session);

/* The session's device proves itself anew. ERR_DENIED. Never blocks. */
bool people_prove_device(People *people, const char *session, const char *challenge,
                         const uint8_t signature[P256_SIGNATURE_BYTES], GError **error);

/* The device of a session, and when it has to prove itself by; false: it has none. */
bool people_session_device(People *people, const char *session, Device *device, int64_t *due_us);
