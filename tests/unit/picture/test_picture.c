#include "base/error.h"
#include "jpeg_decode.h"
#include "make_video.h"
#include "picture/picture.h"
#include "unit.h"

#include <string.h>

static MadeVideo *one_picture(Codec codec)
{
    return make_video(&(VideoRecipe){
        .codec = codec, .width = 640, .height = 360, .fps = 10, .pictures = 2, .key_interval = 1});
}

/* Decodes the JPEG; the test fails when it is none of this size. */
static AVFrame *assert_jpeg(const Buffer *jpeg, int width, int height)
{
    AVFrame *frame = jpeg_decode(jpeg);
    assert_int_equal(frame->width, width);
    assert_int_equal(frame->height, height);
    return frame;
}

static void a_key_picture_becomes_a_jpeg_that_looks_like_it(void **state)
{
    const Codec codecs[] = {CODEC_H264, CODEC_H265};
    for (unsigned i = 0; i < G_N_ELEMENTS(codecs); i++) {
        g_autoptr(MadeVideo) video = one_picture(codecs[i]);
        g_autoptr(Buffer) jpeg = NULL;
        assert_true(picture_jpeg_from_unit(video->units->pdata[0], 0, NULL, &jpeg, NULL));
        AVFrame *frame = assert_jpeg(jpeg, 640, 360);
        /* drawn as x ^ y in limited range, 16 to 235; here in full range */
        int expect = ((100 ^ 40) - 16) * 255 / 219;
        assert_in_range(frame->data[0][40 * frame->linesize[0] + 100] + 12, expect, expect + 24);
        av_frame_free(&frame);
    }
}

static void a_jpeg_is_as_wide_as_asked_but_never_wider_than_the_picture(void **state)
{
    g_autoptr(MadeVideo) video = one_picture(CODEC_H264);
    const struct {
        int asked, width, height;
    } cases[] = {{320, 320, 180}, {161, 161, 90}, {1, 16, 9}, {4000, 640, 360}, {-5, 640, 360}};
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Buffer) jpeg = NULL;
        assert_true(
            picture_jpeg_from_unit(video->units->pdata[0], cases[i].asked, NULL, &jpeg, NULL));
        AVFrame *frame = assert_jpeg(jpeg, cases[i].width, cases[i].height);
        av_frame_free(&frame);
    }
}

static void garbage_is_an_error(void **state)
{
    g_autoptr(MadeVideo) video = one_picture(CODEC_H264);
    g_autoptr(AccessUnit) unit = access_unit_new(video->params, TRACK_VIDEO, 5000);
    for (size_t i = 0; i < unit->size; i++)
        unit->data[i] = (uint8_t)(i * 167 + 13);
    g_autoptr(GError) error = NULL;
    g_autoptr(Buffer) jpeg = NULL;
    assert_false(picture_jpeg_from_unit(unit, 0, NULL, &jpeg, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_null(jpeg);
}

static void a_torn_picture_does_no_harm(void **state)
{
    const Codec codecs[] = {CODEC_H264, CODEC_H265};
    for (unsigned k = 0; k < G_N_ELEMENTS(codecs); k++) {
        g_autoptr(MadeVideo) video = one_picture(codecs[k]);
        const AccessUnit *whole = video->units->pdata[0];
        for (size_t size = 0; size < whole->size; size += 1 + whole->size / 40) {
            g_autoptr(AccessUnit) unit = access_unit_new(video->params, TRACK_VIDEO, size);
            memcpy(unit->data, whole->data, size);
            g_autoptr(Buffer) jpeg = NULL;
            picture_jpeg_from_unit(unit, 160, NULL, &jpeg, NULL);
        }
    }
}

static void sound_is_no_picture(void **state)
{
    g_autoptr(GPtrArray) audio = make_audio(CODEC_PCMA, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(Buffer) jpeg = NULL;
    assert_false(picture_jpeg_from_unit(audio->pdata[0], 0, NULL, &jpeg, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNSUPPORTED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_picture_becomes_a_jpeg_that_looks_like_it),
        cmocka_unit_test(a_jpeg_is_as_wide_as_asked_but_never_wider_than_the_picture),
        cmocka_unit_test(garbage_is_an_error),
        cmocka_unit_test(a_torn_picture_does_no_harm),
        cmocka_unit_test(sound_is_no_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
