/* Web Push against the examples of the standards, and read back as a browser and a service do. */
#include "base/p256.h"
#include "notify/push_seal.h"
#include "unit.h"

#include <glib.h>
#include <string.h>

/* RFC 8291 appendix A. */
#define READER_POINT \
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define READER_AUTH "BTBZMqHH6r4Tts7J_aSIgg"
#define SENDER_SECRET "yfWPiYE+n46HLnH0KqZOF1fJJU3MYrct3AELtAQ+oRw="
#define SALT "DGv6ra1nlYgDCS1FRnbzlw=="
#define PLAIN "When I grow up, I want to be a watermelon"
#define SEALED                                                                             \
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc" \
    "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV" \
    "WGNWQexSgSxsj_Qulcy4a-fN"

static void the_example_of_the_standard_is_sealed_to_the_byte(void **state)
{
    gsize secret_size, salt_size, size;
    g_autofree uint8_t *secret = g_base64_decode(SENDER_SECRET, &secret_size);
    g_autofree uint8_t *salt = g_base64_decode(SALT, &salt_size);
    PushReader reader;
    assert_true(push_reader_parse(READER_POINT, READER_AUTH, &reader, NULL));
    g_autoptr(PushKey) once = push_key_of(secret, NULL);
    assert_non_null(once);
    g_autoptr(GBytes) body = push_seal(&reader, once, salt, PLAIN, strlen(PLAIN), NULL);
    const void *data = g_bytes_get_data(body, &size);
    g_autofree char *text = push_base64(data, size);
    assert_string_equal(text, SEALED);
}

static void a_key_is_the_same_after_it_was_kept(void **state)
{
    uint8_t secret[PUSH_SECRET_BYTES], point[PUSH_POINT_BYTES], again[PUSH_POINT_BYTES];
    g_autoptr(PushKey) key = push_key_new();
    push_key_secret(key, secret);
    push_key_point(key, point);
    g_autoptr(PushKey) kept = push_key_of(secret, NULL);
    push_key_point(kept, again);
    assert_memory_equal(point, again, sizeof point);
}

static void what_is_no_key_is_refused(void **state)
{
    PushReader reader;
    static const uint8_t zeros[PUSH_SECRET_BYTES] = {0};
    uint8_t ones[PUSH_SECRET_BYTES];
    memset(ones, 0xff, sizeof ones);
    assert_null(push_key_of(zeros, NULL));
    assert_null(push_key_of(ones, NULL));
    static const char *const points[] = {
        "", "BCVx", "A" READER_POINT, READER_POINT "=====",
        /* compressed, and one bit beside the curve */
        "AyVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAi w"};
    for (size_t i = 0; i < G_N_ELEMENTS(points); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(push_reader_parse(points[i], READER_AUTH, &reader, &error));
        assert_non_null(error);
    }
    assert_false(push_reader_parse(READER_POINT, "BTBZMqHH6r4Tts7J_aSI", &reader, NULL));
    assert_true(push_reader_parse(READER_POINT "=", "BTBZMqHH6r4Tts7J/aSIgg==", &reader, NULL));
}

/* ---- as a push service reads the token ---- */

static uint8_t *from_base64(const char *text, gsize *size)
{
    g_autoptr(GString) plain = g_string_new(text);
    for (char *at = plain->str; *at; at++)
        *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    while (plain->len % 4)
        g_string_append_c(plain, '=');
    return g_base64_decode(plain->str, size);
}

static void the_token_says_for_whom_until_when_by_whom_and_is_signed(void **state)
{
    uint8_t point[PUSH_POINT_BYTES];
    g_autoptr(PushKey) key = push_key_new();
    push_key_point(key, point);
    g_autofree char *own = push_base64(point, sizeof point);
    g_autofree char *token =
        push_token(key, "https://push.example", "mailto:a@b.example", 1800000000);
    assert_true(g_str_has_prefix(token, "vapid t="));
    g_auto(GStrv) halves = g_strsplit(token + strlen("vapid t="), ", k=", 2);
    assert_string_equal(halves[1], own);
    g_auto(GStrv) parts = g_strsplit(halves[0], ".", 3);
    gsize size;
    g_autofree char *claims = (char *)from_base64(parts[1], &size);
    g_autofree char *text = g_strndup(claims, size);
    assert_string_equal(
        text,
        "{\"aud\":\"https://push.example\",\"exp\":1800000000,\"sub\":\"mailto:a@b.example\"}");
    g_autofree uint8_t *signature = from_base64(parts[2], &size);
    assert_int_equal(size, 64);
    g_autofree char *signed_text = g_strconcat(parts[0], ".", parts[1], NULL);
    assert_true(p256_holds(point, signature, signed_text));
    signature[5] ^= 1;
    assert_false(p256_holds(point, signature, signed_text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_standard_is_sealed_to_the_byte),
        cmocka_unit_test(a_key_is_the_same_after_it_was_kept),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(the_token_says_for_whom_until_when_by_whom_and_is_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
