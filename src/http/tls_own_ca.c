#include "http/tls_own_ca.h"

#include "base/file.h"
#include "base/log.h"
#include "http/own_addresses.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

/* Phones refuse leaves that are valid for more than 398 days. */
enum { CA_DAYS = 3650, LEAF_DAYS = 397, RENEW_DAYS = 60, BACKDATE_DAYS = 1 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_EXTENSION, X509_EXTENSION_free)

static bool crypto_failed(GError **error, const char *what)
{
    char reason[160];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return err_set(error, ERR_IO, "%s: %s", what, reason);
}

/* --- files --- */

static X509 *read_cert(const char *path)
{
    g_autoptr(BIO) file = BIO_new_file(path, "r");
    X509 *cert = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    ERR_clear_error();
    return cert;
}

static EVP_PKEY *read_key(const char *path)
{
    g_autoptr(BIO) file = BIO_new_file(path, "r");
    EVP_PKEY *key = file ? PEM_read_bio_PrivateKey(file, NULL, NULL, NULL) : NULL;
    ERR_clear_error();
    return key;
}

static bool write_pem(BIO *pem, const char *path, mode_t mode, GError **error)
{
    char *text;
    long size = BIO_get_mem_data(pem, &text);
    return file_write_atomic(path, text, (size_t)size, mode, error);
}

static bool write_pair(EVP_PKEY *key, const char *key_file, X509 *cert, X509 *issuer,
                       const char *cert_file, GError **error)
{
    g_autoptr(BIO) key_pem = BIO_new(BIO_s_secmem());
    g_autoptr(BIO) cert_pem = BIO_new(BIO_s_mem());
    if (!PEM_write_bio_PKCS8PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) ||
        !PEM_write_bio_X509(cert_pem, cert) || (issuer && !PEM_write_bio_X509(cert_pem, issuer)))
        return crypto_failed(error, "the certificate cannot be written");
    return write_pem(key_pem, key_file, 0600, error) && write_pem(cert_pem, cert_file, 0644, error);
}

/* --- certificates --- */

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    g_autoptr(X509_EXTENSION) extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    return extension && X509_add_ext(cert, extension, -1);
}

static X509 *cert_begin(EVP_PKEY *key, const char *name, int days)
{
    X509 *cert = X509_new();
    uint8_t serial[16];
    RAND_bytes(serial, sizeof serial);
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    X509_set_version(cert, X509_VERSION_3);
    X509_time_adj_ex(X509_getm_notBefore(cert), -BACKDATE_DAYS, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(cert), days - BACKDATE_DAYS, 0, NULL);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    return cert;
}

static bool make_ca(const char *key_file, const char *cert_file, GError **error)
{
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    uint32_t mark; /* so that the authorities of several nodes can be told apart on a phone */
    RAND_bytes((unsigned char *)&mark, sizeof mark);
    g_autofree char *name = g_strdup_printf("Vọng Lâu CA %08X", mark);
    g_autoptr(X509) cert = cert_begin(key, name, CA_DAYS);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    if (!add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !add_extension(cert, cert, NID_subject_key_identifier, "hash") ||
        !X509_sign(cert, key, EVP_sha256()))
        return crypto_failed(error, "the certificate authority cannot be made");
    log_info("tls.authority", "made=\"%s\"", name);
    return write_pair(key, key_file, cert, NULL, cert_file, error);
}

/* --- names of this machine --- */

static bool is_host_name(const char *name)
{
    return *name && !strchr(name, ',') && g_str_is_ascii(name);
}

/* As OpenSSL's configuration language wants it: "DNS:localhost,IP:10.0.0.7". Returns owned. */
static char *alternative_names(const GPtrArray *addresses)
{
    GString *text = g_string_new("DNS:localhost");
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    if (is_host_name(host) && strcmp(host, "localhost") != 0) {
        g_string_append_printf(text, ",DNS:%s", host);
        if (!strchr(host, '.'))
            g_string_append_printf(text, ",DNS:%s.local", host);
    }
    for (guint i = 0; i < addresses->len; i++)
        g_string_append_printf(text, ",IP:%s", (char *)addresses->pdata[i]);
    return g_string_free(text, FALSE);
}

/* --- the leaf --- */

