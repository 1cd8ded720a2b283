#include "base/secret.h"
#include "people/totp.h"
#include "unit.h"

#include <string.h>

/* base32 of "12345678901234567890", the secret of RFC 6238, appendix B */
static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static void codes_are_those_of_the_standard(void **state)
{
    /* Appendix B tells eight digits; of six, the last six. */
    const struct {
        int64_t now_s;
        const char *code;
    } vectors[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        int64_t step = 0;
        assert_true(totp_take(secret, vectors[i].code, vectors[i].now_s, &step));
        assert_int_equal(step, vectors[i].now_s / 30);
    }
}

static void a_code_holds_one_step_before_and_one_after_its_own(void **state)
{
    const int64_t own_s = 1111111109 / 30 * 30;
    for (int64_t late = -3; late <= 3; late++) {
        int64_t step = 0;
        assert_int_equal(totp_take(secret, "081804", own_s + late * 30, &step),
                         late >= -1 && late <= 1);
    }
}

static void a_code_is_never_taken_twice_nor_one_from_before_it(void **state)
{
    int64_t step = 0;
    assert_true(totp_take(secret, "050471", 1111111111, &step)); /* the step after the next one's */
    assert_false(totp_take(secret, "050471", 1111111111, &step));
    assert_false(totp_take(secret, "081804", 1111111111, &step));
    assert_int_equal(step, 1111111111 / 30);
}

static void wrong_codes_and_damaged_secrets_are_refused(void **state)
{
    static const char *const wrong[] = {"", "05047", "0504711", "050472", "abcdef", "05047\x80"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        int64_t step = 0;
        assert_false(totp_take(secret, wrong[i], 1111111111, &step));
        assert_int_equal(step, 0);
    }
    int64_t step = 0;
    assert_false(totp_take("not base32!", "050471", 1111111111, &step));
}

static void a_new_secret_has_160_bits_and_no_two_are_alike(void **state)
{
    secret_auto char *one = totp_secret_new();
    secret_auto char *other = totp_secret_new();
    assert_int_equal(strlen(one), 32);
    assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 32);
    assert_string_not_equal(one, other);
}

static void the_address_for_the_app_names_site_and_person(void **state)
{
    g_autofree char *uri = totp_uri("ABC", "Xã Tủa Chùa: an ninh", "lan@xã");
    assert_string_equal(uri, "otpauth://totp/X%C3%A3%20T%E1%BB%A7a%20Ch%C3%B9a%3A%20an%20ninh:"
                             "lan%40x%C3%A3?secret=ABC&issuer=X%C3%A3%20T%E1%BB%A7a%20Ch%C3%B9a"
                             "%3A%20an%20ninh&algorithm=SHA1&digits=6&period=30");
}

static void a_code_may_be_typed_with_blanks_and_hyphens(void **state)
{
    g_autofree char *spaced = code_fold(" 123 456 ");
    g_autofree char *small = code_fold("abcd-efgh-ijkl-mnop");
    assert_string_equal(spaced, "123456");
    assert_string_equal(small, "ABCDEFGHIJKLMNOP");
    assert_true(code_is_totp(spaced));
    assert_false(code_is_totp(small) || code_is_totp("12345") || code_is_totp("1234567"));
}

static void each_recovery_code_is_good_once(void **state)
{
    char *hashes = NULL;
    g_auto(GStrv) codes = recovery_new(&hashes);
    assert_int_equal(g_strv_length(codes), RECOVERY_CODES);
    assert_int_equal(recovery_left(hashes), RECOVERY_CODES);
    for (int i = RECOVERY_CODES - 1; i >= 0; i--) {
        g_autofree char *folded = code_fold(codes[i]);
        assert_null(strstr(hashes, folded));
        char *left = recovery_take(hashes, folded);
        assert_non_null(left);
        g_free(hashes);
        hashes = left;
        assert_int_equal(recovery_left(hashes), i);
        assert_null(recovery_take(hashes, folded));
    }
    assert_null(recovery_take(NULL, "ABCDEFGHIJKLMNOP"));
    assert_null(recovery_take(hashes, ""));
    g_free(hashes);
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(a_code_holds_one_step_before_and_one_after_its_own),
        cmocka_unit_test(a_code_is_never_taken_twice_nor_one_from_before_it),
        cmocka_unit_test(wrong_codes_and_damaged_secrets_are_refused),
        cmocka_unit_test(a_new_secret_has_160_bits_and_no_two_are_alike),
        cmocka_unit_test(the_address_for_the_app_names_site_and_person),
        cmocka_unit_test(a_code_may_be_typed_with_blanks_and_hyphens),
        cmocka_unit_test(each_recovery_code_is_good_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
