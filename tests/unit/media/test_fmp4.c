/* The fMP4 writer and reader against each other, and the writer against ffmpeg. */
#include "make_video.h"
#include "media/flac.h"
#include "media/fmp4_read.h"
#include "media/opus.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static CodecParams *small_h264(void)
{
    static const uint8_t avcc[] = {1,    0x64, 0,    0x28, 0xff, 0xe1, 0,    4,   0x67,
                                   0x64, 0,    0x28, 1,    0,    2,    0x68, 0xee};
    CodecParams *params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, avcc, sizeof avcc);
    params->width = 1920;
    params->height = 1080;
    return params;
}

static CodecParams *small_aac(void)
{
    CodecParams *params = codec_params_new(CODEC_AAC, 16000, "\x14\x08", 2);
    params->sample_rate_hz = 16000;
    params->channels = 1;
    return params;
}

static const Fmp4Sample some_pictures[] = {
    {6000, 40000, 12000, true}, {6000, 900, -6000, false}, {5997, 1000, 0, false}};
static const Fmp4Sample some_frames[] = {{1024, 300, 0, true}, {1024, 310, 0, true}};

static const Fmp4Fragment some_fragment = {
    .sequence = 7,
    .prft_us = INT64_C(1795504059123457),
    .tracks = {{INT64_C(1) << 40, some_pictures, 3}, {123456, some_frames, 2}}};

static void the_init_part_reads_as_it_was_written(void **state)
{
    g_autoptr(CodecParams) video = small_h264();
    g_autoptr(CodecParams) audio = small_aac();
    Fmp4Init init = {.tracks = {video, audio},
                     .footage = true,
                     .camera = uuid_new(),
                     .stream = STREAM_SUB,
                     .from_us = INT64_C(1795504059123456)};
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_init(&bytes, &init);
    write_zeros(&bytes, 3);
    g_auto(Fmp4InitInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_init(bytes.data, bytes.size, &info, &need), FMP4_OK);
    assert_int_equal(info.bytes, bytes.size - 3);
    assert_true(codec_params_equal(info.tracks[TRACK_VIDEO], video));
    assert_true(codec_params_equal(info.tracks[TRACK_AUDIO], audio));
    assert_int_equal(info.tracks[TRACK_VIDEO]->width, 1920);
    assert_int_equal(info.tracks[TRACK_VIDEO]->height, 1080);
    assert_string_equal(info.tracks[TRACK_VIDEO]->rfc6381, "avc1.640028");
    assert_string_equal(info.tracks[TRACK_AUDIO]->rfc6381, "mp4a.40.2");
    assert_true(info.footage);
    assert_int_equal(info.format, FMP4_FORMAT);
    assert_true(uuid_equal(&info.camera, &init.camera));
    assert_int_equal(info.stream, STREAM_SUB);
    assert_int_equal(info.from_us, init.from_us);
}

static void an_init_part_of_one_track_reads_as_it_was_written(void **state)
{
    const Codec codecs[] = {CODEC_PCMA, CODEC_PCMU};
    for (unsigned i = 0; i < G_N_ELEMENTS(codecs); i++) {
        g_autoptr(CodecParams) params = codec_params_new(codecs[i], 8000, NULL, 0);
        params->sample_rate_hz = 8000;
        params->channels = 1;
        g_auto(ByteWriter) bytes = {0};
        fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {NULL, params}});
        g_auto(Fmp4InitInfo) info = {0};
        size_t need;
        assert_int_equal(fmp4_read_init(bytes.data, bytes.size, &info, &need), FMP4_OK);
        assert_null(info.tracks[TRACK_VIDEO]);
        assert_true(codec_params_equal(info.tracks[TRACK_AUDIO], params));
        assert_false(info.footage);
    }
}

static void sound_in_flac_and_opus_reads_as_it_was_written(void **state)
{
    CodecParams *written[] = {flac_params(8000, 1, 512, "G.711 A-law"), opus_params(2)};
    static const char *const entries[] = {"fLaC", "Opus"}, *const names[] = {"flac", "opus"};
    for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
        g_autoptr(CodecParams) params = written[i];
        g_auto(ByteWriter) bytes = {0};
        fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {NULL, params}});
        assert_non_null(memmem(bytes.data, bytes.size, entries[i], 4));
        g_auto(Fmp4InitInfo) info = {0};
        size_t need;
        assert_int_equal(fmp4_read_init(bytes.data, bytes.size, &info, &need), FMP4_OK);
        assert_true(codec_params_equal(info.tracks[TRACK_AUDIO], params));
        assert_string_equal(info.tracks[TRACK_AUDIO]->rfc6381, names[i]);
        assert_string_equal(params->rfc6381, names[i]);
        assert_int_equal(info.tracks[TRACK_AUDIO]->sample_rate_hz, params->sample_rate_hz);
        uint8_t *config = memmem(bytes.data, bytes.size, params->config, params->config_bytes);
        assert_non_null(config);
        config -= i == 0 ? 8 : 4; /* the name of dfLa or dOps */
        *config ^= 1;
        fmp4_init_info_clear(&info);
        assert_int_equal(fmp4_read_init(bytes.data, bytes.size, &info, &need), FMP4_BAD);
    }
}