static bool leaf_is_good(X509 *leaf, EVP_PKEY *key, X509 *ca, const GPtrArray *addresses)
{
    if (!leaf || !key || !X509_check_private_key(leaf, key))
        return false;
    g_autoptr(EVP_PKEY) ca_key = X509_get_pubkey(ca);
    if (X509_verify(leaf, ca_key) != 1)
        return false;
    time_t renew = time(NULL) + (time_t)RENEW_DAYS * 86400;
    if (X509_cmp_time(X509_get0_notAfter(leaf), &renew) <= 0 ||
        X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0)
        return false;
    for (guint i = 0; i < addresses->len; i++)
        if (X509_check_ip_asc(leaf, addresses->pdata[i], 0) != 1)
            return false;
    return true;
}

static bool make_leaf(const OwnCa *ca, X509 *ca_cert, EVP_PKEY *ca_key, const GPtrArray *addresses,
                      GError **error)
{
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    g_autoptr(X509) leaf = cert_begin(key, "Vọng Lâu", LEAF_DAYS);
    g_autofree char *names = alternative_names(addresses);
    X509_set_issuer_name(leaf, X509_get_subject_name(ca_cert));
    if (!add_extension(leaf, ca_cert, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(leaf, ca_cert, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(leaf, ca_cert, NID_ext_key_usage, "serverAuth") ||
        !add_extension(leaf, ca_cert, NID_subject_key_identifier, "hash") ||
        !add_extension(leaf, ca_cert, NID_authority_key_identifier, "keyid:always") ||
        !add_extension(leaf, ca_cert, NID_subject_alt_name, names) ||
        !X509_sign(leaf, ca_key, EVP_sha256()))
        return crypto_failed(error, "the server's certificate cannot be made");
    log_info("tls.certificate", "made_for=\"%s\"", names);
    return write_pair(key, ca->key_file, leaf, ca_cert, ca->cert_file, error);
}

bool own_ca_prepare(const char *data_dir, const char *host, OwnCa *ca, GError **error)
{
    g_autofree char *keys = g_build_filename(data_dir, "keys", NULL);
    g_autofree char *ca_key_file = g_build_filename(keys, "ca.key", NULL);
    ca->ca_pem = g_build_filename(keys, "ca.pem", NULL);
    ca->cert_file = g_build_filename(keys, "tls.pem", NULL);
    ca->key_file = g_build_filename(keys, "tls.key", NULL);
    if (!folder_make(keys, error))
        return false;
    bool none = access(ca->ca_pem, F_OK) != 0 && access(ca_key_file, F_OK) != 0;
    if (none && !make_ca(ca_key_file, ca->ca_pem, error))
        return false;
    g_autoptr(X509) ca_cert = read_cert(ca->ca_pem);
    g_autoptr(EVP_PKEY) ca_key = read_key(ca_key_file);
    if (!ca_cert || !ca_key || !X509_check_private_key(ca_cert, ca_key))
        return err_set(error, ERR_CORRUPT,
                       "%s and %s are not a certificate authority: restore them, "
                       "or delete both to have a new one made (each phone then needs it anew)",
                       ca->ca_pem, ca_key_file);
    g_autoptr(GPtrArray) addresses = own_addresses(host);
    g_autoptr(X509) leaf = read_cert(ca->cert_file);
    g_autoptr(EVP_PKEY) key = read_key(ca->key_file);
    return leaf_is_good(leaf, key, ca_cert, addresses) ||
           make_leaf(ca, ca_cert, ca_key, addresses, error);
}

void own_ca_clear(OwnCa *ca)
{
    g_free(ca->ca_pem);
    g_free(ca->cert_file);
    g_free(ca->key_file);
    *ca = (OwnCa){0};
}

bool tls_check_pair(const char *cert_file, const char *key_file, GError **error)
{
    g_autoptr(X509) cert = read_cert(cert_file);
    g_autoptr(EVP_PKEY) key = read_key(key_file);
    if (!cert)
        return err_set(error, ERR_INVALID, "%s is not a readable certificate in PEM", cert_file);
    if (!key)
        return err_set(error, ERR_INVALID,
                       "%s is not a readable private key in PEM without password", key_file);
    if (!X509_check_private_key(cert, key)) {
        ERR_clear_error();
        return err_set(error, ERR_INVALID, "the key in %s is not that of the certificate in %s",
                       key_file, cert_file);
    }
    if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
        return err_set(error, ERR_INVALID, "the certificate in %s has expired: renew it",
                       cert_file);
    return true;
}
