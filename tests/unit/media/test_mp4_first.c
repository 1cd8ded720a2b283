/* The first key picture of a film that a phone wrote: found wherever its tables put it, and nowhere
 * where they are wrong. */
#include "media/mp4_first.h"

#include "../plain_film.h"
#include "unit.h"

#include <string.h>

static AccessUnit *unit_of(Codec codec)
{
    g_autoptr(CodecParams) params = codec_params_new(codec, VIDEO_TIMESCALE, "configuration", 13);
    AccessUnit *unit = access_unit_new(params, TRACK_VIDEO, 40);
    memset(unit->data, 0xab, unit->size);
    return unit;
}

/* The body of moov of a film. */
static const uint8_t *movie_of(const GByteArray *film, size_t *size)
{
    for (size_t at = 0; at < film->len;) {
        char type[5];
        unsigned head;
        uint64_t bytes;
        assert_true(
            mp4_box_head(film->data + at, film->len - at, film->len - at, type, &head, &bytes));
        if (strcmp(type, "moov") == 0) {
            *size = (size_t)bytes - head;
            return film->data + at + head;
        }
        at += (size_t)bytes;
    }
    fail_msg("it has no moov");
    return NULL;
}

static void it_is_found_by_whatever_tables_say_where_it_is(void **state)
{
    static const PlainFilm films[] = {{1, 1, 1, false, false}, {10, 1, 10, false, false},
                                      {10, 7, 3, false, true}, {10, 10, 3, true, false},
                                      {9, 4, 3, true, true},   {5, 0, 2, false, false},
                                      {10, 8, 4, false, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(films); i++) {
        for (Codec codec = CODEC_H264; codec <= CODEC_H265; codec++) {
            size_t size;
            Mp4First first;
            g_autoptr(AccessUnit) unit = unit_of(codec);
            g_autoptr(GByteArray) film = plain_film(unit, &films[i]);
            const uint8_t *movie = movie_of(film, &size);
            assert_true(mp4_first_picture(movie, size, &first));
            assert_int_equal(first.codec, codec);
            assert_int_equal(first.config_bytes, 13);
            assert_memory_equal(first.config, "configuration", 13);
            assert_int_equal(first.bytes, unit->size);
            assert_memory_equal(film->data + first.at, unit->data, unit->size);
        }
    }
}

static void one_that_is_cut_off_has_none_and_nothing_is_read_behind_it(void **state)
{
    size_t size;
    Mp4First first;
    g_autoptr(AccessUnit) unit = unit_of(CODEC_H264);
    g_autoptr(GByteArray) film = plain_film(unit, &(PlainFilm){10, 7, 3, false, false});
    const uint8_t *movie = movie_of(film, &size);
    for (size_t cut = 0; cut < size; cut++) {
        g_autofree uint8_t *part = g_memdup2(movie, cut); /* a sanitizer guards its end */
        assert_false(mp4_first_picture(part, cut, &first));
    }
}

static void whatever_byte_is_changed_it_ends(void **state)
{
    size_t size;
    Mp4First first;
    g_autoptr(AccessUnit) unit = unit_of(CODEC_H264);
    g_autoptr(GByteArray) film = plain_film(unit, &(PlainFilm){10, 7, 3, false, true});
    const uint8_t *movie = movie_of(film, &size);
    g_autofree uint8_t *changed = g_memdup2(movie, size);
    for (size_t at = 0; at < size; at++) {
        for (unsigned value = 0; value < 256; value += 51) {
            changed[at] = (uint8_t)value;
            if (mp4_first_picture(changed, size, &first))
                assert_true(first.config >= changed &&
                            first.config + first.config_bytes <= changed + size);
        }
        changed[at] = movie[at];
    }
}

static void a_box_goes_no_further_than_its_file(void **state)
{
    char type[5];
    unsigned head;
    uint64_t bytes;
    static const uint8_t large[] = {0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 1, 0, 0, 0, 0};
    static const uint8_t open[] = {0, 0, 0, 0, 'm', 'd', 'a', 't'};
    assert_true(mp4_box_head(large, sizeof large, INT64_C(1) << 33, type, &head, &bytes));
    assert_int_equal(head, 16);
    assert_int_equal(bytes, INT64_C(1) << 32);
    assert_false(mp4_box_head(large, sizeof large, 1000, type, &head, &bytes));
    assert_false(mp4_box_head(large, 12, INT64_C(1) << 33, type, &head, &bytes));
    assert_true(mp4_box_head(open, sizeof open, 1000, type, &head, &bytes));
    assert_int_equal(bytes, 1000);
    static const uint8_t small[] = {0, 0, 0, 7, 'm', 'd', 'a', 't'};
    assert_false(mp4_box_head(small, sizeof small, 1000, type, &head, &bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_by_whatever_tables_say_where_it_is),
        cmocka_unit_test(one_that_is_cut_off_has_none_and_nothing_is_read_behind_it),
        cmocka_unit_test(whatever_byte_is_changed_it_ends),
        cmocka_unit_test(a_box_goes_no_further_than_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