static void the_name_of_an_h265_stream_is_read_from_its_configuration(void **state)
{
    static const uint8_t hvcc[23] = {1, 4, 0x08, 0, 0, 0, 0x9d, 8, 0, 0, 0, 0, 63, 0xf0};
    g_autoptr(CodecParams) params =
        codec_params_new(CODEC_H265, VIDEO_TIMESCALE, hvcc, sizeof hvcc);
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {params}});
    g_auto(Fmp4InitInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_init(bytes.data, bytes.size, &info, &need), FMP4_OK);
    assert_string_equal(info.tracks[TRACK_VIDEO]->rfc6381, "hvc1.4.10.L63.9D.8");
}

static void assert_run(const Fmp4ReadRun *read, const Fmp4Run *written, uint64_t offset)
{
    assert_int_equal(read->decode_time, written->decode_time);
    assert_int_equal(read->count, written->count);
    assert_int_equal(read->offset, offset);
    uint64_t duration = 0, size = 0;
    for (unsigned i = 0; i < written->count; i++) {
        assert_int_equal(read->samples[i].duration, written->samples[i].duration);
        assert_int_equal(read->samples[i].size, written->samples[i].size);
        assert_int_equal(read->samples[i].composition, written->samples[i].composition);
        assert_int_equal(read->samples[i].key, written->samples[i].key);
        duration += written->samples[i].duration;
        size += written->samples[i].size;
    }
    assert_int_equal(read->duration, duration);
    assert_int_equal(read->bytes, size);
}

static void the_head_of_a_fragment_reads_as_it_was_written(void **state)
{
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_fragment(&bytes, &some_fragment);
    g_auto(Fmp4FragmentInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_fragment(bytes.data, bytes.size, &info, &need), FMP4_OK);
    assert_int_equal(info.sequence, 7);
    assert_int_equal(info.prft_us, some_fragment.prft_us);
    assert_int_equal(info.head_bytes, bytes.size);
    assert_int_equal(info.bytes, bytes.size + 41900 + 610);
    assert_run(&info.tracks[TRACK_VIDEO], &some_fragment.tracks[TRACK_VIDEO], bytes.size);
    assert_run(&info.tracks[TRACK_AUDIO], &some_fragment.tracks[TRACK_AUDIO], bytes.size + 41900);
}

static void every_microsecond_survives_ntp_time(void **state)
{
    g_auto(ByteWriter) bytes = {0};
    g_auto(Fmp4FragmentInfo) info = {0};
    const int64_t seconds[] = {1795504059, INT64_C(2085978495), INT64_C(2085978496), 1};
    for (unsigned i = 0; i < 4000; i++) {
        Fmp4Fragment fragment = some_fragment;
        fragment.prft_us = seconds[i % 4] * 1000000 + (i * 251) % 1000000;
        byte_writer_clear(&bytes);
        fmp4_write_fragment(&bytes, &fragment);
        size_t need;
        assert_int_equal(fmp4_read_fragment(bytes.data, bytes.size, &info, &need), FMP4_OK);
        if (i % 4 != 3) /* 1970 lies in the first half of the era, which is read as after 2036 */
            assert_int_equal(info.prft_us, fragment.prft_us);
    }
}

static void a_head_that_is_cut_off_asks_for_more_until_it_is_whole(void **state)
{
    g_auto(ByteWriter) bytes = {0};
    g_autoptr(CodecParams) video = small_h264();
    fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {video}, .footage = true});
    size_t init_bytes = bytes.size, need = 0;
    fmp4_write_fragment(&bytes, &some_fragment);
    g_auto(Fmp4FragmentInfo) info = {0};
    for (size_t size = 0; size < bytes.size - init_bytes; size++) {
        g_autofree uint8_t *part = g_memdup2(bytes.data + init_bytes, size);
        assert_int_equal(fmp4_read_fragment(part, size, &info, &need), FMP4_MORE);
        assert_in_range(need, size + 1, bytes.size - init_bytes);
    }
    g_auto(Fmp4InitInfo) init = {0};
    for (size_t size = 0; size < init_bytes; size++) {
        g_autofree uint8_t *part = g_memdup2(bytes.data, size);
        assert_int_equal(fmp4_read_init(part, size, &init, &need), FMP4_MORE);
        assert_in_range(need, size + 1, init_bytes);
    }
}

