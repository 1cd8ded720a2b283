#include "made_certificate.h"

#include "unit.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

static void extend(X509 *cert, X509 *signer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

/* Of more than two primes where it is long, which are found sooner. */
static EVP_PKEY *rsa_of(int bits)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY_keygen_init(context);
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits);
    EVP_PKEY_CTX_set_rsa_keygen_primes(context, bits > 8192 ? 5 : 2);
    assert_int_equal(EVP_PKEY_generate(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

Made made(const MakeOptions *options)
{
    Made one = {X509_new(), options->rsa_bits
                                ? rsa_of(options->rsa_bits)
                                : EVP_EC_gen(options->curve ? options->curve : "P-256")};
    const Made *signer = options->signer ? options->signer : &one;
    uint32_t serial;
    RAND_bytes((unsigned char *)&serial, sizeof serial);
    X509_set_version(one.cert, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(one.cert), serial | 1);
    X509_time_adj_ex(X509_getm_notBefore(one.cert), options->from_days, -60, NULL);
    X509_time_adj_ex(X509_getm_notAfter(one.cert), options->to_days ? options->to_days : 90, 0,
                     NULL);
    X509_set_pubkey(one.cert, one.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(one.cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)options->name, -1, -1, 0);
    X509_set_issuer_name(one.cert, X509_get_subject_name(signer->cert));
    extend(one.cert, signer->cert, NID_basic_constraints,
           options->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (options->alt)
        extend(one.cert, signer->cert, NID_subject_alt_name, options->alt);
    assert_true(X509_sign(one.cert, signer->key, EVP_sha256()) > 0);
    return one;
}

void made_clear(Made *one)
{
    X509_free(one->cert);
    EVP_PKEY_free(one->key);
}

static char *text_of(BIO *memory)
{
    char *data;
    long size = BIO_get_mem_data(memory, &data);
    char *text = g_strndup(data, (gsize)size);
    BIO_free_all(memory);
    return text;
}

Made made_torn(const Made *one, const Made *other)
{
    BIGNUM *secret = NULL;
    unsigned char point[133];
    size_t size = 0;
    Made torn = {one->cert, NULL};
    X509_up_ref(one->cert);
    assert_int_equal(EVP_PKEY_get_bn_param(other->key, OSSL_PKEY_PARAM_PRIV_KEY, &secret), 1);
    assert_int_equal(EVP_PKEY_get_octet_string_param(one->key, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                     sizeof point, &size),
                     1);
    OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY, point, size);
    OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_PRIV_KEY, secret);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(parts);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY_fromdata_init(context);
    assert_int_equal(EVP_PKEY_fromdata(context, &torn.key, EVP_PKEY_KEYPAIR, params), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(parts);
    BN_clear_free(secret);
    return torn;
}

char *made_cert_pem(const Made *one)
{
    BIO *memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, one->cert);
    return text_of(memory);
}

char *made_key_pem(const Made *one, const char *password)
{
    BIO *memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(memory, one->key, password ? EVP_aes_256_cbc() : NULL, password,
                                  password ? (int)strlen(password) : 0, NULL, NULL);
    return text_of(memory);
}
