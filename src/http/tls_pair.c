#include "http/tls_pair.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/secret.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)

struct TlsPair {
    X509 *leaf;
    STACK_OF(X509) * chain; /* who signed it, and so on; without a root */
    EVP_PKEY *key;
    bool rooted; /* a root that signed itself was found, if only the leaf */
    bool is_public;
};

static const struct {
    const char *code, *advice;
} faults[TLS_FAULTS] = {
    [TLS_GOOD] = {"tls-good", ""},
    [TLS_CERTIFICATE_UNREADABLE] = {"tls-certificate-unreadable",
                                    "there is no certificate in PEM (-----BEGIN CERTIFICATE-----)"},
    [TLS_KEY_UNREADABLE] = {"tls-key-unreadable",
                            "there is no private key in PEM (-----BEGIN PRIVATE KEY-----)"},
    [TLS_KEY_ENCRYPTED] = {"tls-key-encrypted",
                           "the key is locked by a password: give it without one"},
    [TLS_KEY_FOREIGN] = {"tls-key-foreign", "the key is not that of the certificate"},
    [TLS_EXPIRED] = {"tls-expired", "the certificate has expired: renew it"},
    [TLS_NOT_YET] = {"tls-not-yet", "the certificate is not valid yet, or the clock is wrong"},
    [TLS_NO_NAMES] = {"tls-no-names",
                      "the certificate names no host (subject alternative name), which browsers "
                      "ask for"},
    [TLS_NOT_FOR_SERVERS] = {"tls-not-for-servers", "the certificate is not one for servers"},
    [TLS_CHAIN_INCOMPLETE] = {"tls-chain-incomplete",
                              "the certificate of the authority that signed it is missing: give "
                              "the full chain"},
    [TLS_TOO_WEAK] = {"tls-too-weak", "key or signature is too weak to be used"},
    [TLS_KEY_UNUSUAL] = {"tls-key-unusual",
                         "browsers do not take keys of this kind: use RSA of 2048 to 4096 bits, or "
                         "the elliptic curve P-256 or P-384"},
    [TLS_TOO_LARGE] = {"tls-too-large", "this is more than a chain of certificates and a key are"},
};

const char *tls_fault_code(TlsFault fault)
{
    return faults[fault].code;
}

static bool is_wrong(TlsFault *fault, TlsFault with, GError **error)
{
    ERR_clear_error();
    *fault = with;
    return err_set(error, ERR_INVALID, "%s", faults[with].advice);
}

/* ---- reading ---- */

/* Nobody is asked for a password; `told` learns that one was wanted. */
static int no_password(char *buffer, int size, int for_writing, void *told)
{
    *(bool *)told = true;
    return -1;
}

static EVP_PKEY *read_key(const char *text, size_t size, bool *encrypted)
{
    g_autoptr(BIO) memory = BIO_new_mem_buf(text, (int)size);
    *encrypted = false;
    return memory ? PEM_read_bio_PrivateKey(memory, NULL, no_password, encrypted) : NULL;
}

/* All certificates of the text, at most one more than there may be. */
static STACK_OF(X509) * read_certificates(const char *text, size_t size)
{
    g_autoptr(BIO) memory = BIO_new_mem_buf(text, (int)size);
    STACK_OF(X509) *all = sk_X509_new_null();
    bool encrypted;
    X509 *one;
    while (memory && sk_X509_num(all) <= TLS_CHAIN_MOST &&
           (one = PEM_read_bio_X509(memory, NULL, no_password, &encrypted)))
        sk_X509_push(all, one);
    ERR_clear_error();
    return all;
}

static bool is_self_signed(X509 *one)
{
    return X509_NAME_cmp(X509_get_subject_name(one), X509_get_issuer_name(one)) == 0;
}

