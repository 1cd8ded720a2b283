#include "base/json.h"
#include "base/secret.h"
#include "ledger/line.h"
#include "unit.h"

static NodeKey *test_key(void)
{
    static const uint8_t seed[NODE_KEY_SEED_BYTES] = {7};
    return node_key_from_seed(seed);
}

static GString *sample(const NodeKey *key)
{
    Uuid camera = uuid_new();
    Hash prev = hash_of("x", 1);
    GString *line = line_new("hold");
    line_put_int(line, "seq", 12);
    line_put_uuid(line, "camera", &camera);
    line_put_int(line, "least", INT64_MIN);
    line_put_text(line, "reason", "Cổng chợ: \"say\" \\ tab\t 😀");
    line_put_name(line, "gaps");
    g_string_append(line, "[[1,-2,\"a[\"],[]]");
    line_put_hash(line, "prev", &prev);
    line_sign(line, key);
    line_put_base64(line, "leaves", "abcd", 4);
    line_close(line);
    g_string_truncate(line, line->len - 1);
    return line;
}

static void a_line_is_read_back_as_it_was_written(void **state)
{
    g_autoptr(NodeKey) key = test_key();
    g_autoptr(GString) line = sample(key);
    LineReader reader = line_reader(line->str, line->len);
    line_read_start(&reader, "hold");
    assert_int_equal(line_read_int(&reader, "seq"), 12);
    Uuid camera = line_read_uuid(&reader, "camera");
    assert_false(uuid_is_nil(&camera));
    assert_true(line_read_int(&reader, "least") == INT64_MIN);
    g_autofree char *reason = line_read_text(&reader, "reason");
    assert_string_equal(reason, "Cổng chợ: \"say\" \\ tab\t 😀");
    line_read_array(&reader, "gaps");
    assert_true(line_read_item(&reader));
    line_read_array(&reader, NULL);
    assert_true(line_read_item(&reader));
    assert_int_equal(line_read_int(&reader, NULL), 1);
    assert_true(line_read_item(&reader));
    assert_int_equal(line_read_int(&reader, NULL), -2);
    char text[4];
    assert_true(line_read_item(&reader));
    line_read_chars(&reader, NULL, text, sizeof text);
    assert_string_equal(text, "a[");
    assert_false(line_read_item(&reader));
    assert_true(line_read_item(&reader));
    line_read_array(&reader, NULL);
    assert_false(line_read_item(&reader));
    assert_false(line_read_item(&reader));
    line_read_hash(&reader, "prev");
    LineSeal seal;
    line_read_seal(&reader, &seal);
    assert_true(
        signature_holds(node_key_public(key), line->str, seal.signed_bytes, seal.signature));
    size_t size;
    g_autofree uint8_t *leaves = line_read_base64(&reader, "leaves", 100, &size);
    assert_int_equal(size, 4);
    assert_memory_equal(leaves, "abcd", 4);
    assert_true(line_read_end(&reader));
}

static void a_line_is_ascii_and_json_to_others(void **state)
{
    g_autoptr(NodeKey) key = test_key();
    g_autoptr(GString) line = sample(key);
    for (size_t i = 0; i < line->len; i++)
        assert_in_range(line->str[i], 0x20, 0x7e);
    g_autoptr(Json) json = json_parse(line->str, line->len, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "reason")),
                        "Cổng chợ: \"say\" \\ tab\t 😀");
}

static void the_signed_bytes_end_before_the_signature(void **state)
{
    g_autoptr(NodeKey) key = test_key();
    g_autoptr(GString) line = sample(key);
    LineHead head;
    assert_true(line_read_head(line->str, line->len, &head));
    assert_string_equal(head.type, "hold");
    assert_int_equal(head.seq, 12);
    assert_ptr_equal(strstr(line->str, ",\"sig\""), line->str + head.seal.signed_bytes);
    Hash hash = hash_of(line->str, head.seal.signed_bytes);
    assert_true(hash_equal(&hash, &head.seal.hash));
}

