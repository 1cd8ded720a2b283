#include "notify/push_seal.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <string.h>

enum { HASH_BYTES = 32, CEK_BYTES = 16, NONCE_BYTES = 12, TAG_BYTES = 16, RECORD_BYTES = 4096 };

struct PushKey {
    EVP_PKEY *pair;
};

#define CHECK(done)                                              \
    do {                                                         \
        if (!(done))                                             \
            g_error("OpenSSL cannot work with the curve P-256"); \
    } while (0)

/* ---- keys ---- */

PushKey *push_key_new(void)
{
    PushKey *key = g_new0(PushKey, 1);
    CHECK(key->pair = EVP_EC_gen("P-256"));
    return key;
}

void push_key_free(PushKey *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pair);
    g_free(key);
}

/* A key of a public point, and of its secret when there is one; NULL when the point is not on the
 * curve. */
static EVP_PKEY *make_key(const uint8_t point[PUSH_POINT_BYTES], const BIGNUM *secret)
{
    EVP_PKEY *pair = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    CHECK(builder && context && EVP_PKEY_fromdata_init(context) > 0 &&
          OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
          OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                           PUSH_POINT_BYTES) &&
          (!secret || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret)));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    CHECK(params);
    if (EVP_PKEY_fromdata(context, &pair, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          params) <= 0)
        pair = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return pair;
}

PushKey *push_key_of(const uint8_t secret[PUSH_SECRET_BYTES], GError **error)
{
    uint8_t point[PUSH_POINT_BYTES];
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *number = BN_bin2bn(secret, PUSH_SECRET_BYTES, NULL);
    EC_POINT *public = group ? EC_POINT_new(group) : NULL;
    CHECK(group && number && public);
    bool well = !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
                EC_POINT_mul(group, public, number, NULL, NULL, NULL) &&
                EC_POINT_point2oct(group, public, POINT_CONVERSION_UNCOMPRESSED, point,
                                   sizeof point, NULL) == sizeof point;
    EVP_PKEY *pair = well ? make_key(point, number) : NULL;
    BN_clear_free(number);
    EC_POINT_free(public);
    EC_GROUP_free(group);
    if (!pair) {
        err_set(error, ERR_CORRUPT, "no key of the curve P-256");
        return NULL;
    }
    PushKey *key = g_new0(PushKey, 1);
    key->pair = pair;
    return key;
}

void push_key_secret(const PushKey *key, uint8_t secret[PUSH_SECRET_BYTES])
{
    BIGNUM *number = NULL;
    CHECK(EVP_PKEY_get_bn_param(key->pair, OSSL_PKEY_PARAM_PRIV_KEY, &number) &&
          BN_bn2binpad(number, secret, PUSH_SECRET_BYTES) == PUSH_SECRET_BYTES);
    BN_clear_free(number);
}

void push_key_point(const PushKey *key, uint8_t point[PUSH_POINT_BYTES])
{
    size_t size = 0;
    CHECK(EVP_PKEY_get_octet_string_param(key->pair, OSSL_PKEY_PARAM_PUB_KEY, point,
                                          PUSH_POINT_BYTES, &size) &&
          size == PUSH_POINT_BYTES);
}

/* ---- text ---- */