/* Who signed `one`, of `all`; NULL: not there. */
static X509 *signer_of(X509 *one, STACK_OF(X509) * all)
{
    for (int i = 0; i < sk_X509_num(all); i++) {
        X509 *other = sk_X509_value(all, i);
        if (other == one || X509_check_issued(other, one) != X509_V_OK)
            continue;
        EVP_PKEY *key = X509_get0_pubkey(other);
        if (key && X509_verify(one, key) == 1)
            return other;
    }
    return NULL;
}

/* Leaf and chain in their order; what does not belong to them is left out. */
static bool order(TlsPair *pair, STACK_OF(X509) * all)
{
    for (int i = 0; i < sk_X509_num(all) && !pair->leaf; i++)
        if (X509_check_private_key(sk_X509_value(all, i), pair->key))
            pair->leaf = sk_X509_value(all, i);
    if (!pair->leaf)
        return false;
    X509_up_ref(pair->leaf);
    X509 *last = pair->leaf;
    for (X509 *next; !is_self_signed(last) && (next = signer_of(last, all)); last = next) {
        if (sk_X509_num(pair->chain) > TLS_CHAIN_MOST) /* they sign each other */
            break;
        if (is_self_signed(next)) {
            last = next;
            break;
        }
        X509_up_ref(next);
        sk_X509_push(pair->chain, next);
    }
    pair->rooted = is_self_signed(last);
    ERR_clear_error();
    return true;
}

/* ---- checking ---- */

/* Does an authority that this machine knows stand behind it? */
static bool is_publicly_known(const TlsPair *pair)
{
    g_autoptr(X509_STORE) store = X509_STORE_new();
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
    bool known = store && context && X509_STORE_set_default_paths(store) == 1 &&
                 X509_STORE_CTX_init(context, store, pair->leaf, pair->chain) == 1 &&
                 X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER) == 1 &&
                 X509_verify_cert(context) == 1;
    ERR_clear_error();
    return known;
}

static bool has_names(X509 *leaf)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    bool any = names && sk_GENERAL_NAME_num(names) > 0;
    GENERAL_NAMES_free(names);
    return any;
}

static bool is_usable(const TlsPair *pair)
{
    g_autoptr(SSL_CTX) context = SSL_CTX_new(TLS_server_method());
    bool usable =
        context && SSL_CTX_use_cert_and_key(context, pair->leaf, pair->key, pair->chain, 1) == 1;
    ERR_clear_error();
    return usable;
}

/* What all browsers take, and a handshake is soon done with. */
static bool is_usual(const EVP_PKEY *key)
{
    char curve[64] = "";
    if (EVP_PKEY_is_a(key, "RSA"))
        return EVP_PKEY_get_bits(key) <= TLS_RSA_BITS_MOST;
    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) == 1 &&
           (g_str_equal(curve, "prime256v1") || g_str_equal(curve, "secp384r1"));
}

/* A key can carry the public half of the certificate and another's private half: then no handshake
 * would succeed, and nobody could take the certificate back in the app. */
static bool key_signs(const TlsPair *pair)
{
    static const unsigned char text[] = "is it whole?";
    unsigned char signature[TLS_RSA_BITS_MOST / 8];
    size_t size = sizeof signature;
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    bool signs = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, pair->key) == 1 &&
                 EVP_DigestSign(context, signature, &size, text, sizeof text) == 1 &&
                 EVP_MD_CTX_reset(context) == 1 &&
                 EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL,
                                      X509_get0_pubkey(pair->leaf)) == 1 &&
                 EVP_DigestVerify(context, signature, size, text, sizeof text) == 1;
    ERR_clear_error();
    return signs;
}