static void other_ways_to_write_the_same_are_refused(void **state)
{
    const char *const wrong[] = {
        "{\"v\":1,\"type\":\"t\",\"n\": 1}",   "{\"v\":1,\"type\":\"t\",\"n\":01}",
        "{\"v\":1,\"type\":\"t\",\"n\":-0}",   "{\"v\":1,\"type\":\"t\",\"n\":+1}",
        "{\"v\":1,\"type\":\"t\",\"n\":1.0}",  "{\"v\":1,\"type\":\"t\",\"n\":1e3}",
        "{\"v\":1,\"type\":\"t\",\"n\":}",     "{\"v\":1,\"type\":\"t\",\"m\":1}",
        "{\"v\":1,\"type\":\"t\",\"n\":1} ",   "{\"v\":1,\"type\":\"t\",\"n\":1,}",
        "{\"v\":1,\"type\":\"t\",\"n\":true}", "{\"v\":2,\"type\":\"t\",\"n\":1}",
        "{\"v\":1,\"type\":\"u\",\"n\":1}",    "{\"v\":1,\"type\":\"t\",\"n\":9223372036854775808}",
        "{\"v\":1,\"type\":\"t\",\"n\":1",     "",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        LineReader reader = line_reader(wrong[i], strlen(wrong[i]));
        line_read_start(&reader, "t");
        line_read_int(&reader, "n");
        assert_false(line_read_end(&reader));
    }
}

static void texts_that_the_writer_does_not_make_are_refused(void **state)
{
    const char *const wrong[] = {"\"a",         "\"\\u0041\"",       "\"\\u00E1\"", "\"\\n\"",
                                 "\"\\ud800\"", "\"\\udc00\"",       "\"\\u0000\"", "\"\xc3\xa1\"",
                                 "\"\\/\"",     "\"\\ud83d\\u0041\""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        LineReader reader = line_reader(wrong[i], strlen(wrong[i]));
        g_autofree char *text = line_read_text(&reader, NULL);
        assert_null(text);
        assert_true(reader.failed);
    }
}

static void base64_with_loose_ends_is_refused(void **state)
{
    const char *const wrong[] = {"\"YWJj\\n\"", "\"YWJ\"",  "\"YWI=YWI=\"",
                                 "\"YWJ=\"",    "\"YW=j\"", "\"YWJjZA==\""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        LineReader reader = line_reader(wrong[i], strlen(wrong[i]));
        size_t size;
        g_autofree uint8_t *data = line_read_base64(&reader, NULL, 3, &size);
        assert_null(data);
        assert_true(reader.failed);
    }
}

static void a_fingerprint_is_known_however_it_is_copied(void **state)
{
    g_autoptr(NodeKey) key = test_key();
    char fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(key), fingerprint);
    assert_true(public_key_has_fingerprint(node_key_public(key), fingerprint));
    g_autofree char *upper = g_ascii_strup(fingerprint, -1);
    assert_true(public_key_has_fingerprint(node_key_public(key), upper));
    assert_true(g_str_has_prefix(node_key_id(key), "") && strlen(node_key_id(key)) == 16);
    fingerprint[39] = '\0';
    assert_true(public_key_has_fingerprint(node_key_public(key), fingerprint));
    fingerprint[38] = '\0';
    assert_false(fingerprint_plausible(fingerprint));
    assert_false(public_key_has_fingerprint(node_key_public(key), node_key_id(key)));
    assert_false(fingerprint_plausible("not a fingerprint"));
}

/* What two items and the end make of `text`. */
static bool is_a_pair(const char *text)
{
    LineReader reader = line_reader(text, strlen(text));
    line_read_start(&reader, "t");
    line_read_array(&reader, "n");
    line_read_next(&reader);
    line_read_int(&reader, NULL);
    line_read_next(&reader);
    line_read_int(&reader, NULL);
    line_read_close(&reader);
    return line_read_end(&reader);
}

static void an_array_of_a_known_length_has_that_length(void **state)
{
    assert_true(is_a_pair("{\"v\":1,\"type\":\"t\",\"n\":[1,2]}"));
    assert_false(is_a_pair("{\"v\":1,\"type\":\"t\",\"n\":[1]}"));
    assert_false(is_a_pair("{\"v\":1,\"type\":\"t\",\"n\":[1]]}"));
    assert_false(is_a_pair("{\"v\":1,\"type\":\"t\",\"n\":[]]]}"));
    assert_false(is_a_pair("{\"v\":1,\"type\":\"t\",\"n\":[1,2,3]}"));
}

static int start(void **state)
{
    secret_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_back_as_it_was_written),
        cmocka_unit_test(a_line_is_ascii_and_json_to_others),
        cmocka_unit_test(the_signed_bytes_end_before_the_signature),
        cmocka_unit_test(other_ways_to_write_the_same_are_refused),
        cmocka_unit_test(texts_that_the_writer_does_not_make_are_refused),
        cmocka_unit_test(base64_with_loose_ends_is_refused),
        cmocka_unit_test(an_array_of_a_known_length_has_that_length),
        cmocka_unit_test(a_fingerprint_is_known_however_it_is_copied),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
