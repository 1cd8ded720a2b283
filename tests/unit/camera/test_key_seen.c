/* What a technician is told of a camera that sends pictures, none of which can be shown. */
#include "camera/key_seen.h"

#include "unit.h"

static void keys_that_are_too_big_are_told_by_their_size(void **state)
{
    KeySeen seen = KEY_NONE;
    key_seen_note(&seen, &(DepayFrame){.key = false}, NULL);
    assert_non_null(strstr(key_seen_cause(seen, DEPAY_FRAME_TOO_BIG), "12 MiB"));
    assert_non_null(strstr(key_seen_cause(seen, 0), "no key picture yet"));
}

static void a_key_picture_that_came_torn_is_the_nearer_cause(void **state)
{
    g_autoptr(CodecParams) params = codec_params_new(CODEC_H264, 90000, "", 0);
    KeySeen seen = KEY_NONE;
    key_seen_note(&seen, &(DepayFrame){.key = true, .damaged = true}, params);
    assert_non_null(strstr(key_seen_cause(seen, DEPAY_FRAME_TOO_BIG), "parts missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_are_too_big_are_told_by_their_size),
        cmocka_unit_test(a_key_picture_that_came_torn_is_the_nearer_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