static void samples_outside_of_their_fragment_are_refused(void **state)
{
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_fragment(&bytes, &some_fragment);
    patch_u32(&bytes, bytes.size - 8, 8 + 41900 + 609);
    g_auto(Fmp4FragmentInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_fragment(bytes.data, bytes.size, &info, &need), FMP4_BAD);
}

static void a_sample_count_that_the_box_cannot_hold_is_refused(void **state)
{
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_fragment(&bytes, &some_fragment);
    uint8_t *trun = (uint8_t *)memmem(bytes.data, bytes.size, "trun", 4);
    put_u32(trun + 8, UINT32_MAX);
    g_auto(Fmp4FragmentInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_fragment(bytes.data, bytes.size, &info, &need), FMP4_BAD);
}

static void the_head_for_live_says_the_same_as_a_fragment(void **state)
{
    uint8_t head[FMP4_PICTURE_HEAD];
    Fmp4Sample sample = {6000, 12345, -3000, true};
    fmp4_put_picture_head(head, 99, TRACK_VIDEO, UINT64_C(0x1234567890), &sample);
    g_auto(Fmp4FragmentInfo) info = {0};
    size_t need;
    assert_int_equal(fmp4_read_fragment(head, sizeof head, &info, &need), FMP4_OK);
    assert_int_equal(info.sequence, 99);
    assert_int_equal(info.prft_us, FMP4_NO_PRFT);
    assert_int_equal(info.bytes, FMP4_PICTURE_HEAD + 12345);
    assert_run(&info.tracks[TRACK_VIDEO], &(Fmp4Run){UINT64_C(0x1234567890), &sample, 1},
               FMP4_PICTURE_HEAD);
}

/* What ffprobe lists of a file of ours, and that ffmpeg decodes it without a word. */
static void assert_ffmpeg_reads(const SegmentRecipe *recipe, unsigned expect_pictures)
{
    g_autofree char *folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "segment.mp4", NULL);
    make_segment_file(path, recipe);
    g_autofree char *probe = g_strdup_printf(
        "ffprobe -v warning -count_packets -select_streams v -show_entries stream=nb_read_packets "
        "-of csv=p=0 %s 2>&1",
        path);
    g_autofree char *packets = run_program(probe);
    assert_int_equal(atoi(packets), expect_pictures);
    g_autofree char *decode =
        g_strdup_printf("ffmpeg -v warning -guess_layout_max 0 -i %s -f null - 2>&1", path);
    g_autofree char *said = run_program(decode);
    assert_string_equal(said, "");
    g_unlink(path);
    g_rmdir(folder);
}

static void ffmpeg_decodes_our_h264_with_aac_without_a_warning(void **state)
{
    g_autoptr(MadeVideo) video = make_video(
        &(VideoRecipe){.width = 320, .height = 180, .fps = 15, .pictures = 60, .key_interval = 30});
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 4);
    assert_ffmpeg_reads(
        &(SegmentRecipe){
            .video = video, .pictures = 60, .audio = audio, .from_us = INT64_C(1795504059123456)},
        60);
}

static void ffmpeg_decodes_pictures_out_of_order_without_a_warning(void **state)
{
    g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){
        .width = 320, .height = 180, .fps = 25, .pictures = 50, .key_interval = 25, .b_frames = 2});
    assert_ffmpeg_reads(&(SegmentRecipe){.video = video, .pictures = 50}, 50);
}

static void ffmpeg_decodes_our_h265_with_g711_without_a_warning(void **state)
{
    g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){.codec = CODEC_H265,
                                                           .width = 320,
                                                           .height = 180,
                                                           .fps = 10,
                                                           .pictures = 20,
                                                           .key_interval = 10});
    g_autoptr(GPtrArray) audio = make_audio(CODEC_PCMA, 2);
    assert_ffmpeg_reads(&(SegmentRecipe){.video = video, .pictures = 20, .audio = audio}, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_init_part_reads_as_it_was_written),
        cmocka_unit_test(an_init_part_of_one_track_reads_as_it_was_written),
        cmocka_unit_test(sound_in_flac_and_opus_reads_as_it_was_written),
        cmocka_unit_test(the_name_of_an_h265_stream_is_read_from_its_configuration),
        cmocka_unit_test(the_head_of_a_fragment_reads_as_it_was_written),
        cmocka_unit_test(every_microsecond_survives_ntp_time),
        cmocka_unit_test(a_head_that_is_cut_off_asks_for_more_until_it_is_whole),
        cmocka_unit_test(samples_outside_of_their_fragment_are_refused),
        cmocka_unit_test(a_sample_count_that_the_box_cannot_hold_is_refused),
        cmocka_unit_test(the_head_for_live_says_the_same_as_a_fragment),
        cmocka_unit_test(ffmpeg_decodes_our_h264_with_aac_without_a_warning),
        cmocka_unit_test(ffmpeg_decodes_pictures_out_of_order_without_a_warning),
        cmocka_unit_test(ffmpeg_decodes_our_h265_with_g711_without_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
