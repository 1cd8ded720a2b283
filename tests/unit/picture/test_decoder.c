#include "base/bytes.h"
#include "make_video.h"
#include "picture/decoder.h"
#include "picture/picture.h"
#include "unit.h"

#include <string.h>

#define ANY_SIZE INT64_MAX

static const Codec codecs[] = {CODEC_H264, CODEC_H265};

static MadeVideo *film(Codec codec, int width, int height, unsigned b_frames)
{
    MadeVideo *video = make_video(&(VideoRecipe){.codec = codec,
                                                 .width = width,
                                                 .height = height,
                                                 .fps = 10,
                                                 .pictures = 20,
                                                 .key_interval = 10,
                                                 .b_frames = b_frames});
    for (unsigned i = 0; i < video->units->len; i++) {
        AccessUnit *unit = video->units->pdata[i];
        unit->capture_us = unit->pts * 100 / 9;
    }
    return video;
}

/* What make_video draws at (x, y) of picture `number`. */
static int drawn(int x, int y, int number)
{
    return ((x ^ y) + number * 3) & 255;
}

static void assert_looks_like(const LumaPicture *picture, int number)
{
    for (int y = 20; y < picture->height; y += 60)
        for (int x = 36; x < picture->width; x += 64)
            assert_in_range(picture->pixels[y * picture->stride + x] + 20, drawn(x, y, number),
                            drawn(x, y, number) + 40);
}

/* Where the last of its NAL units begins. */
static size_t last_slice_of(const AccessUnit *unit)
{
    size_t at = 0;
    for (size_t next = 0; next < unit->size; next += 4 + get_u32(unit->data + next))
        at = next;
    return at;
}

static void every_picture_comes_out_with_its_time(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = film(codecs[c], 320, 180, 0);
        g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
        LumaPicture picture;
        int seen = 0;
        for (unsigned i = 0; i < video->units->len; i++) {
            assert_int_equal(decoder_put(decoder, video->units->pdata[i], false), DECODER_TOOK);
            while (decoder_next(decoder, &picture)) {
                assert_int_equal(picture.width, 320);
                assert_int_equal(picture.height, 180);
                assert_int_equal(picture.capture_us, seen * 100000);
                assert_int_equal(picture.key, seen % 10 == 0);
                assert_looks_like(&picture, seen);
                seen++;
            }
        }
        assert_in_range(seen, 18, 20); /* H.265 may keep back what it might have to show later */
    }
}

/* So many pictures of the film come out; of each only what stands before its last slice, if `cut`.
 */
static int seen_of(const MadeVideo *video, bool cut)
{
    g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
    LumaPicture picture;
    int seen = 0;
    for (unsigned i = 0; i < video->units->len; i++) {
        const AccessUnit *whole = video->units->pdata[i];
        const size_t size = cut ? last_slice_of(whole) : whole->size;
        g_autoptr(AccessUnit) unit = access_unit_new(video->params, TRACK_VIDEO, size);
        memcpy(unit->data, whole->data, size);
        unit->key = whole->key;
        unit->capture_us = whole->pts * 100 / 9;
        decoder_put(decoder, unit, false);
        for (; decoder_next(decoder, &picture); seen++)
            assert_looks_like(&picture, (int)(picture.capture_us / 100000));
    }
    return seen;
}

/* As many cameras send them. */
static void pictures_in_several_slices_come_out_too_but_not_without_one_of_them(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){.codec = codecs[c],
                                                               .width = 320,
                                                               .height = 320,
                                                               .fps = 10,
                                                               .pictures = 20,
                                                               .key_interval = 10,
                                                               .slices = 4});
        assert_in_range(seen_of(video, false), 18, 20);
        if (codecs[c] == CODEC_H264) /* of H.265, libav does not tell */
            assert_int_equal(seen_of(video, true), 0);
    }
}

static void pictures_of_ten_bits_are_seen_as_eight(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){.codec = codecs[c],
                                                               .width = 320,
                                                               .height = 180,
                                                               .fps = 10,
                                                               .pictures = 2,
                                                               .key_interval = 1,
                                                               .ten_bit = true});
        g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
        LumaPicture picture;
        assert_int_equal(decoder_put(decoder, video->units->pdata[0], true), DECODER_TOOK);
        assert_true(decoder_next(decoder, &picture));
        assert_looks_like(&picture, 0);
        g_autoptr(Buffer) jpeg = decoder_jpeg(decoder, 160);
        assert_non_null(jpeg);
    }
}

static void pictures_out_of_order_come_in_order_of_display(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = film(codecs[c], 320, 180, 2);
        g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
        LumaPicture picture;
        int64_t last_us = -1;
        int seen = 0;
        for (unsigned i = 0; i < video->units->len; i++) {
            decoder_put(decoder, video->units->pdata[i], false);
            for (; decoder_next(decoder, &picture); seen++) {
                assert_true(picture.capture_us > last_us);
                assert_looks_like(&picture, (int)(picture.capture_us / 100000));
                last_us = picture.capture_us;
            }
        }
        assert_in_range(seen, 10, 20);
    }
}

static void key_pictures_alone_come_out_at_once(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = film(codecs[c], 320, 180, 2);
        g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
        LumaPicture picture;
        for (unsigned i = 0; i < video->units->len; i++) {
            const AccessUnit *unit = video->units->pdata[i];
            if (!unit->key) {
                assert_int_equal(decoder_put(decoder, unit, false), DECODER_WAITS);
                continue;
            }
            assert_int_equal(decoder_put(decoder, unit, true), DECODER_TOOK);
            assert_true(decoder_next(decoder, &picture));
            assert_int_equal(picture.capture_us, unit->capture_us);
            assert_looks_like(&picture, (int)(unit->capture_us / 100000));
            assert_false(decoder_next(decoder, &picture));
        }
    }
}