static TlsFault fault_of(const TlsPair *pair)
{
    if (X509_cmp_current_time(X509_get0_notAfter(pair->leaf)) < 0)
        return TLS_EXPIRED;
    if (X509_cmp_current_time(X509_get0_notBefore(pair->leaf)) > 0)
        return TLS_NOT_YET;
    if (X509_check_ca(pair->leaf) == 1 ||
        X509_check_purpose(pair->leaf, X509_PURPOSE_SSL_SERVER, 0) != 1)
        return TLS_NOT_FOR_SERVERS;
    if (!has_names(pair->leaf))
        return TLS_NO_NAMES;
    if (!pair->is_public && !pair->rooted && sk_X509_num(pair->chain) == 0)
        return TLS_CHAIN_INCOMPLETE;
    if (!is_usual(pair->key))
        return TLS_KEY_UNUSUAL;
    return key_signs(pair) ? TLS_GOOD : TLS_KEY_FOREIGN;
}

bool tls_pair_check(const TlsPair *pair, TlsFault *fault, GError **error)
{
    *fault = fault_of(pair);
    return *fault == TLS_GOOD || is_wrong(fault, *fault, error);
}

TlsPair *tls_pair_read(const char *chain, size_t chain_size, const char *key, size_t key_size,
                       TlsFault *fault, GError **error)
{
    g_autoptr(TlsPair) pair = g_new0(TlsPair, 1);
    bool encrypted;
    if (chain_size > TLS_CHAIN_BYTES_MOST || key_size > TLS_KEY_BYTES_MOST) {
        is_wrong(fault, TLS_TOO_LARGE, error);
        return NULL;
    }
    STACK_OF(X509) *all = read_certificates(chain, chain_size);
    int count = sk_X509_num(all);
    pair->chain = sk_X509_new_null();
    pair->key = read_key(key, key_size, &encrypted);
    TlsFault found = count == 0               ? TLS_CERTIFICATE_UNREADABLE
                     : count > TLS_CHAIN_MOST ? TLS_TOO_LARGE
                     : encrypted              ? TLS_KEY_ENCRYPTED
                     : !pair->key             ? TLS_KEY_UNREADABLE
                     : !order(pair, all)      ? TLS_KEY_FOREIGN
                     : !is_usable(pair)       ? TLS_TOO_WEAK
                                              : TLS_GOOD;
    sk_X509_pop_free(all, X509_free);
    *fault = TLS_GOOD;
    if (found == TLS_GOOD) {
        pair->is_public = is_publicly_known(pair);
        return g_steal_pointer(&pair);
    }
    is_wrong(fault, found, error);
    return NULL;
}

TlsPair *tls_pair_read_files(const char *chain_file, const char *key_file, GError **error)
{
    size_t chain_size, key_size;
    TlsFault fault;
    /* A file may hold both. */
    const size_t most = TLS_CHAIN_BYTES_MOST + TLS_KEY_BYTES_MOST;
    secret_auto char *chain = file_read(chain_file, most, &chain_size, error);
    secret_auto char *key = chain ? file_read(key_file, most, &key_size, error) : NULL;
    TlsPair *pair = key ? tls_pair_read(chain, MIN(chain_size, (size_t)TLS_CHAIN_BYTES_MOST), key,
                                        MIN(key_size, (size_t)TLS_KEY_BYTES_MOST), &fault, error)
                        : NULL;
    if (!pair)
        g_prefix_error(error, "%s, %s: ", chain_file, key_file);
    return pair;
}

void tls_pair_free(TlsPair *pair)
{
    if (!pair)
        return;
    X509_free(pair->leaf);
    sk_X509_pop_free(pair->chain, X509_free);
    EVP_PKEY_free(pair->key);
    g_free(pair);
}

bool tls_pair_same(const TlsPair *a, const TlsPair *b)
{
    return a && b && X509_cmp(a->leaf, b->leaf) == 0 && EVP_PKEY_eq(a->key, b->key) == 1;
}

