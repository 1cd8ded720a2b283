#include "base/fold.h"
#include "base/spoken.h"
#include "unit.h"

#include <string.h>

static void no_two_words_are_alike_even_without_their_marks(void **state)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < 256; i++) {
        const uint8_t byte = (uint8_t)i;
        g_autofree char *word = spoken_words(&byte, 1);
        char *folded = fold_text(word);
        assert_true(strlen(folded) >= 2);
        assert_null(strchr(folded, ' '));
        if (!g_hash_table_add(seen, folded))
            fail_msg("‘%s’ sounds like another", word);
    }
}

static void each_byte_is_a_word_in_its_order(void **state)
{
    const uint8_t bytes[] = {0, 255, 0};
    g_autofree char *first = spoken_words(bytes, 1), *last = spoken_words(bytes + 1, 1);
    g_autofree char *all = spoken_words(bytes, 3), *none = spoken_words(bytes, 0);
    g_autofree char *wanted = g_strdup_printf("%s %s %s", first, last, first);
    assert_string_equal(all, wanted);
    assert_string_equal(none, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_words_are_alike_even_without_their_marks),
        cmocka_unit_test(each_byte_is_a_word_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
