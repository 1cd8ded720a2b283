/* tls_pair.h — a certificate with its chain and key, read from PEM and checked before it is used.
 *
 * Immutable once read, so that any thread may look at it. The text is hostile: it is bounded, and
 * OpenSSL alone parses it. A key leaves neither this module nor the connections that use it.
 */
#pragma once

#include "base/error.h"

#include <openssl/types.h>
#include <stdint.h>

typedef struct TlsPair TlsPair;

enum {
    TLS_CHAIN_BYTES_MOST = 64 << 10,
    TLS_KEY_BYTES_MOST = 16 << 10,
    TLS_CHAIN_MOST = 10,      /* certificates */
    TLS_RSA_BITS_MOST = 4096, /* a handshake holds up all others of the thread */
};

/* What is wrong with it, as the app translates it. */
typedef enum TlsFault {
    TLS_GOOD,
    TLS_CERTIFICATE_UNREADABLE,
    TLS_KEY_UNREADABLE,
    TLS_KEY_ENCRYPTED, /* by a password */
    TLS_KEY_FOREIGN,   /* of none of the certificates */
    TLS_EXPIRED,
    TLS_NOT_YET,          /* valid */
    TLS_NO_NAMES,         /* browsers look at subject alternative names only */
    TLS_NOT_FOR_SERVERS,  /* an authority's, or for another purpose */
    TLS_CHAIN_INCOMPLETE, /* who signed it is not in it, and not known to this machine */
    TLS_TOO_WEAK,         /* key or signature */
    TLS_KEY_UNUSUAL,      /* of a kind that browsers do not know, or so long that each new
                             connection would take its time */
    TLS_TOO_LARGE,
    TLS_FAULTS
} TlsFault;
const char *tls_fault_code(TlsFault fault); /* "tls-expired", a constant */

/* Readable, the key that of the certificate, and usable in a handshake; no more. The texts may hold
 * more than they should, in any order: a chain with its key in one file, an authority's own
 * certificate, others. Which is the server's is told by the key. Returns owned, or NULL with
 * `*fault` and a message that says what to do. */
TlsPair *tls_pair_read(const char *chain, size_t chain_size, const char *key, size_t key_size,
                       TlsFault *fault, GError **error);
void tls_pair_free(TlsPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsPair, tls_pair_free)

/* The same from files; the two may be one. Blocking. */
TlsPair *tls_pair_read_files(const char *chain_file, const char *key_file, GError **error);

/* Whether browsers will take it today: what is asked of a new one. */
bool tls_pair_check(const TlsPair *pair, TlsFault *fault, GError **error);

bool tls_pair_same(const TlsPair *a, const TlsPair *b); /* the same certificate and key? */

/* Key and chain in PEM, for a file that only we can read. Returns owned (secret_free), or NULL. */
char *tls_pair_text(const TlsPair *pair, GError **error);

/* Whether it is for that host name or numeric address. */
bool tls_pair_covers(const TlsPair *pair, const char *address);

/* Gives it to a handshake that begins. Nothing of an earlier certificate remains. */
bool tls_pair_use(const TlsPair *pair, SSL *ssl);

/* What of it may be shown. */
typedef struct TlsFacts {
    char *subject, *issuer; /* the common name, or the whole name */
    GPtrArray *names;       /* char *: host names and addresses */
    int64_t from_us, to_us;
    char fingerprint[65]; /* SHA-256, hex */
    bool is_public;       /* an authority that this machine knows stands behind it */
} TlsFacts;
void tls_pair_facts(const TlsPair *pair, TlsFacts *facts); /* what it holds is owned */
void tls_facts_clear(TlsFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TlsFacts, tls_facts_clear)
