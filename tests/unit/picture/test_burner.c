/* Pictures with words burnt in: each has its own clock, and beside the words it is what it was. */
#include "burnt.h"
#include "make_video.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum { FPS = 10, PICTURES = 24, WIDTH = 640, HEIGHT = 360 };
#define INTERVAL_US (1000000 / FPS)

static const BurnerRules rules = {.where = "Cổng chợ · Chợ, Che Căn",
                                  .below = {"BẢN SAO – KHÔNG PHẢI BẢN GỐC", "Số 0f6b5a93",
                                            "Sao lúc 29/11/2026 22:40",
                                            "Người: xác định đến 5,7 m"},
                                  .pictures_s = FPS,
                                  .key_every_s = 1};

static MadeVideo *film(Codec codec, unsigned b_frames, bool ten_bit)
{
    MadeVideo *video = make_video(&(VideoRecipe){.codec = codec,
                                                 .width = WIDTH,
                                                 .height = HEIGHT,
                                                 .fps = FPS,
                                                 .pictures = PICTURES,
                                                 .key_interval = 12,
                                                 .b_frames = b_frames,
                                                 .ten_bit = ten_bit});
    for (unsigned i = 0; i < video->units->len; i++) {
        AccessUnit *unit = video->units->pdata[i];
        unit->capture_us = 1000000 + unit->pts * 100 / 9;
    }
    return video;
}

/* A clock that tells which picture it is. Returned owned. */
static char *clock_of(int64_t capture_us)
{
    int64_t number = (capture_us - 1000000 + INTERVAL_US / 2) / INTERVAL_US;
    return g_strdup_printf("29/11/2026 22:33:%02d.5 UTC+07:00", (int)number);
}

static void take(Burner *burner, GPtrArray *made)
{
    int64_t capture_us;
    while (burner_next(burner, &capture_us)) {
        g_autofree char *clock = clock_of(capture_us);
        AccessUnit *unit =
            burner_picture(burner, clock, (capture_us - 1000000) * 9 / 100, made->len == 0);
        assert_non_null(unit);
        unit->capture_us = capture_us;
        g_ptr_array_add(made, unit);
    }
}

static GPtrArray *burn(Burner *burner, const MadeVideo *video)
{
    GPtrArray *made = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref);
    for (unsigned i = 0; i < video->units->len; i++) {
        assert_int_equal(burner_put(burner, video->units->pdata[i]), DECODER_TOOK);
        take(burner, made);
    }
    burner_end(burner);
    take(burner, made);
    return made;
}

/* Beside the words it shows what make_video draws. */
static void assert_shows(const LumaPicture *picture, int number)
{
    int off = 0, points = 0;
    for (int y = 60; y < HEIGHT - 60; y += 7)
        for (int x = 7; x < WIDTH; x += 31, points++) {
            int drawn = ((x ^ y) + number * 3) & 255;
            off += abs(picture->pixels[y * picture->stride + x] - CLAMP(drawn, 16, 235));
        }
    assert_in_range(off, 0, 16 * points);
}

/* The lines at the bottom, in their order. */
static void assert_below(const LumaPicture *picture)
{
    const int line = burner_line_px(HEIGHT), from = HEIGHT - 2 * (line / 2) - BURNER_BELOW * line;
    const BurntEdge edge = {picture->pixels + from * picture->stride, WIDTH, picture->stride,
                            HEIGHT};
    for (int i = 0; i < BURNER_BELOW; i++)
        assert_true(burnt_is_there(&edge, i, rules.below[i], rules.where));
}

static void assert_film(const GPtrArray *made)
{
    g_autoptr(Decoder) decoder = decoder_new(INT64_MAX);
    assert_int_equal(made->len, PICTURES);
    for (unsigned i = 0; i < made->len; i++) {
        LumaPicture picture;
        g_autofree char *clock = clock_of(1000000 + i * INTERVAL_US);
        g_autofree char *other = clock_of(1000000 + (i + 1) * INTERVAL_US);
        const AccessUnit *unit = made->pdata[i];
        assert_int_equal(unit->params->codec, CODEC_H264);
        assert_int_equal(decoder_put(decoder, unit, false), DECODER_TOOK);
        assert_true(decoder_next(decoder, &picture));
        const BurntEdge edge = {picture.pixels, WIDTH, picture.stride, HEIGHT};
        assert_true(burnt_is_there(&edge, 0, rules.where, rules.below[0]));
        assert_true(burnt_is_there(&edge, 1, clock, other));
        assert_false(burnt_is_there(&edge, 1, other, clock));
        assert_below(&picture);
        assert_shows(&picture, (int)i);
    }
}

static void each_picture_has_its_own_clock_whatever_it_was_coded_as(void **state)
{
    static const struct {
        Codec codec;
        unsigned b_frames;
        bool ten_bit;
    } cases[] = {
        {CODEC_H264, 0, false}, {CODEC_H264, 2, false}, {CODEC_H265, 0, false},
        {CODEC_H265, 2, false}, {CODEC_H265, 0, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(MadeVideo) video = film(cases[i].codec, cases[i].b_frames, cases[i].ten_bit);
        g_autoptr(Burner) burner = burner_new(&rules);
        g_autoptr(GPtrArray) made = burn(burner, video);
        assert_film(made);
    }
}

static void a_card_is_black_but_for_its_words(void **state)
{
    static const char *const lines[BURNER_CARD_LINES] = {"KHÔNG CÓ HÌNH", "từ 22:33", "đến 22:40"};
    g_autoptr(MadeVideo) video = film(CODEC_H264, 0, false);
    g_autoptr(Burner) burner = burner_new(&rules);
    assert_null(burner_card(burner, lines, 0)); /* no size is known yet */
    g_autoptr(GPtrArray) made = burn(burner, video);
    g_autoptr(AccessUnit) card = burner_card(burner, lines, 90000 * 60);
    assert_non_null(card);
    assert_true(card->key);
    g_autoptr(Decoder) decoder = decoder_new(INT64_MAX);
    LumaPicture picture;
    assert_int_equal(decoder_put(decoder, card, true), DECODER_TOOK);
    assert_true(decoder_next(decoder, &picture));
    unsigned bright = 0, grey = 0;
    const int below = (BURNER_BELOW + 1) * burner_line_px(HEIGHT);
    for (int y = 60; y < HEIGHT - below; y++)
        for (int x = 0; x < WIDTH; x++) {
            int is = picture.pixels[y * picture.stride + x];
            bool middle = abs(y - HEIGHT / 2) < 2 * burner_line_px(HEIGHT);
            bright += middle && is > 170;
            grey += !middle && is > 24;
        }
    assert_in_range(bright, 200, 6000);
    assert_int_equal(grey, 0);
    const BurntEdge edge = {picture.pixels, WIDTH, picture.stride, HEIGHT};
    assert_true(burnt_is_there(&edge, 0, rules.where, rules.below[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_picture_has_its_own_clock_whatever_it_was_coded_as),
        cmocka_unit_test(a_card_is_black_but_for_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
