#include "ledger/keyring.h"

#include "base/error.h"
#include "base/file.h"
#include "ledger/jsonl.h"
#include "ledger/line.h"

#include <string.h>

enum { KEYS_MOST = 4096, KEYS_FILE_MOST_BYTES = 4 << 20 };

struct KeyRing {
    GArray *keys; /* PublicKey */
    Hash head;
};

typedef struct KeyLine {
    int64_t seq, at_us;
    PublicKey public;
    Hash prev;
    LineSeal seal;
    uint8_t proof[SIGNATURE_BYTES];
} KeyLine;

KeyRing *key_ring_new(void)
{
    KeyRing *ring = g_new0(KeyRing, 1);
    ring->keys = g_array_new(FALSE, FALSE, sizeof(PublicKey));
    return ring;
}

void key_ring_free(KeyRing *ring)
{
    if (!ring)
        return;
    g_array_unref(ring->keys);
    g_free(ring);
}

static void read_exactly(LineReader *reader, const char *key, void *to, size_t bytes)
{
    size_t size;
    g_autofree uint8_t *data = line_read_base64(reader, key, bytes, &size);
    if (reader->failed || size != bytes)
        reader->failed = true;
    else
        memcpy(to, data, bytes);
}

static bool key_line_parse(const char *text, size_t size, KeyLine *line)
{
    LineReader reader = line_reader(text, size);
    line_read_start(&reader, "key");
    line->seq = line_read_int(&reader, "seq");
    line->at_us = line_read_int(&reader, "at_us");
    read_exactly(&reader, "public", line->public.bytes, sizeof line->public.bytes);
    line->prev = line_read_hash(&reader, "prev");
    line_read_seal(&reader, &line->seal);
    read_exactly(&reader, "proof", line->proof, sizeof line->proof);
    return line_read_end(&reader);
}

/* Adds the line's key; otherwise what is wrong with it. */
static const char *ring_take(KeyRing *ring, const char *text, size_t size)
{
    KeyLine line = {0};
    if (!key_line_parse(text, size, &line))
        return "cannot be read";
    size_t count = key_ring_count(ring);
    const PublicKey *signer = count > 0 ? key_ring_key(ring, count - 1) : &line.public;
    char signer_id[KEY_ID_TEXT];
    if (line.seq != (int64_t)count + 1 || !hash_equal(&line.prev, &ring->head) ||
        count == KEYS_MOST)
        return "does not follow the line before";
    if (strcmp(public_key_id(signer, signer_id), line.seal.key) != 0 ||
        !signature_holds(signer, text, line.seal.signed_bytes, line.seal.signature))
        return "is not signed by the key before";
    if (!signature_holds(&line.public, text, line.seal.signed_bytes, line.proof))
        return "is not signed by the key it names";
    g_array_append_val(ring->keys, line.public);
    ring->head = line.seal.hash;
    return NULL;
}

KeyRing *key_ring_load(const char *keys_path, GError **error)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(keys_path, error);
    if (!reader)
        return NULL;
    g_autoptr(KeyRing) ring = key_ring_new();
    const char *text;
    size_t size;
    int got;
    while ((got = jsonl_next(reader, &text, &size, error)) > 0) {
        const char *wrong = ring_take(ring, text, size);
        if (wrong) {
            err_set(error, ERR_CORRUPT, "%s: line %u %s", keys_path, jsonl_reader_number(reader),
                    wrong);
            return NULL;
        }
    }
    return got < 0 ? NULL : g_steal_pointer(&ring);
}

KeyRing *key_ring_read(const char *text, size_t size, const char *name, GError **error)
{
    g_autoptr(KeyRing) ring = key_ring_new();
    unsigned number = 1;
    for (size_t at = 0; at < size; number++) {
        const char *end = memchr(text + at, '\n', size - at);
        const char *wrong =
            end ? ring_take(ring, text + at, (size_t)(end - text) - at) : "has no end";
        if (wrong) {
            err_set(error, ERR_CORRUPT, "%s: line %u %s", name, number, wrong);
            return NULL;
        }
        at = (size_t)(end - text) + 1;
    }
    return g_steal_pointer(&ring);
}

size_t key_ring_count(const KeyRing *ring)
{
    return ring->keys->len;
}

const PublicKey *key_ring_key(const KeyRing *ring, size_t index)
{
    g_assert(index < ring->keys->len);
    return &g_array_index(ring->keys, PublicKey, index);
}

int key_ring_find(const KeyRing *ring, const char *key_id)
{
    char id[KEY_ID_TEXT];
    for (size_t i = 0; i < key_ring_count(ring); i++)
        if (strcmp(public_key_id(key_ring_key(ring, i), id), key_id) == 0)
            return (int)i;
    return -1;
}

bool key_ring_has_fingerprint(const KeyRing *ring, const char *fingerprint)
{
    for (size_t i = 0; i < key_ring_count(ring); i++)
        if (public_key_has_fingerprint(key_ring_key(ring, i), fingerprint))
            return true;
    return false;
}

Hash key_ring_head(const KeyRing *ring)
{
    return ring->head;
}

bool key_ring_publish(const char *data_folder, const char *volume_folder, GError **error)
{
    g_autofree char *from = g_build_filename(data_folder, "ledger", "keys.jsonl", NULL);
    g_autofree char *to = g_build_filename(volume_folder, "keys.jsonl", NULL);
    size_t size = 0, there = 0;
    g_autofree char *keys = file_read(from, KEYS_FILE_MOST_BYTES, &size, error);
    if (!keys)
        return false;
    g_autofree char *copy = file_read(to, KEYS_FILE_MOST_BYTES, &there, NULL);
    if (copy && there == size && memcmp(keys, copy, size) == 0)
        return true;
    return file_write_atomic(to, keys, size, 0640, error);
}
