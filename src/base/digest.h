/* digest.h — SHA-256 (OpenSSL, uses the processor's SHA instructions) and CRC-32C. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_HEX = 65 };

typedef struct Sha256 Sha256; /* a running hash; one thread at a time */

Sha256 *sha256_new(void);
void sha256_free(Sha256 *hash);
void sha256_add(Sha256 *hash, const void *data, size_t size);
/* Writes the digest and makes `hash` ready for the next message. */
void sha256_end(Sha256 *hash, uint8_t digest[SHA256_BYTES]);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sha256, sha256_free)

void sha256(const void *data, size_t size, uint8_t digest[SHA256_BYTES]);

/* Lower-case hex of `size` bytes, NUL-terminated, into `text` (2 × size + 1 bytes). */
void hex_encode(const uint8_t *data, size_t size, char *text);
/* A SHA-256 as people hand it over, with or without colons and blanks, in either case: written to
 * `hex` in 64 lower-case digits. False when it is none. */
bool sha256_read(const char *text, char hex[SHA256_HEX]);
bool hex_decode(const char *text, uint8_t *data, size_t size); /* exactly `size` bytes */

/* CRC-32C (Castagnoli, RFC 9260 appendix A), of one block. */
uint32_t crc32c(const void *data, size_t size);
