/* What somebody sent is known by its first bytes. */
#include "media/file_kind.h"
#include "unit.h"

#include <string.h>

#define KIND(bytes) file_kind((const uint8_t *)(bytes), sizeof(bytes) - 1)

static void pictures_and_videos_are_known_whatever_they_are_called(void **state)
{
    assert_int_equal(KIND("\xff\xd8\xff\xe1\x00\x10"), FILE_JPEG);
    assert_int_equal(KIND("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10"), FILE_PNG);
    assert_int_equal(KIND("RIFF\x24\0\0\0WEBPVP8X"), FILE_WEBP);
    assert_int_equal(KIND("\0\0\0\x20"
                          "ftypmp42\0\0\0\0"),
                     FILE_MP4);
    assert_int_equal(KIND("\0\0\0\x14"
                          "ftypqt  \0\0\0\0"),
                     FILE_QUICKTIME);
    assert_int_equal(KIND("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"), FILE_WEBM);
}

static void what_may_hold_script_or_no_browser_shows_is_not_taken(void **state)
{
    assert_int_equal(KIND("<!doctype html><script>"), FILE_UNKNOWN);
    assert_int_equal(KIND("<svg xmlns=\"http://www.w3.org/2000/svg\">"), FILE_UNKNOWN);
    assert_int_equal(KIND("<!--ftypisom--><script>"), FILE_UNKNOWN);
    assert_int_equal(KIND("<!--moov --><script>alert(1)</script>"), FILE_UNKNOWN);
    assert_int_equal(KIND("%PDF-1.7 and more of it"), FILE_UNKNOWN);
    assert_int_equal(KIND("GIF89a and more of it"), FILE_UNKNOWN);
    assert_int_equal(KIND("\0\0\0\x18"
                          "ftypheic\0\0\0\0"),
                     FILE_UNKNOWN);
    assert_int_equal(KIND("\0\0\0\x18"
                          "ftypM4A \0\0\0\0"),
                     FILE_UNKNOWN);
    assert_int_equal(KIND("\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska"), FILE_UNKNOWN);
    assert_int_equal(KIND("RIFF\x24\0\0\0WAVEfmt "), FILE_UNKNOWN);
}

static void a_file_cut_short_is_none(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    for (size_t size = 0; size < sizeof png - 1; size++)
        assert_int_equal(file_kind((const uint8_t *)png, size), FILE_UNKNOWN);
}

static void a_kind_is_told_by_its_type_and_back(void **state)
{
    for (int kind = FILE_JPEG; kind < FILE_KINDS; kind++)
        assert_int_equal(file_kind_of_type(file_kind_type((FileKind)kind)), kind);
    assert_int_equal(file_kind_of_type("text/html"), FILE_UNKNOWN);
    assert_true(file_kind_is_video(FILE_WEBM) && !file_kind_is_video(FILE_WEBP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_and_videos_are_known_whatever_they_are_called),
        cmocka_unit_test(what_may_hold_script_or_no_browser_shows_is_not_taken),
        cmocka_unit_test(a_file_cut_short_is_none),
        cmocka_unit_test(a_kind_is_told_by_its_type_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
