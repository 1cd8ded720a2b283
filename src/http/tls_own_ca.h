/* tls_own_ca.h — the node's own certificate authority, for a local network without a public name.
 *
 * Made at first start in DATA/keys: ca.key, ca.pem (10 years; installed once on each phone),
 * tls.key, tls.pem (at most 398 days; host names and all addresses of the machine as subject
 * alternative names). The leaf is made anew when it nears its end or an address is missing in it.
 */
#pragma once

#include "base/error.h"

typedef struct OwnCa {
    char *ca_pem;    /* path of the authority's certificate: what phones install */
    char *cert_file; /* paths of the leaf, chain included, and of its key */
    char *key_file;
} OwnCa;

/* Opens or makes the authority and the leaf under `data_dir`/keys. `host` is the address that is
 * listened on: named in the leaf beside the addresses of all interfaces. Blocking. */
bool own_ca_prepare(const char *data_dir, const char *host, OwnCa *ca, GError **error);
void own_ca_clear(OwnCa *ca);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OwnCa, own_ca_clear)

/* Are these a certificate and its key, in PEM, and is it valid today? The message says what to do.
 */
bool tls_check_pair(const char *cert_file, const char *key_file, GError **error);
