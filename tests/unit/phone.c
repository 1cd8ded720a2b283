#include "phone.h"

#include "base/digest.h"
#include "unit.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

struct Phone {
    EVP_PKEY *key;
};

Phone *phone_new(void)
{
    Phone *phone = g_new(Phone, 1);
    phone->key = EVP_EC_gen("P-256");
    assert_non_null(phone->key);
    return phone;
}

void phone_free(Phone *phone)
{
    EVP_PKEY_free(phone->key);
    g_free(phone);
}

void phone_key(const Phone *phone, uint8_t key[P256_KEY_BYTES])
{
    size_t size;
    assert_int_equal(EVP_PKEY_get_octet_string_param(phone->key, OSSL_PKEY_PARAM_PUB_KEY, key,
                                                     P256_KEY_BYTES, &size),
                     1);
    assert_int_equal(size, P256_KEY_BYTES);
}

void phone_sign(const Phone *phone, const char *text, uint8_t signature[P256_SIGNATURE_BYTES])
{
    uint8_t der[128];
    const uint8_t *at = der;
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, phone->key), 1);
    assert_int_equal(EVP_DigestSign(context, der, &size, (const uint8_t *)text, strlen(text)), 1);
    EVP_MD_CTX_free(context);
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)size);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32);
    ECDSA_SIG_free(pair);
}

char *phone_sign_hex(const Phone *phone, const char *text)
{
    uint8_t signature[P256_SIGNATURE_BYTES];
    char *hex = g_malloc(2 * P256_SIGNATURE_BYTES + 1);
    phone_sign(phone, text, signature);
    hex_encode(signature, sizeof signature, hex);
    return hex;
}
