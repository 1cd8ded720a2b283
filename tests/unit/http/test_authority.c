/* TLS by our own authority over real sockets, and a certificate that is renewed. */
#include "client.h"
#include "http/tls_own_ca.h"
#include "live_client.h"
#include "unit.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void our_own_authority_is_enough_for_a_client_that_knows_it(void **state)
{
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    http_server_stop(house->server);
    house_serve(house, &config);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_load_verify_locations(context, http_server_ca(house->server), NULL),
                     1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_alpn_protos(context, (const uint8_t *)"\2h2\10http/1.1", 12);
    SSL *tls = SSL_new(context);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), "127.0.0.1");
    int fd = client_connect(port_of(house));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    const uint8_t *protocol;
    unsigned length;
    SSL_get0_alpn_selected(tls, &protocol, &length);
    assert_int_equal(length, 8);
    assert_memory_equal(protocol, "http/1.1", 8);
    static const char ask[] =
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    assert_int_equal(SSL_write(tls, ask, sizeof ask - 1), sizeof ask - 1);
    char answer[4096] = "";
    size_t got = 0;
    for (int n; got < sizeof answer - 1 &&
                (n = SSL_read(tls, answer + got, (int)(sizeof answer - 1 - got))) > 0;)
        got += (size_t)n;
    assert_true(g_str_has_prefix(answer, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(answer, "\"status\""));
    assert_null(strstr(answer, "strict-transport-security"));
    assert_non_null(strstr(answer, "wss://127.0.0.1"));
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
}

/* Serial number of the certificate that a new connection is shown, as hex. Returned owned. */
static char *serial_shown(House *house)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    int fd = client_connect(port_of(house));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    X509 *cert = SSL_get1_peer_certificate(tls);
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), NULL);
    char *hex = BN_bn2hex(number), *copy = g_strdup(hex);
    OPENSSL_free(hex);
    BN_free(number);
    X509_free(cert);
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
    return copy;
}

static void the_authority_can_be_downloaded_by_who_has_an_account(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_auto(ApiResponse) none = {0}, refused = {0}, given = {0};
    house_ask(house, officer, "GET /api/v1/authority.crt", NULL, &none);
    assert_int_equal(none.status, 404); /* no TLS: none is made */
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    http_server_stop(house->server);
    house_serve(house, &config);
    house_ask(house, NULL, "GET /api/v1/authority.crt", NULL, &refused);
    assert_int_equal(refused.status, 401);
    house_ask(house, officer, "GET /api/v1/authority.crt", NULL, &given);
    assert_int_equal(given.status, 200);
    g_autofree char *file = NULL;
    size_t size;
    assert_true(g_file_get_contents(http_server_ca(house->server), &file, &size, NULL));
    assert_int_equal(given.bytes->size, size);
    assert_memory_equal(given.bytes->data, file, size);
    assert_non_null(strstr(file, "BEGIN CERTIFICATE"));
    assert_null(strstr(file, "PRIVATE KEY"));
}

static void a_renewed_certificate_is_taken_up_without_a_restart(void **state)
{
    House *house = *state;
    g_autofree char *given = g_build_filename(house->folder, "given", NULL);
    g_autofree char *other = g_build_filename(house->folder, "other", NULL);
    g_auto(OwnCa) first = {0}, second = {0};
    assert_true(own_ca_prepare(given, NULL, &first, NULL));
    assert_true(own_ca_prepare(other, NULL, &second, NULL));
    http_server_stop(house->server);
    HttpConfig config = {
        .host = "127.0.0.1", .cert_file = first.cert_file, .key_file = first.key_file};
    house_serve(house, &config);
    g_autofree char *before = serial_shown(house);
    assert_int_equal(rename(second.key_file, first.key_file), 0);
    assert_int_equal(rename(second.cert_file, first.cert_file), 0);
    http_server_look_at_certificate(house->server);
    for (int i = 0; i < 300; i++) {
        g_autofree char *now = serial_shown(house);
        if (strcmp(before, now) != 0)
            return;
        g_usleep(10000);
    }
    fail_msg("the old certificate is still shown after 3 s");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_served, house_close)
    const struct CMUnitTest tests[] = {
        TEST(our_own_authority_is_enough_for_a_client_that_knows_it),
        TEST(the_authority_can_be_downloaded_by_who_has_an_account),
        TEST(a_renewed_certificate_is_taken_up_without_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
