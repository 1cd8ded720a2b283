#include "base/secret.h"

#include "base/error.h"
#include "base/file.h"

#include <sodium.h>
#include <string.h>

struct SecretKey {
    uint8_t bytes[crypto_secretbox_KEYBYTES];
};

void secret_init(void)
{
    if (sodium_init() < 0)
        g_error("libsodium cannot start: no source of randomness");
}

SecretKey *secret_key_open(const char *path, GError **error)
{
    g_autoptr(SecretKey) key = sodium_malloc(sizeof *key);
    g_autoptr(GError) trouble = NULL;
    size_t size = 0;
    secret_auto char *stored = file_read(path, sizeof key->bytes, &size, &trouble);
    if (stored && size == sizeof key->bytes) {
        memcpy(key->bytes, stored, size);
        return g_steal_pointer(&key);
    }
    if (stored || !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        err_set(error, ERR_CORRUPT, "secrets key %s: %s", path,
                trouble ? trouble->message : "wrong length; restore it from a backup");
        return NULL;
    }
    randombytes_buf(key->bytes, sizeof key->bytes);
    if (!file_write_atomic(path, key->bytes, sizeof key->bytes, 0600, error))
        return NULL;
    return g_steal_pointer(&key);
}

void secret_key_free(SecretKey *key)
{
    sodium_free(key);
}

char *secret_seal(const SecretKey *key, const char *plain)
{
    size_t size = strlen(plain),
           whole = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + size;
    g_autofree uint8_t *box = g_malloc(whole);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const uint8_t *)plain, size, box,
                          key->bytes);
    return g_base64_encode(box, whole);
}

char *secret_open(const SecretKey *key, const char *sealed, GError **error)
{
    gsize whole;
    g_autofree uint8_t *box = g_base64_decode(sealed, &whole);
    gsize overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (whole >= overhead) {
        char *plain = g_malloc0(whole - overhead + 1);
        if (crypto_secretbox_open_easy((uint8_t *)plain, box + crypto_secretbox_NONCEBYTES,
                                       whole - crypto_secretbox_NONCEBYTES, box, key->bytes) == 0)
            return plain;
        g_free(plain);
    }
    err_set(error, ERR_CORRUPT, "a stored secret cannot be opened with this data folder's key");
    return NULL;
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    sodium_memzero(secret, strlen(secret));
    g_free(secret);
}

void secret_clear(char **secret)
{
    secret_free(*secret);
    *secret = NULL;
}

char *secret_token(unsigned bytes)
{
    uint8_t raw[64];
    g_assert(bytes <= sizeof raw);
    randombytes_buf(raw, bytes);
    char *text =
        g_malloc(sodium_base64_ENCODED_LEN(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
    sodium_bin2base64(text,
                      sodium_base64_ENCODED_LEN(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                      raw, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof raw);
    return text;
}
