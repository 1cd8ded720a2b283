#include "base/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

struct Sha256 {
    EVP_MD_CTX *context;
};

static EVP_MD *sha256_algorithm;
static uint32_t crc32c_table[256];
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    /* Fetching once spares a provider look-up for each hash. */
    sha256_algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!sha256_algorithm)
        g_error("OpenSSL offers no SHA-256");
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
        crc32c_table[i] = crc;
    }
}

Sha256 *sha256_new(void)
{
    pthread_once(&prepared, prepare);
    Sha256 *hash = g_new(Sha256, 1);
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || EVP_DigestInit_ex2(hash->context, sha256_algorithm, NULL) != 1)
        g_error("SHA-256 cannot start");
    return hash;
}

void sha256_free(Sha256 *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->context);
    g_free(hash);
}

void sha256_add(Sha256 *hash, const void *data, size_t size)
{
    if (EVP_DigestUpdate(hash->context, data, size) != 1)
        g_error("SHA-256 failed");
}

void sha256_end(Sha256 *hash, uint8_t digest[SHA256_BYTES])
{
    if (EVP_DigestFinal_ex(hash->context, digest, NULL) != 1 ||
        EVP_DigestInit_ex2(hash->context, NULL, NULL) != 1)
        g_error("SHA-256 failed");
}

void sha256(const void *data, size_t size, uint8_t digest[SHA256_BYTES])
{
    g_autoptr(Sha256) hash = sha256_new();
    sha256_add(hash, data, size);
    sha256_end(hash, digest);
}

void hex_encode(const uint8_t *data, size_t size, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 15];
    }
    text[2 * size] = '\0';
}

bool sha256_read(const char *text, char hex[SHA256_HEX])
{
    size_t digits = 0;
    for (; *text; text++) {
        if (*text == ':' || g_ascii_isspace(*text))
            continue;
        if (!g_ascii_isxdigit(*text) || digits == SHA256_HEX - 1)
            return false;
        hex[digits++] = g_ascii_tolower(*text);
    }
    hex[digits] = '\0';
    return digits == SHA256_HEX - 1;
}

bool hex_decode(const char *text, uint8_t *data, size_t size)
{
    if (!text || strlen(text) != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        data[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

uint32_t crc32c(const void *data, size_t size)
{
    pthread_once(&prepared, prepare);
    const uint8_t *byte = data;
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ crc32c_table[(crc ^ byte[i]) & 0xff];
    return ~crc;
}
