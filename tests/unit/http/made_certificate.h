/* made_certificate.h — certificates of a test's own authorities, as a commune might upload them. */
#pragma once

#include <openssl/types.h>

typedef struct Made {
    X509 *cert;
    EVP_PKEY *key;
} Made;

typedef struct MakeOptions {
    const char *name;   /* common name */
    const char *alt;    /* "DNS:cam.example,IP:127.0.0.1"; NULL: none */
    int from_days;      /* from today; may be negative */
    int to_days;        /* 0: 90 */
    const Made *signer; /* NULL: by itself */
    int authority;      /* it signs others */
    int rsa_bits;       /* 0: an elliptic curve */
    const char *curve;  /* NULL: P-256 */
} MakeOptions;

Made made(const MakeOptions *options);
/* The certificate of one, and a key whose public half is its own and whose private half another's.
 */
Made made_torn(const Made *one, const Made *other);
void made_clear(Made *one);

/* PEM; owned (g_free). */
char *made_cert_pem(const Made *one);
char *made_key_pem(const Made *one, const char *password); /* NULL: none */
