#include "base/file.h"
#include "http/tls_own_ca.h"
#include "unit.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int make_folder(void **state)
{
    folder = g_dir_make_tmp("vonglau-ca-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"ca.key", "ca.pem", "tls.key", "tls.pem"};
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(keys, names[i], NULL);
        unlink(path);
    }
    rmdir(keys);
    rmdir(folder);
    g_clear_pointer(&folder, g_free);
    return 0;
}

static X509 *cert_of(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    X509 *cert = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    assert_non_null(cert);
    return cert;
}

static char *text_of(const char *path)
{
    char *text = file_read(path, 1 << 20, NULL, NULL);
    assert_non_null(text);
    return text;
}

static void a_leaf_names_the_machine_and_lives_398_days_at_most(void **state)
{
    g_auto(OwnCa) ca = {0};
    GError *error = NULL;
    assert_true(own_ca_prepare(folder, "192.0.2.7", &ca, &error));
    assert_true(tls_check_pair(ca.cert_file, ca.key_file, &error));
    X509 *leaf = cert_of(ca.cert_file), *authority = cert_of(ca.ca_pem);
    EVP_PKEY *key = X509_get_pubkey(authority);
    assert_int_equal(X509_verify(leaf, key), 1);
    assert_int_equal(X509_check_ip_asc(leaf, "192.0.2.7", 0), 1);
    assert_int_equal(X509_check_ip_asc(leaf, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_host(leaf, "localhost", 0, 0, NULL), 1);
    int days, seconds;
    ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(leaf), X509_get0_notAfter(leaf));
    assert_in_range(days, 300, 398);
    assert_true(X509_get_extension_flags(authority) & EXFLAG_CA);
    assert_false(X509_get_extension_flags(leaf) & EXFLAG_CA);
    EVP_PKEY_free(key);
    X509_free(leaf);
    X509_free(authority);
    g_autofree char *ca_key = g_build_filename(folder, "keys", "ca.key", NULL);
    struct stat facts;
    stat(ca_key, &facts);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void a_second_start_keeps_both_and_a_new_address_makes_a_new_leaf(void **state)
{
    g_auto(OwnCa) first = {0}, second = {0}, third = {0};
    assert_true(own_ca_prepare(folder, "192.0.2.7", &first, NULL));
    g_autofree char *leaf_1 = text_of(first.cert_file), *ca_1 = text_of(first.ca_pem);
    assert_true(own_ca_prepare(folder, "192.0.2.7", &second, NULL));
    g_autofree char *leaf_2 = text_of(first.cert_file);
    assert_string_equal(leaf_1, leaf_2);
    assert_true(own_ca_prepare(folder, "192.0.2.8", &third, NULL));
    g_autofree char *leaf_3 = text_of(first.cert_file), *ca_3 = text_of(first.ca_pem);
    assert_string_not_equal(leaf_1, leaf_3);
    assert_string_equal(ca_1, ca_3);
}

static void a_damaged_authority_is_told_and_not_replaced(void **state)
{
    g_auto(OwnCa) ca = {0}, again = {0};
    g_autoptr(GError) error = NULL;
    assert_true(own_ca_prepare(folder, NULL, &ca, NULL));
    assert_true(file_write_atomic(ca.ca_pem, "rubbish", 7, 0644, NULL));
    assert_false(own_ca_prepare(folder, NULL, &again, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    g_autofree char *kept = text_of(ca.ca_pem);
    assert_string_equal(kept, "rubbish");
}

static void a_key_of_another_certificate_is_told(void **state)
{
    g_auto(OwnCa) ca = {0};
    g_autoptr(GError) error = NULL;
    assert_true(own_ca_prepare(folder, NULL, &ca, NULL));
    assert_false(tls_check_pair(ca.ca_pem, ca.key_file, &error));
    assert_non_null(strstr(error->message, "is not that of"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_leaf_names_the_machine_and_lives_398_days_at_most,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(
            a_second_start_keeps_both_and_a_new_address_makes_a_new_leaf, make_folder,
            remove_folder),
        cmocka_unit_test_setup_teardown(a_damaged_authority_is_told_and_not_replaced, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_key_of_another_certificate_is_told, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
