/* phone.h — a phone as the server sees it: a key of its own that signs, by OpenSSL. */
#pragma once

#include "base/p256.h"

typedef struct Phone Phone;

Phone *phone_new(void);
void phone_free(Phone *phone);
void phone_key(const Phone *phone, uint8_t key[P256_KEY_BYTES]);
void phone_sign(const Phone *phone, const char *text, uint8_t signature[P256_SIGNATURE_BYTES]);
char *phone_sign_hex(const Phone *phone, const char *text); /* the same in hex, owned */
