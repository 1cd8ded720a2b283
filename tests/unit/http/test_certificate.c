/* A certificate of one's own: what is refused and why, and that a new connection sees what was
 * taken. */
#include "api_ask.h"
#include "base/file.h"
#include "client.h"
#include "made_certificate.h"
#include "unit.h"

#include <openssl/ssl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_with_tls(void **state)
{
    if (house_open(state) != 0)
        return -1;
    House *house = *state;
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    house_serve(house, &config);
    return 0;
}

/* SHA-256 of the certificate that a new connection sees, hex; and how many come with it. Owned. */
static char *shown(House *house, int *chain)
{
    unsigned char digest[32];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    int fd = client_connect(http_server_port(house->server));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    X509 *cert = SSL_get1_peer_certificate(tls);
    X509_digest(cert, EVP_sha256(), digest, NULL);
    if (chain)
        *chain = sk_X509_num(SSL_get_peer_cert_chain(tls));
    X509_free(cert);
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
    GString *hex = g_string_new(NULL);
    for (size_t i = 0; i < sizeof digest; i++)
        g_string_append_printf(hex, "%02x", digest[i]);
    return g_string_free(hex, FALSE);
}

/* The head of an answer on a new connection. Owned. */
static char *answer_head(House *house)
{
    static const char question[] = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    char answer[4096];
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    int fd = client_connect(http_server_port(house->server));
    SSL_set_fd(tls, fd);
    assert_int_equal(SSL_connect(tls), 1);
    assert_int_equal(SSL_write(tls, question, sizeof question - 1), sizeof question - 1);
    int size = SSL_read(tls, answer, sizeof answer);
    assert_true(size > 0);
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
    return g_strndup(answer, (gsize)size);
}

static char *body_of(const char *chain, const char *key, const char *address)
{
    g_autoptr(Json) body =
        json_pack("{s:s, s:s, s:s*}", "chain", chain, "key", key, "address", address);
    return json_line(body);
}

static Json *look(House *house, const char *chain, const char *key, int status)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *body = body_of(chain, key, "cam.example");
    return ask(house, admin, "POST /certificate/check", "POST /api/v1/certificate/check", body,
               status);
}

static void expect_fault(House *house, const char *chain, const char *key, const char *code)
{
    g_autoptr(Json) problem = look(house, chain, key, 422);
    assert_string_equal(text_of(problem, "cause_code"), code);
}

static void expect_made(House *house, const MakeOptions *options, const char *code)
{
    Made one = made(options);
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    expect_fault(house, cert, key, code);
    made_clear(&one);
}

static void what_browsers_would_refuse_is_refused_and_why_is_told(void **state)
{
    House *house = *state;
    const char *alt = "DNS:cam.example";
    Made authority = made(&(MakeOptions){.name = "A", .authority = 1});
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .from_days = -9, .to_days = -1},
                "tls-expired");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .from_days = 2}, "tls-not-yet");
    expect_made(house, &(MakeOptions){.name = "x"}, "tls-no-names");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .authority = 1},
                "tls-not-for-servers");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .rsa_bits = 1024}, "tls-too-weak");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .rsa_bits = 5120},
                "tls-key-unusual");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .curve = "P-521"},
                "tls-key-unusual");
    expect_made(house, &(MakeOptions){.name = "x", .alt = alt, .signer = &authority},
                "tls-chain-incomplete");
    made_clear(&authority);
}

static void a_key_that_does_not_fit_is_told_apart_from_one_that_cannot_be_read(void **state)
{
    House *house = *state;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example"});
    Made other = made(&(MakeOptions){.name = "y", .alt = "DNS:cam.example"});
    g_autofree char *cert = made_cert_pem(&one), *foreign = made_key_pem(&other, NULL),
                    *locked = made_key_pem(&one, "geheim"), *key = made_key_pem(&one, NULL);
    expect_fault(house, cert, foreign, "tls-key-foreign");
    Made torn = made_torn(&one, &other);
    g_autofree char *half = made_key_pem(&torn, NULL);
    expect_fault(house, cert, half, "tls-key-foreign");
    made_clear(&torn);
    expect_fault(house, cert, locked, "tls-key-encrypted");
    expect_fault(house, cert, "", "tls-key-unreadable");
    expect_fault(house, cert, cert, "tls-key-unreadable");
    expect_fault(house, "", key, "tls-certificate-unreadable");
    expect_fault(house,
                 "rubbish \x01 -----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key,
                 "tls-certificate-unreadable");
    made_clear(&one);
    made_clear(&other);
}

