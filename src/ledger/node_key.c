#include "ledger/node_key.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "ledger/jsonl.h"
#include "ledger/keyring.h"
#include "ledger/line.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct KeyFiles {
    char *current, *next, *ring;
} KeyFiles;

static void key_files_clear(KeyFiles *files)
{
    g_free(files->current);
    g_free(files->next);
    g_free(files->ring);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeyFiles, key_files_clear)

static KeyFiles key_files(const char *data_folder)
{
    return (KeyFiles){
        .current = g_build_filename(data_folder, "keys", "node.key", NULL),
        .next = g_build_filename(data_folder, "keys", "node.key.next", NULL),
        .ring = g_build_filename(data_folder, "ledger", "keys.jsonl", NULL),
    };
}

/* False on error; `*key` is NULL when there is no such file. */
static bool seed_load(const char *path, NodeKey **key, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    size_t size = 0;
    char *seed = file_read(path, NODE_KEY_SEED_BYTES, &size, &trouble);
    *key = NULL;
    if (!seed && g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        return true;
    if (!seed || size != NODE_KEY_SEED_BYTES) {
        g_free(seed);
        return err_set(error, ERR_CORRUPT, "signing key %s: %s", path,
                       trouble ? trouble->message : "wrong length; restore it from a backup");
    }
    *key = node_key_from_seed((const uint8_t *)seed);
    sodium_memzero(seed, size);
    g_free(seed);
    return true;
}

static NodeKey *key_make(const char *path, GError **error)
{
    uint8_t seed[NODE_KEY_SEED_BYTES];
    randombytes_buf(seed, sizeof seed);
    bool written = file_write_atomic(path, seed, sizeof seed, 0600, error);
    NodeKey *key = written ? node_key_from_seed(seed) : NULL;
    sodium_memzero(seed, sizeof seed);
    return key;
}

/* Appends the line that names `key`, signed by `signer`, which is `key` itself for the first. */
static bool ring_extend(const char *path, const KeyRing *ring, const NodeKey *key,
                        const NodeKey *signer, GError **error)
{
    g_autoptr(GString) line = line_new("key");
    Hash prev = key_ring_head(ring);
    line_put_int(line, "seq", (int64_t)key_ring_count(ring) + 1);
    line_put_int(line, "at_us", clock_now_us());
    line_put_base64(line, "public", node_key_public(key)->bytes, PUBLIC_KEY_BYTES);
    line_put_hash(line, "prev", &prev);
    line_put_text(line, "key", node_key_id(signer));
    uint8_t signature[SIGNATURE_BYTES], proof[SIGNATURE_BYTES];
    node_key_sign(signer, line->str, line->len, signature);
    node_key_sign(key, line->str, line->len, proof);
    line_put_base64(line, "sig", signature, sizeof signature);
    line_put_base64(line, "proof", proof, sizeof proof);
    line_close(line);
    return jsonl_append(path, line->str, line->len, 0640, error);
}

static KeyRing *ring_load_or_new(const char *path, GError **error)
{
    if (!jsonl_repair(path, error))
        return NULL;
    g_autoptr(GError) trouble = NULL;
    KeyRing *ring = key_ring_load(path, &trouble);
    if (!ring && g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        return key_ring_new();
    if (!ring)
        g_propagate_error(error, g_steal_pointer(&trouble));
    return ring;
}

static bool is_newest(const KeyRing *ring, const NodeKey *key)
{
    size_t count = key_ring_count(ring);
    return key && count > 0 &&
           memcmp(key_ring_key(ring, count - 1), node_key_public(key), sizeof(PublicKey)) == 0;
}

/* node.key.next becomes node.key. */
static bool next_adopt(const KeyFiles *files, GError **error)
{
    if (rename(files->next, files->current) < 0)
        return err_errno(error, errno, "cannot replace %s", files->current);
    g_autofree char *folder = g_path_get_dirname(files->current);
    return folder_sync(folder, error);
}

/* Lines that an earlier key signed: who takes another now could not check them any more, and would
 * put its name over those of the old ones in each volume. */
static bool has_signed(const char *data_folder)
{
    g_autofree char *ledger = g_build_filename(data_folder, "ledger", NULL);
    g_autofree char *audit = g_build_filename(ledger, "audit", NULL);
    g_autofree char *roots = g_build_filename(ledger, "roots.jsonl", NULL);
    g_autofree char *holds = g_build_filename(ledger, "holds.jsonl", NULL);
    g_autoptr(GPtrArray) days = folder_names(audit);
    return days->len > 0 || access(roots, F_OK) == 0 || access(holds, F_OK) == 0;
}

static NodeKey *first_key(const KeyFiles *files, const KeyRing *ring, NodeKey *found,
                          GError **error)
{
    g_autoptr(NodeKey) key = found ? found : key_make(files->current, error);
    if (!key || !ring_extend(files->ring, ring, key, key, error))
        return NULL;
    return g_steal_pointer(&key);
}

static bool folders_make(const char *data_folder, GError **error)
{
    g_autofree char *keys = g_build_filename(data_folder, "keys", NULL);
    g_autofree char *ledger = g_build_filename(data_folder, "ledger", NULL);
    return folder_make(keys, error) && folder_make(ledger, error);
}

NodeKey *node_key_open(const char *data_folder, GError **error)
{
    g_auto(KeyFiles) files = key_files(data_folder);
    g_autoptr(NodeKey) key = NULL;
    g_autoptr(NodeKey) next = NULL;
    if (!folders_make(data_folder, error) || !seed_load(files.current, &key, error) ||
        !seed_load(files.next, &next, error))
        return NULL;
    g_autoptr(KeyRing) ring = ring_load_or_new(files.ring, error);
    if (!ring)
        return NULL;
    if (is_newest(ring, next))
        return next_adopt(&files, error) ? g_steal_pointer(&next) : NULL;
    if (next)
        unlink(files.next);
    if (key_ring_count(ring) == 0 && has_signed(data_folder)) {
        err_set(error, ERR_CORRUPT,
                "%s is missing, but ledgers beside it are signed: restore it from a backup, or "
                "copy the keys.jsonl of a volume there",
                files.ring);
        return NULL;
    }
    if (key_ring_count(ring) == 0)
        return first_key(&files, ring, g_steal_pointer(&key), error);
    if (is_newest(ring, key))
        return g_steal_pointer(&key);
    err_set(error, ERR_CORRUPT,
            "%s is %s, but %s names another as this node's newest; restore it from a backup",
            files.current, key ? "another key" : "missing", files.ring);
    return NULL;
}

NodeKey *node_key_rotate(const char *data_folder, const NodeKey *old, GError **error)
{
    g_auto(KeyFiles) files = key_files(data_folder);
    g_autoptr(KeyRing) ring = key_ring_load(files.ring, error);
    if (!ring)
        return NULL;
    if (!is_newest(ring, old)) {
        err_set(error, ERR_INVALID, "%s has a newer key than the one to be replaced", files.ring);
        return NULL;
    }
    g_autoptr(NodeKey) key = key_make(files.next, error);
    if (!key || !ring_extend(files.ring, ring, key, old, error) || !next_adopt(&files, error))
        return NULL;
    return g_steal_pointer(&key);
}
