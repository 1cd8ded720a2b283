/* keyring.h — the public keys a node ever had: keys.jsonl, read and checked.
 *
 * Each line names a new key and is signed by the key before it (the first by itself); `proof`,
 * behind that signature, is the new key's own over the same bytes. So whoever trusts one key of the
 * list, by its fingerprint, may trust the whole list, older keys too.
 */
#pragma once

#include "ledger/hash.h"
#include "ledger/key.h"

typedef struct KeyRing KeyRing;

/* Reads and checks the file. ERR_CORRUPT names the first line that does not hold. Returns owned. */
KeyRing *key_ring_load(const char *keys_path, GError **error);
/* The same of lines in memory, each with its newline; `name` is for messages. */
KeyRing *key_ring_read(const char *text, size_t size, const char *name, GError **error);
KeyRing *key_ring_new(void);       /* empty */
void key_ring_free(KeyRing *ring); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyRing, key_ring_free)

size_t key_ring_count(const KeyRing *ring);
const PublicKey *key_ring_key(const KeyRing *ring, size_t index); /* oldest first */
int key_ring_find(const KeyRing *ring, const char *key_id);       /* index, or -1 */
bool key_ring_has_fingerprint(const KeyRing *ring, const char *fingerprint);
Hash key_ring_head(const KeyRing *ring); /* hash of the newest line; zeros when empty */

/* Copies keys.jsonl to VOLUME/keys.jsonl when they differ: a volume read alone can be checked. */
bool key_ring_publish(const char *data_folder, const char *volume_folder, GError **error);
