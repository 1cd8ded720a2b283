#include "push_phone.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <string.h>

enum { POINT = 65, AUTH = 16, SALT = 16, HEAD = SALT + 4 + 1 + POINT, TAG = 16 };

struct PushPhone {
    EVP_PKEY *key;
    uint8_t point[POINT], auth[AUTH];
};

PushPhone *push_phone_new(void)
{
    size_t size;
    PushPhone *phone = g_new0(PushPhone, 1);
    phone->key = EVP_EC_gen("P-256");
    g_assert(EVP_PKEY_get_octet_string_param(phone->key, OSSL_PKEY_PARAM_PUB_KEY, phone->point,
                                             POINT, &size));
    g_assert(RAND_bytes(phone->auth, AUTH) == 1);
    return phone;
}

void push_phone_free(PushPhone *phone)
{
    EVP_PKEY_free(phone->key);
    g_free(phone);
}

char *push_phone_subscription(const PushPhone *phone, const char *endpoint)
{
    g_autofree char *point = g_base64_encode(phone->point, POINT);
    g_autofree char *auth = g_base64_encode(phone->auth, AUTH);
    return g_strdup_printf("{\"endpoint\":\"%s\",\"p256dh\":\"%s\",\"auth\":\"%s\","
                           "\"device\":\"Chrome, Android\"}",
                           endpoint, point, auth);
}

/* HKDF by OpenSSL's own. */
static void hkdf(const uint8_t *salt, size_t salt_size, const uint8_t *key, size_t key_size,
                 const void *info, size_t info_size, uint8_t *out, size_t size)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, info_size),
        OSSL_PARAM_construct_end(),
    };
    g_assert(EVP_KDF_derive(context, out, size, params) > 0);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
}

static bool agree(const PushPhone *phone, const uint8_t *point, uint8_t shared[32])
{
    size_t size = 32;
    EVP_PKEY *other = EVP_PKEY_new();
    bool well = EVP_PKEY_copy_parameters(other, phone->key) > 0 &&
                EVP_PKEY_set1_encoded_public_key(other, point, POINT) > 0;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(phone->key, NULL);
    well = well && EVP_PKEY_derive_init(context) > 0 &&
           EVP_PKEY_derive_set_peer(context, other) > 0 &&
           EVP_PKEY_derive(context, shared, &size) > 0;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(other);
    return well;
}

static bool decrypt(const uint8_t *key, const uint8_t *nonce, const uint8_t *sealed, size_t size,
                    uint8_t *plain)
{
    int done, more;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool well =
        EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce) &&
        EVP_DecryptUpdate(context, plain, &done, sealed, (int)(size - TAG)) &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG, (void *)(sealed + size - TAG)) &&
        EVP_DecryptFinal_ex(context, plain + done, &more) > 0;
    EVP_CIPHER_CTX_free(context);
    return well;
}

Json *push_phone_open(const char *head, const void *body, size_t size, void *data)
{
    const PushPhone *phone = data;
    const uint8_t *bytes = body, *from = bytes + SALT + 5;
    uint8_t shared[32], input[32], key[16], nonce[12];
    if (size <= HEAD + TAG || !strstr(head, "aes128gcm") || !agree(phone, from, shared))
        return NULL;
    g_autoptr(GByteArray) info = g_byte_array_new();
    g_byte_array_append(info, (const uint8_t *)"WebPush: info", 14);
    g_byte_array_append(info, phone->point, POINT);
    g_byte_array_append(info, from, POINT);
    hkdf(phone->auth, AUTH, shared, sizeof shared, info->data, info->len, input, sizeof input);
    hkdf(bytes, SALT, input, sizeof input, "Content-Encoding: aes128gcm", 28, key, sizeof key);
    hkdf(bytes, SALT, input, sizeof input, "Content-Encoding: nonce", 24, nonce, sizeof nonce);
    g_autofree uint8_t *plain = g_malloc(size);
    size_t length = size - HEAD - TAG;
    if (!decrypt(key, nonce, bytes + HEAD, size - HEAD, plain) || plain[length - 1] != 2)
        return NULL;
    return json_parse((const char *)plain, length - 1, NULL);
}
