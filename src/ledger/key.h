/* key.h — the node's signing key: Ed25519 (libsodium), made at first use, replaced by rotation.
 *
 * DATA/keys/node.key (mode 0600) holds the 32-byte seed. DATA/ledger/keys.jsonl holds every public
 * key this node ever had (keyring.h). Call secret_init() before anything here.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PUBLIC_KEY_BYTES = 32,
    SIGNATURE_BYTES = 64,
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

/* Immutable after opening; may be used by any thread. */
typedef struct NodeKey NodeKey;

/* The key of this data folder; makes it, and the first line of keys.jsonl, at first use; ends a
 * rotation that was cut off. ERR_CORRUPT when node.key is missing, damaged or another node's while
 * keys.jsonl names one. Returns owned. */
NodeKey *node_key_open(const char *data_folder, GError **error);
void node_key_free(NodeKey *key); /* wipes; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NodeKey, node_key_free)

/* Makes a new key, has it signed by `old` in keys.jsonl, and puts it in node.key. No server may be
 * running on the folder. Returns owned; `old` stays the caller's. */
NodeKey *node_key_rotate(const char *data_folder, const NodeKey *old, GError **error);

const PublicKey *node_key_public(const NodeKey *key);
const char *node_key_id(const NodeKey *key);
void node_key_sign(const NodeKey *key, const void *data, size_t size,
                   uint8_t signature[SIGNATURE_BYTES]);

/* A key that lives in memory only: for tests, and for seeds kept elsewhere. Returns owned. */
NodeKey *node_key_from_seed(const uint8_t seed[32]);