static void what_is_too_large_is_not_even_read(void **state)
{
    House *house = *state;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example"});
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    g_autofree char *giant = g_strnfill(70 << 10, '-');
    g_autoptr(GString) many = g_string_new(NULL);
    for (int i = 0; i < 11; i++)
        g_string_append(many, cert);
    expect_fault(house, giant, key, "tls-too-large");
    expect_fault(house, cert, giant, "tls-too-large");
    expect_fault(house, many->str, key, "tls-too-large");
    made_clear(&one);
}

static void a_chain_in_any_order_is_shown_in_order_to_the_next_connection(void **state)
{
    House *house = *state;
    Made root = made(&(MakeOptions){.name = "Root", .authority = 1});
    Made between = made(&(MakeOptions){.name = "Between", .authority = 1, .signer = &root});
    Made leaf = made(&(MakeOptions){.name = "Commune",
                                    .alt = "DNS:cam.example,IP:127.0.0.1",
                                    .signer = &between,
                                    .rsa_bits = 2048}); /* ours has an elliptic curve */
    g_autofree char *root_pem = made_cert_pem(&root), *between_pem = made_cert_pem(&between),
                    *leaf_pem = made_cert_pem(&leaf), *key = made_key_pem(&leaf, NULL);
    g_autofree char *chain = g_strconcat(root_pem, key, between_pem, leaf_pem, NULL);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *before = shown(house, NULL);
    g_autofree char *body = body_of(chain, key, "cam.example");
    g_autoptr(Json) taken =
        ask(house, admin, "PUT /certificate", "PUT /api/v1/certificate", body, 200);
    int certificates;
    g_autofree char *after = shown(house, &certificates);
    assert_string_equal(after, text_of(taken, "fingerprint"));
    assert_int_equal(certificates, 2); /* the root is the phone's own */
    assert_string_equal(text_of(taken, "issuer"), "Between");
    assert_string_equal(text_of(taken, "source"), "app");
    assert_true(json_is_true(json_object_get(taken, "covers")));
    assert_null(house->api.ca_file); /* phones need ours no more */
    /* Kept for us alone, and over a restart. */
    struct stat facts;
    g_autofree char *file = g_build_filename(house->folder, "keys", "site-tls.pem", NULL);
    assert_int_equal(stat(file, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    http_server_stop(house->server);
    HttpConfig config = {.host = "127.0.0.1", .data_dir = house->folder};
    house_serve(house, &config);
    g_autofree char *again = shown(house, NULL);
    assert_string_equal(again, after);
    /* One call brings ours back, and the key is gone. */
    fits(house, admin, "DELETE /certificate", "DELETE /api/v1/certificate", NULL, 200);
    g_autofree char *back = shown(house, NULL);
    assert_string_equal(back, before);
    assert_int_equal(access(file, F_OK), -1);
    assert_non_null(house->api.ca_file);
    made_clear(&root);
    made_clear(&between);
    made_clear(&leaf);
}

static void one_that_is_not_for_the_address_in_use_is_taken_only_on_purpose(void **state)
{
    House *house = *state;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example"});
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *body = body_of(cert, key, "192.0.2.7");
    g_autofree char *before = shown(house, NULL);
    g_autoptr(Json) problem =
        ask(house, admin, "PUT /certificate", "PUT /api/v1/certificate", body, 422);
    assert_string_equal(text_of(problem, "cause_code"), "tls-uncovered");
    g_autofree char *same = shown(house, NULL);
    assert_string_equal(before, same);
    g_autofree char *on_purpose =
        g_strdup_printf("%.*s,\"uncovered\":true}", (int)strlen(body) - 1, body);
    fits(house, admin, "PUT /certificate", "PUT /api/v1/certificate", on_purpose, 200);
    g_autofree char *after = shown(house, NULL);
    assert_string_not_equal(before, after);
    made_clear(&one);
}

static void given_files_are_told_and_cannot_be_replaced_in_the_app(void **state)
{
    House *house = *state;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example"});
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    g_autofree char *cert_file = g_build_filename(house->folder, "given.pem", NULL);
    g_autofree char *key_file = g_build_filename(house->folder, "given.key", NULL);
    assert_true(file_write_atomic(cert_file, cert, strlen(cert), 0644, NULL));
    assert_true(file_write_atomic(key_file, key, strlen(key), 0600, NULL));
    http_server_stop(house->server);
    HttpConfig config = {.host = "127.0.0.1",
                         .data_dir = house->folder,
                         .cert_file = cert_file,
                         .key_file = key_file};
    house_serve(house, &config);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) now =
        ask(house, admin, "GET /certificate", "GET /api/v1/certificate?address=x", NULL, 200);
    assert_string_equal(text_of(now, "source"), "files");
    assert_true(json_is_false(json_object_get(now, "covers")));
    g_autofree char *head = answer_head(house); /* no browser knows who made it */
    assert_non_null(strstr(head, "content-security-policy"));
    assert_null(strstr(head, "strict-transport-security"));
    g_autofree char *body = body_of(cert, key, "cam.example");
    fits(house, admin, "PUT /certificate", "PUT /api/v1/certificate", body, 403);
    fits(house, admin, "DELETE /certificate", "DELETE /api/v1/certificate", NULL, 403);
    made_clear(&one);
}

static void a_change_stands_in_the_audit_log_and_the_key_nowhere(void **state)
{
    House *house = *state;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example"});
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *body = body_of(cert, key, NULL);
    g_autoptr(Json) taken =
        ask(house, admin, "PUT /certificate", "PUT /api/v1/certificate", body, 200);
    g_autofree char *told = json_line(taken);
    assert_null(strstr(told, "PRIVATE"));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(Json) page = ask(house, admin, "GET /audit", "GET /api/v1/audit", NULL, 200);
    g_autofree char *lines = json_line(page);
    assert_non_null(strstr(lines, "\"tls-edit\""));
    assert_non_null(strstr(lines, "\"tls_source\",\"before\":\"own\",\"after\":\"app\""));
    assert_null(strstr(lines, "PRIVATE"));
    made_clear(&one);
}

/* As the figures tell it. */
static double seconds_left(House *house)
{
    static const char name[] = "\nvonglau_tls_certificate_left_seconds ";
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, admin, "GET /metrics", NULL, &answer);
    g_autofree char *text = g_strndup((const char *)answer.bytes->data, answer.bytes->size);
    const char *at = strstr(text, name);
    assert_non_null(at);
    return g_ascii_strtod(at + strlen(name), NULL);
}