static void after_a_loss_nothing_is_shown_before_the_next_key_picture(void **state)
{
    g_autoptr(MadeVideo) video = film(CODEC_H264, 320, 180, 0);
    g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
    LumaPicture picture;
    for (unsigned i = 0; i < video->units->len; i++) {
        if (i == 3)
            continue;
        if (i == 4)
            decoder_lost(decoder);
        DecoderResult result = decoder_put(decoder, video->units->pdata[i], false);
        assert_int_equal(result, i > 3 && i < 10 ? DECODER_WAITS : DECODER_TOOK);
        if (decoder_next(decoder, &picture))
            assert_looks_like(&picture, (int)(picture.capture_us / 100000));
    }
}

static void a_stream_that_changes_its_coding_is_followed(void **state)
{
    g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
    static const struct {
        Codec codec;
        int width, height;
    } turns[] = {{CODEC_H264, 320, 180}, {CODEC_H265, 640, 360}, {CODEC_H264, 160, 96}};
    for (unsigned t = 0; t < G_N_ELEMENTS(turns); t++) {
        g_autoptr(MadeVideo) video = film(turns[t].codec, turns[t].width, turns[t].height, 0);
        LumaPicture picture = {0};
        for (unsigned i = 0; i < 6; i++) {
            assert_int_equal(decoder_put(decoder, video->units->pdata[i], false), DECODER_TOOK);
            while (decoder_next(decoder, &picture))
                assert_looks_like(&picture, (int)(picture.capture_us / 100000));
        }
        assert_int_equal(picture.width, turns[t].width);
        assert_int_equal(picture.height, turns[t].height);
    }
}

static void damaged_bytes_cost_pictures_and_no_more(void **state)
{
    for (unsigned c = 0; c < G_N_ELEMENTS(codecs); c++) {
        g_autoptr(MadeVideo) video = film(codecs[c], 320, 180, 0);
        g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
        LumaPicture picture;
        for (unsigned i = 0; i < 10; i++) {
            const AccessUnit *whole = video->units->pdata[i];
            g_autoptr(AccessUnit) unit =
                access_unit_new(video->params, TRACK_VIDEO, whole->size / 2);
            memcpy(unit->data, whole->data, unit->size);
            for (size_t k = 40; k < unit->size; k += 7)
                unit->data[k] = (uint8_t)(unit->data[k] * 31 + i);
            unit->key = whole->key;
            decoder_put(decoder, unit, i % 2 == 0 && unit->key);
            while (decoder_next(decoder, &picture)) {
            }
        }
        int seen = 0;
        for (unsigned i = 10; i < 20; i++) {
            assert_int_equal(decoder_put(decoder, video->units->pdata[i], false), DECODER_TOOK);
            for (; decoder_next(decoder, &picture); seen++)
                assert_looks_like(&picture, (int)(picture.capture_us / 100000));
        }
        assert_in_range(seen, 8, 10);
    }
}

static void what_is_larger_than_allowed_or_no_picture_is_refused(void **state)
{
    g_autoptr(MadeVideo) video = film(CODEC_H264, 320, 180, 0);
    g_autoptr(GPtrArray) sound = make_audio(CODEC_PCMA, 1);
    g_autoptr(Decoder) decoder = decoder_new(320 * 180 - 1);
    LumaPicture picture;
    assert_int_equal(decoder_put(decoder, video->units->pdata[0], false), DECODER_UNSUPPORTED);
    assert_int_equal(decoder_put(decoder, sound->pdata[0], false), DECODER_UNSUPPORTED);
    /* A camera may lie about its size: what counts is the picture. */
    video->params->width = video->params->height = 0;
    g_autoptr(Decoder) fooled = decoder_new(160 * 90);
    decoder_put(fooled, video->units->pdata[0], true);
    assert_false(decoder_next(fooled, &picture));
    assert_null(decoder_jpeg(fooled, 0));
}

static void the_picture_last_seen_can_be_had_as_a_jpeg(void **state)
{
    g_autoptr(MadeVideo) video = film(CODEC_H264, 320, 180, 0);
    g_autoptr(Decoder) decoder = decoder_new(ANY_SIZE);
    LumaPicture picture;
    assert_null(decoder_jpeg(decoder, 160));
    decoder_put(decoder, video->units->pdata[0], true);
    assert_true(decoder_next(decoder, &picture));
    g_autoptr(Buffer) jpeg = decoder_jpeg(decoder, 160);
    g_autoptr(Buffer) direct = NULL;
    assert_true(picture_jpeg_from_unit(video->units->pdata[0], 160, NULL, &direct, NULL));
    assert_non_null(jpeg);
    assert_memory_equal(jpeg->data, "\xff\xd8", 2);
    assert_in_range(jpeg->size, direct->size / 2, direct->size * 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_picture_comes_out_with_its_time),
        cmocka_unit_test(pictures_in_several_slices_come_out_too_but_not_without_one_of_them),
        cmocka_unit_test(pictures_of_ten_bits_are_seen_as_eight),
        cmocka_unit_test(pictures_out_of_order_come_in_order_of_display),
        cmocka_unit_test(key_pictures_alone_come_out_at_once),
        cmocka_unit_test(after_a_loss_nothing_is_shown_before_the_next_key_picture),
        cmocka_unit_test(a_stream_that_changes_its_coding_is_followed),
        cmocka_unit_test(damaged_bytes_cost_pictures_and_no_more),
        cmocka_unit_test(what_is_larger_than_allowed_or_no_picture_is_refused),
        cmocka_unit_test(the_picture_last_seen_can_be_had_as_a_jpeg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
