/* key.h — Ed25519 keys (libsodium), public and private: names, signatures, checks. No files.
 *
 * Call secret_init() before anything here.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PUBLIC_KEY_BYTES = 32,
    SIGNATURE_BYTES = 64,
    NODE_KEY_SEED_BYTES = 32,
    KEY_ID_TEXT = 17,      /* 16 hex digits: the first 8 bytes of SHA-256 of the public key */
    FINGERPRINT_TEXT = 80, /* all of SHA-256 of the public key, in 16 groups of 4 hex digits */
};

typedef struct PublicKey {
    uint8_t bytes[PUBLIC_KEY_BYTES];
} PublicKey;

const char *public_key_id(const PublicKey *key, char text[KEY_ID_TEXT]);
const char *public_key_fingerprint(const PublicKey *key, char text[FINGERPRINT_TEXT]);

/* `text` as people copy it: any case, spaces, colons and dashes allowed; at least the first 32 hex
 * digits, so that it cannot be met by chance or by trying. */
bool fingerprint_plausible(const char *text);
bool public_key_has_fingerprint(const PublicKey *key, const char *text);

bool signature_holds(const PublicKey *key, const void *data, size_t size,
                     const uint8_t signature[SIGNATURE_BYTES]);

/* The node's signing key. Immutable; may be used by any thread. Opened by node_key.h. */
typedef struct NodeKey NodeKey;

NodeKey *node_key_from_seed(const uint8_t seed[NODE_KEY_SEED_BYTES]); /* returns owned */
void node_key_free(NodeKey *key);                                     /* wipes; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NodeKey, node_key_free)

const PublicKey *node_key_public(const NodeKey *key);
const char *node_key_id(const NodeKey *key);
void node_key_seed(const NodeKey *key, uint8_t seed[NODE_KEY_SEED_BYTES]); /* wipe it after use */
void node_key_sign(const NodeKey *key, const void *data, size_t size,
                   uint8_t signature[SIGNATURE_BYTES]);
