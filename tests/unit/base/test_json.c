#include "base/json.h"
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A sanitizer's memory is not the heap that is looked through: with it, only that nothing is
 * touched after it was given back is tried. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { HEAP_IS_SEEN = false };
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { HEAP_IS_SEEN = false };
#else
enum { HEAP_IS_SEEN = true };
#endif
#else
enum { HEAP_IS_SEEN = true };
#endif

enum { SECRET_BYTES = 2000, NEEDLE_AT = 64, NEEDLE_BYTES = 32 };

/* Letters that stand nowhere else; what is looked for is made byte by byte, so that the question is
 * not its own answer. */
static char secret_letter(size_t i)
{
    return (char)('a' + (i * 7 + i / 11) % 26);
}

static bool is_there(const char *at)
{
    for (size_t i = 0; i < NEEDLE_BYTES; i++)
        if (at[i] != secret_letter(NEEDLE_AT + i))
            return false;
    return true;
}

/* Is the secret in memory that malloc has, or had? */
static bool heap_holds_secret(void)
{
    char line[512];
    uintptr_t from = 0, to = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        if (strstr(line, "[heap]"))
            assert_int_equal(sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to), 2);
    fclose(maps);
    for (uintptr_t at = from; at + NEEDLE_BYTES <= to; at++)
        if (is_there((const char *)at))
            return true;
    return false;
}

static void what_a_text_held_is_wiped_when_it_is_given_back(void **state)
{
    char text[SECRET_BYTES + 16];
    size_t size = (size_t)sprintf(text, "{\"key\":\"");
    for (size_t i = 0; i < SECRET_BYTES; i++)
        text[size++] = secret_letter(i);
    size += (size_t)sprintf(text + size, "\"}");
    json_wipe_freed();
    Json *json = json_parse(text, size, NULL);
    assert_non_null(json);
    assert_int_equal(heap_holds_secret(), HEAP_IS_SEEN);
    json_decref(json);
    assert_false(heap_holds_secret());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_text_held_is_wiped_when_it_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
