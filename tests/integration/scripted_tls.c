#include "scripted_tls.h"

#include "base/digest.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

enum { DAY_S = 24 * 60 * 60, HANDSHAKE = 22 /* RFC 8446 §5.1 */ };

struct ScriptedTls {
    SSL_CTX *context;
    char fingerprint[SHA256_HEX];
};

static EVP_PKEY *authority_key;
static X509 *authority;

static void add_extension(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);
    g_assert(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/* `issuer` NULL: signed by itself. */
static X509 *make_certificate(const char *name, EVP_PKEY *key, const X509 *issuer)
{
    static long serial;
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(certificate), DAY_S);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const uint8_t *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject);
    return certificate;
}

void scripted_tls_authority(const char *path)
{
    authority_key = EVP_EC_gen("P-256");
    authority = make_certificate("authority of a test", authority_key, NULL);
    add_extension(authority, NID_basic_constraints, "critical,CA:TRUE");
    g_assert(X509_sign(authority, authority_key, EVP_sha256()) > 0);
    FILE *file = fopen(path, "we");
    g_assert(file && PEM_write_X509(file, authority) == 1);
    fclose(file);
}

ScriptedTls *scripted_tls_new(const ScriptTls *script)
{
    ScriptedTls *tls = g_new0(ScriptedTls, 1);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *issuer = script->trusted ? authority : NULL;
    X509 *certificate = make_certificate(script->host, key, issuer);
    uint8_t address[16], digest[SHA256_BYTES];
    bool is_address = inet_pton(AF_INET, script->host, address) == 1;
    g_autofree char *names = g_strconcat(is_address ? "IP:" : "DNS:", script->host, NULL);
    add_extension(certificate, NID_subject_alt_name, names);
    g_assert(X509_sign(certificate, issuer ? authority_key : key, EVP_sha256()) > 0);
    g_assert(X509_digest(certificate, EVP_sha256(), digest, NULL) == 1);
    hex_encode(digest, sizeof digest, tls->fingerprint);
    tls->context = SSL_CTX_new(TLS_server_method());
    g_assert(SSL_CTX_use_certificate(tls->context, certificate) == 1);
    g_assert(SSL_CTX_use_PrivateKey(tls->context, key) == 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return tls;
}

void scripted_tls_free(ScriptedTls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    g_free(tls);
}

const char *scripted_tls_fingerprint(const ScriptedTls *tls)
{
    return tls->fingerprint;
}

bool scripted_tls_asked(int fd)
{
    uint8_t first = 0;
    return recv(fd, &first, 1, MSG_PEEK) == 1 && first == HANDSHAKE;
}

SSL *scripted_tls_accept(const ScriptedTls *tls, int fd)
{
    SSL *ssl = SSL_new(tls->context);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1)
        return ssl;
    SSL_free(ssl);
    return NULL;
}
