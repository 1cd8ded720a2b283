#include "base/p256.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string.h>

typedef EVP_PKEY_CTX PkeyContext;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PkeyContext, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

/* Returns owned; NULL: no point of the curve, which OpenSSL checks as it reads it. */
static EVP_PKEY *read_key(const uint8_t key[P256_KEY_BYTES])
{
    EVP_PKEY *made = NULL;
    char group[] = "P-256";
    uint8_t point[P256_KEY_BYTES];
    memcpy(point, key, sizeof point);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    g_autoptr(PkeyContext) context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (key[0] != POINT_CONVERSION_UNCOMPRESSED || !context ||
        EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    return made;
}

bool p256_is_key(const uint8_t key[P256_KEY_BYTES])
{
    g_autoptr(EVP_PKEY) read = read_key(key);
    return read != NULL;
}

/* r and s in the DER that OpenSSL wants; its size, 0 on failure. `*der` is owned (OPENSSL_free). */
static size_t signature_der(const uint8_t signature[P256_SIGNATURE_BYTES], uint8_t **der)
{
    enum { HALF = P256_SIGNATURE_BYTES / 2 };
    g_autoptr(ECDSA_SIG) pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, HALF, NULL), *s = BN_bin2bn(signature + HALF, HALF, NULL);
    if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return 0;
    }
    *der = NULL;
    int size = i2d_ECDSA_SIG(pair, der);
    return size > 0 ? (size_t)size : 0;
}

bool p256_holds(const uint8_t key[P256_KEY_BYTES], const uint8_t signature[P256_SIGNATURE_BYTES],
                const char *text)
{
    uint8_t *der = NULL;
    g_autoptr(EVP_PKEY) read = read_key(key);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    size_t size = read && context ? signature_der(signature, &der) : 0;
    bool holds = size > 0 && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, read) == 1 &&
                 EVP_DigestVerify(context, der, size, (const uint8_t *)text, strlen(text)) == 1;
    OPENSSL_free(der);
    return holds;
}
