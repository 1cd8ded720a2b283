#include "media/hls.h"
#include "unit.h"

#include <string.h>

static void a_playlist_names_files_ranges_and_times(void **state)
{
    const HlsPart parts[] = {
        {"a.mp4", NULL, 700, 700, 250000, INT64_C(1795504059123000), 2000000, false},
        {"a.mp4", NULL, 700, 250700, 240000, INT64_C(1795504061123000), 1999989, false},
        {"b.mp4", NULL, 710, 710, 9000, INT64_C(1795504100000000), 4500000, true},
    };
    g_autoptr(GString) text = g_string_new(NULL);
    hls_write_playlist(text, parts, 3, true);
    assert_string_equal(text->str, "#EXTM3U\n"
                                   "#EXT-X-VERSION:7\n"
                                   "#EXT-X-TARGETDURATION:5\n"
                                   "#EXT-X-MEDIA-SEQUENCE:0\n"
                                   "#EXT-X-PLAYLIST-TYPE:VOD\n"
                                   "#EXT-X-INDEPENDENT-SEGMENTS\n"
                                   "#EXT-X-MAP:URI=\"a.mp4\",BYTERANGE=\"700@0\"\n"
                                   "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:07:39.123Z\n"
                                   "#EXTINF:2.000000,\n"
                                   "#EXT-X-BYTERANGE:250000@700\n"
                                   "a.mp4\n"
                                   "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:07:41.123Z\n"
                                   "#EXTINF:1.999989,\n"
                                   "#EXT-X-BYTERANGE:240000@250700\n"
                                   "a.mp4\n"
                                   "#EXT-X-DISCONTINUITY\n"
                                   "#EXT-X-MAP:URI=\"b.mp4\",BYTERANGE=\"710@0\"\n"
                                   "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:08:20.000Z\n"
                                   "#EXTINF:4.500000,\n"
                                   "#EXT-X-BYTERANGE:9000@710\n"
                                   "b.mp4\n"
                                   "#EXT-X-ENDLIST\n");
}

static void parts_that_stand_alone_have_an_init_part_of_their_own_and_no_range(void **state)
{
    const HlsPart parts[] = {
        {"a.mp4?part=700", "a.mp4", 0, 0, 0, INT64_C(1795504059123000), 2000000, false},
        {"a.mp4?part=900", "a.mp4", 0, 0, 0, INT64_C(1795504061123000), 2000000, false},
    };
    g_autoptr(GString) text = g_string_new(NULL);
    hls_write_playlist(text, parts, 2, true);
    assert_non_null(strstr(text->str, "#EXT-X-INDEPENDENT-SEGMENTS\n"
                                      "#EXT-X-MAP:URI=\"a.mp4\"\n"
                                      "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:07:39.123Z\n"
                                      "#EXTINF:2.000000,\n"
                                      "a.mp4?part=700\n"
                                      "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:07:41.123Z\n"
                                      "#EXTINF:2.000000,\n"
                                      "a.mp4?part=900\n"
                                      "#EXT-X-ENDLIST\n"));
}

static void a_playlist_that_goes_on_has_no_end(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    hls_write_playlist(text, NULL, 0, false);
    assert_non_null(strstr(text->str, "#EXT-X-PLAYLIST-TYPE:EVENT\n"));
    assert_null(strstr(text->str, "ENDLIST"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_playlist_names_files_ranges_and_times),
        cmocka_unit_test(parts_that_stand_alone_have_an_init_part_of_their_own_and_no_range),
        cmocka_unit_test(a_playlist_that_goes_on_has_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