char *tls_pair_text(const TlsPair *pair, GError **error)
{
    g_autoptr(BIO) memory = BIO_new(BIO_s_secmem());
    bool written = memory &&
                   PEM_write_bio_PKCS8PrivateKey(memory, pair->key, NULL, NULL, 0, NULL, NULL) &&
                   PEM_write_bio_X509(memory, pair->leaf);
    for (int i = 0; written && i < sk_X509_num(pair->chain); i++)
        written = PEM_write_bio_X509(memory, sk_X509_value(pair->chain, i)) == 1;
    char *text;
    long size = written ? BIO_get_mem_data(memory, &text) : 0;
    ERR_clear_error();
    if (written && size > 0)
        return g_strndup(text, (gsize)size);
    err_set(error, ERR_IO, "the certificate cannot be written");
    return NULL;
}

/* ---- using and showing ---- */

bool tls_pair_covers(const TlsPair *pair, const char *address)
{
    bool covers = g_hostname_is_ip_address(address)
                      ? X509_check_ip_asc(pair->leaf, address, 0) == 1
                      : X509_check_host(pair->leaf, address, 0, 0, NULL) == 1;
    ERR_clear_error();
    return covers;
}

bool tls_pair_use(const TlsPair *pair, SSL *ssl)
{
    SSL_certs_clear(ssl); /* one of another kind of key would stay beside it */
    return SSL_use_cert_and_key(ssl, pair->leaf, pair->key, pair->chain, 1) == 1;
}

static char *name_text(const X509_NAME *name)
{
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    if (at >= 0 &&
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))) >= 0) {
        char *text = g_utf8_make_valid((char *)utf8, -1);
        OPENSSL_free(utf8);
        return text;
    }
    char whole[256];
    X509_NAME_oneline(name, whole, sizeof whole);
    return g_utf8_make_valid(whole, -1);
}

static void add_name(GPtrArray *names, const GENERAL_NAME *name)
{
    char address[INET6_ADDRSTRLEN];
    if (name->type == GEN_DNS) {
        const ASN1_IA5STRING *text = name->d.dNSName;
        g_autofree char *host =
            g_strndup((const char *)ASN1_STRING_get0_data(text), (gsize)ASN1_STRING_length(text));
        g_ptr_array_add(names, g_utf8_make_valid(host, -1));
    } else if (name->type == GEN_IPADD) {
        const ASN1_OCTET_STRING *bytes = name->d.iPAddress;
        int family = ASN1_STRING_length(bytes) == 4    ? AF_INET
                     : ASN1_STRING_length(bytes) == 16 ? AF_INET6
                                                       : AF_UNSPEC;
        if (family != AF_UNSPEC &&
            inet_ntop(family, ASN1_STRING_get0_data(bytes), address, sizeof address))
            g_ptr_array_add(names, g_strdup(address));
    }
}

static int64_t time_us_of(const ASN1_TIME *time)
{
    struct tm utc = {0};
    return ASN1_TIME_to_tm(time, &utc) == 1 ? (int64_t)timegm(&utc) * SECOND_US : 0;
}

void tls_pair_facts(const TlsPair *pair, TlsFacts *facts)
{
    uint8_t digest[SHA256_BYTES];
    *facts = (TlsFacts){
        .subject = name_text(X509_get_subject_name(pair->leaf)),
        .issuer = name_text(X509_get_issuer_name(pair->leaf)),
        .names = g_ptr_array_new_with_free_func(g_free),
        .from_us = time_us_of(X509_get0_notBefore(pair->leaf)),
        .to_us = time_us_of(X509_get0_notAfter(pair->leaf)),
        .is_public = pair->is_public,
    };
    if (X509_digest(pair->leaf, EVP_sha256(), digest, NULL) == 1)
        hex_encode(digest, sizeof digest, facts->fingerprint);
    GENERAL_NAMES *names = X509_get_ext_d2i(pair->leaf, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++)
        add_name(facts->names, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
}

void tls_facts_clear(TlsFacts *facts)
{
    g_free(facts->subject);
    g_free(facts->issuer);
    g_clear_pointer(&facts->names, g_ptr_array_unref);
    *facts = (TlsFacts){0};
}
