/* p256.h — signatures of devices: ECDSA on P-256 with SHA-256 (FIPS 186-5), in the plain forms that
 * browsers use (W3C Web Cryptography §23). Pure; by OpenSSL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A public key: 4, x, y (SEC 1 §2.3.3, uncompressed). A signature: r, s. */
enum { P256_KEY_BYTES = 65, P256_SIGNATURE_BYTES = 64 };

/* Is it a point of the curve? */
bool p256_is_key(const uint8_t key[P256_KEY_BYTES]);

/* Did whoever has the private key sign `text`? False also for a key that is none. */
bool p256_holds(const uint8_t key[P256_KEY_BYTES], const uint8_t signature[P256_SIGNATURE_BYTES],
                const char *text);