char *push_base64(const void *data, size_t size)
{
    char *text = g_base64_encode(data, size);
    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* Exactly `size` bytes of base64 of either alphabet. */
static bool read_base64(const char *text, uint8_t *data, size_t size)
{
    size_t length = strcspn(text, "=");
    if (length != (size * 8 + 5) / 6 || strlen(text) > length + 2 ||
        strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_+/") != length)
        return false;
    g_autofree char *plain = g_strndup(text, length);
    g_strdelimit(g_strdelimit(plain, "-", '+'), "_", '/');
    g_autofree char *padded = g_strdup_printf("%s%.*s", plain, (int)(4 - length % 4) % 4, "==");
    gsize got;
    g_autofree uint8_t *bytes = g_base64_decode(padded, &got);
    if (got != size)
        return false;
    memcpy(data, bytes, size);
    return true;
}

bool push_reader_parse(const char *p256dh, const char *auth, PushReader *reader, GError **error)
{
    if (!read_base64(p256dh, reader->point, sizeof reader->point) || !p256_is_key(reader->point))
        return err_set(error, ERR_INVALID, "‘p256dh’ is not a point of the curve P-256");
    return read_base64(auth, reader->auth, sizeof reader->auth) ||
           err_set(error, ERR_INVALID, "‘auth’ is not %d bytes of base64", PUSH_AUTH_BYTES);
}

/* ---- sealing ---- */

static void hmac(const uint8_t *key, size_t key_size, const void *data, size_t size,
                 uint8_t digest[HASH_BYTES])
{
    CHECK(HMAC(EVP_sha256(), key, (int)key_size, data, size, digest, NULL));
}

/* HKDF (RFC 5869) for no more than one hash: extracts from `key` by `salt`, expands by `info`. */
static void hkdf(const uint8_t *salt, size_t salt_size, const uint8_t *key, size_t key_size,
                 const uint8_t *info, size_t info_size, uint8_t out[HASH_BYTES])
{
    uint8_t extracted[HASH_BYTES];
    g_auto(ByteWriter) text = {0};
    hmac(salt, salt_size, key, key_size, extracted);
    write_bytes(&text, info, info_size);
    write_u8(&text, 1);
    hmac(extracted, sizeof extracted, text.data, text.size, out);
    OPENSSL_cleanse(extracted, sizeof extracted);
}

/* What both sides of the curve have in common. */
static bool agree(const PushKey *own, const uint8_t point[PUSH_POINT_BYTES],
                  uint8_t shared[HASH_BYTES])
{
    size_t size = HASH_BYTES;
    EVP_PKEY *other = make_key(point, NULL);
    if (!other)
        return false;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own->pair, NULL);
    CHECK(context && EVP_PKEY_derive_init(context) > 0 &&
          EVP_PKEY_derive_set_peer(context, other) > 0 &&
          EVP_PKEY_derive(context, shared, &size) > 0 && size == HASH_BYTES);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(other);
    return true;
}

/* RFC 8291 §3.4: the key of content, and its nonce. */
static void derive(const PushReader *reader, const uint8_t own[PUSH_POINT_BYTES],
                   const uint8_t shared[HASH_BYTES], const uint8_t salt[PUSH_SALT_BYTES],
                   uint8_t cek[HASH_BYTES], uint8_t nonce[HASH_BYTES])
{
    static const uint8_t info[] = "WebPush: info", of_key[] = "Content-Encoding: aes128gcm",
                         of_nonce[] = "Content-Encoding: nonce"; /* each with its NUL */
    uint8_t input[HASH_BYTES];
    g_auto(ByteWriter) text = {0};
    write_bytes(&text, info, sizeof info);
    write_bytes(&text, reader->point, PUSH_POINT_BYTES);
    write_bytes(&text, own, PUSH_POINT_BYTES);
    hkdf(reader->auth, PUSH_AUTH_BYTES, shared, HASH_BYTES, text.data, text.size, input);
    hkdf(salt, PUSH_SALT_BYTES, input, HASH_BYTES, of_key, sizeof of_key, cek);
    hkdf(salt, PUSH_SALT_BYTES, input, HASH_BYTES, of_nonce, sizeof of_nonce, nonce);
    OPENSSL_cleanse(input, sizeof input);
}

/* AES-128-GCM of `plain` and the mark of the last record (RFC 8188 §2). */
static void encrypt(ByteWriter *body, const uint8_t cek[HASH_BYTES],
                    const uint8_t nonce[HASH_BYTES], const void *plain, size_t size)
{
    static const uint8_t last = 2;
    int done, more;
    uint8_t *to = byte_writer_add(body, size + 1 + TAG_BYTES);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    CHECK(context && EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, cek, nonce) &&
          EVP_EncryptUpdate(context, to, &done, plain, (int)size) &&
          EVP_EncryptUpdate(context, to + done, &more, &last, 1) &&
          EVP_EncryptFinal_ex(context, to + done + more, &more) &&
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, to + size + 1));
    EVP_CIPHER_CTX_free(context);
}

GBytes *push_seal(const PushReader *reader, const PushKey *once,
                  const uint8_t salt[PUSH_SALT_BYTES], const void *plain, size_t size,
                  GError **error)
{
    uint8_t shared[HASH_BYTES], own[PUSH_POINT_BYTES], cek[HASH_BYTES], nonce[HASH_BYTES];
    g_assert(size <= PUSH_PLAIN_MOST);
    if (!agree(once, reader->point, shared)) {
        err_set(error, ERR_INVALID, "the key of the subscription is not on the curve P-256");
        return NULL;
    }
    push_key_point(once, own);
    derive(reader, own, shared, salt, cek, nonce);
    ByteWriter body = {0};
    write_bytes(&body, salt, PUSH_SALT_BYTES);
    write_u32(&body, RECORD_BYTES);
    write_u8(&body, PUSH_POINT_BYTES);
    write_bytes(&body, own, PUSH_POINT_BYTES);
    encrypt(&body, cek, nonce, plain, size);
    OPENSSL_cleanse(shared, sizeof shared);
    OPENSSL_cleanse(cek, sizeof cek);
    return g_bytes_new_with_free_func(body.data, body.size, g_free, body.data);
}

/* ---- the token ---- */

/* ES256 (RFC 7518 §3.4): both numbers of the signature, 32 bytes each. */
static void sign(const PushKey *key, const char *text, uint8_t out[2 * HASH_BYTES])
{
    uint8_t der[80];
    const uint8_t *at = der;
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    CHECK(context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pair) > 0 &&
          EVP_DigestSign(context, der, &size, (const uint8_t *)text, strlen(text)) > 0);
    EVP_MD_CTX_free(context);
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)size);
    CHECK(signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, HASH_BYTES) == HASH_BYTES &&
          BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + HASH_BYTES, HASH_BYTES) == HASH_BYTES);
    ECDSA_SIG_free(signature);
}

char *push_token(const PushKey *key, const char *audience, const char *contact, int64_t until_s)
{
    static const char head[] = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";
    uint8_t point[PUSH_POINT_BYTES], signature[2 * HASH_BYTES];
    g_autoptr(Json) claims = json_pack("{s:s, s:I}", "aud", audience, "exp", (json_int_t)until_s);
    if (contact)
        json_object_set_new(claims, "sub", json_string(contact));
    g_autofree char *claims_text = json_line(claims);
    g_autofree char *first = push_base64(head, strlen(head));
    g_autofree char *second = push_base64(claims_text, strlen(claims_text));
    g_autofree char *text = g_strconcat(first, ".", second, NULL);
    sign(key, text, signature);
    push_key_point(key, point);
    g_autofree char *third = push_base64(signature, sizeof signature);
    g_autofree char *own = push_base64(point, sizeof point);
    return g_strdup_printf("vapid t=%s.%s, k=%s", text, third, own);
}
