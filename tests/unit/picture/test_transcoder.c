#include "make_video.h"
#include "picture/transcoder.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { FPS = 20, PICTURES = 60, KEY_EVERY = 20 };
#define INTERVAL_US (1000000 / FPS)

static const TranscoderRules rules = {
    .width_px = 320, .height_px = 180, .pictures_s = 10, .key_every_s = 1};

static MadeVideo *film(int width, int height)
{
    MadeVideo *video = make_video(&(VideoRecipe){.codec = CODEC_H265,
                                                 .width = width,
                                                 .height = height,
                                                 .fps = FPS,
                                                 .pictures = PICTURES,
                                                 .key_interval = KEY_EVERY});
    for (unsigned i = 0; i < video->units->len; i++) {
        AccessUnit *unit = video->units->pdata[i];
        unit->capture_us = 1000000 + unit->pts * 100 / 9;
    }
    return video;
}

/* All that is made of `units`, in order. */
static GPtrArray *transcode(Transcoder *transcoder, GPtrArray *units)
{
    GPtrArray *made = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    for (unsigned i = 0; i < units->len; i++) {
        transcoder_put(transcoder, units->pdata[i]);
        for (AccessUnit *unit; (unit = transcoder_next(transcoder, false));)
            g_ptr_array_add(made, unit);
    }
    return made;
}

/* What make_video draws at (x, y) of picture `number`. */
static int drawn(int x, int y, int number)
{
    return ((x ^ y) + number * 3) & 255;
}

/* Looks at the picture that comes; false: it comes with the next unit. */
static bool assert_shows(Decoder *decoder, AccessUnit *unit)
{
    LumaPicture picture;
    assert_int_equal(decoder_put(decoder, unit, false), DECODER_TOOK);
    if (!decoder_next(decoder, &picture))
        return false;
    int number = (int)((picture.capture_us - 1000000) / INTERVAL_US), off = 0, points = 0;
    for (int y = 20; y < picture.height; y += 20)
        for (int x = 36; x < picture.width; x += 32, points++)
            off += abs(picture.pixels[y * picture.stride + x] - drawn(x, y, number));
    assert_true(points > 0);
    assert_in_range(off, 0, 15 * points);
    return true;
}

static void h265_becomes_h264_that_shows_the_same_at_the_same_time(void **state)
{
    g_autoptr(MadeVideo) video = film(320, 180);
    g_autoptr(Transcoder) transcoder = transcoder_new(&rules);
    g_autoptr(GPtrArray) made = transcode(transcoder, video->units);
    g_autoptr(Decoder) decoder = decoder_new(INT64_MAX);
    assert_in_range(made->len, PICTURES / 2 - 2, PICTURES / 2);
    unsigned looks = 0;
    for (unsigned i = 0; i < made->len; i++) {
        AccessUnit *unit = made->pdata[i];
        assert_int_equal(unit->params->codec, CODEC_H264);
        assert_memory_equal(unit->params->rfc6381, "avc1.", 5);
        assert_int_equal(unit->params->width, 320);
        assert_int_equal(unit->params->height, 180);
        assert_int_equal(unit->capture_us, 1000000 + i * 2 * INTERVAL_US);
        assert_int_equal(unit->key, i % 10 == 0);
        assert_int_equal(unit->run_start, i == 0);
        if (i)
            assert_int_equal(unit->pts - ((AccessUnit *)made->pdata[i - 1])->pts, 9000);
        looks += assert_shows(decoder, unit);
    }
    assert_in_range(looks, made->len - 2, made->len);
}

static void larger_pictures_are_made_to_fit(void **state)
{
    static const struct {
        int from_width, from_height, width, height;
    } cases[] = {{640, 360, 320, 180}, {640, 480, 240, 180}, {180, 320, 100, 178}};
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(MadeVideo) video = film(cases[i].from_width, cases[i].from_height);
        g_autoptr(Transcoder) transcoder = transcoder_new(&rules);
        g_autoptr(GPtrArray) made = transcode(transcoder, video->units);
        assert_true(made->len > 0);
        const AccessUnit *first = made->pdata[0];
        assert_int_equal(first->params->width, cases[i].width);
        assert_in_range(first->params->height, cases[i].height - 2, cases[i].height);
    }
}

static void pictures_that_come_too_late_are_not_coded(void **state)
{
    g_autoptr(MadeVideo) video = film(320, 180);
    g_autoptr(Transcoder) transcoder = transcoder_new(&rules);
    for (unsigned i = 0; i < KEY_EVERY; i++) {
        assert_int_equal(transcoder_put(transcoder, video->units->pdata[i]), DECODER_TOOK);
        assert_null(transcoder_next(transcoder, true));
    }
    transcoder_put(transcoder, video->units->pdata[KEY_EVERY]);
    g_autoptr(AccessUnit) first = transcoder_next(transcoder, false);
    assert_non_null(first);
    assert_true(first->key);
}

static void after_a_jump_of_time_a_run_starts_with_a_key_picture(void **state)
{
    g_autoptr(MadeVideo) video = film(320, 180);
    g_autoptr(Transcoder) transcoder = transcoder_new(&rules);
    for (unsigned i = 25; i < PICTURES; i++)
        ((AccessUnit *)video->units->pdata[i])->capture_us += 3600 * INT64_C(1000000);
    g_autoptr(GPtrArray) made = transcode(transcoder, video->units);
    unsigned starts = 0;
    for (unsigned i = 0; i < made->len; i++) {
        const AccessUnit *unit = made->pdata[i];
        starts += unit->run_start;
        assert_true(!unit->run_start || unit->key);
        if (i)
            assert_true(unit->pts > ((const AccessUnit *)made->pdata[i - 1])->pts);
    }
    assert_int_equal(starts, 2);
}

/* Another spoilt byte in each picture, always the same ones. */
static AccessUnit *spoilt(const AccessUnit *unit, GRand *random)
{
    AccessUnit *copy = access_unit_new(unit->params, TRACK_VIDEO, unit->size);
    memcpy(copy->data, unit->data, unit->size);
    for (int i = 0; i < 4; i++)
        copy->data[g_rand_int_range(random, 0, (int)unit->size)] ^= (uint8_t)(1 << (i * 2));
    copy->key = unit->key;
    copy->pts = unit->pts;
    copy->capture_us = unit->capture_us;
    return copy;
}

static void broken_pictures_are_left_out_and_good_ones_seen_again(void **state)
{
    g_autoptr(MadeVideo) video = film(320, 180);
    g_autoptr(Transcoder) transcoder = transcoder_new(&rules);
    GRand *random = g_rand_new_with_seed(7);
    for (unsigned turn = 0; turn < 20; turn++)
        for (unsigned i = 0; i < PICTURES; i++) {
            g_autoptr(AccessUnit) unit = spoilt(video->units->pdata[i], random);
            transcoder_put(transcoder, unit);
            for (AccessUnit *made; (made = transcoder_next(transcoder, false));)
                access_unit_unref(made);
        }
    g_rand_free(random);
    transcoder_lost(transcoder);
    g_autoptr(GPtrArray) made = transcode(transcoder, video->units);
    assert_in_range(made->len, PICTURES / 2 - 2, PICTURES / 2 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(h265_becomes_h264_that_shows_the_same_at_the_same_time),
        cmocka_unit_test(larger_pictures_are_made_to_fit),
        cmocka_unit_test(pictures_that_come_too_late_are_not_coded),
        cmocka_unit_test(after_a_jump_of_time_a_run_starts_with_a_key_picture),
        cmocka_unit_test(broken_pictures_are_left_out_and_good_ones_seen_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