static void figures_tell_when_the_one_that_is_shown_ends_and_read_no_file_for_it(void **state)
{
    House *house = *state;
    const double day = 86400;
    Made one = made(&(MakeOptions){.name = "x", .alt = "DNS:cam.example", .to_days = 3});
    g_autofree char *cert = made_cert_pem(&one), *key = made_key_pem(&one, NULL);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *body = body_of(cert, key, NULL);
    assert_true(seconds_left(house) > 300 * day); /* of our own authority */
    fits(house, admin, "PUT /certificate", "PUT /api/v1/certificate", body, 200);
    g_autofree char *after = shown(house, NULL); /* it is shown by now */
    g_autofree char *file = g_build_filename(house->folder, "keys", "site-tls.pem", NULL);
    assert_int_equal(unlink(file), 0);
    assert_true(seconds_left(house) > 2 * day && seconds_left(house) <= 3 * day);
    made_clear(&one);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_with_tls, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_browsers_would_refuse_is_refused_and_why_is_told),
        TEST(a_key_that_does_not_fit_is_told_apart_from_one_that_cannot_be_read),
        TEST(what_is_too_large_is_not_even_read),
        TEST(a_chain_in_any_order_is_shown_in_order_to_the_next_connection),
        TEST(one_that_is_not_for_the_address_in_use_is_taken_only_on_purpose),
        TEST(given_files_are_told_and_cannot_be_replaced_in_the_app),
        TEST(figures_tell_when_the_one_that_is_shown_ends_and_read_no_file_for_it),
        TEST(a_change_stands_in_the_audit_log_and_the_key_nowhere),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
