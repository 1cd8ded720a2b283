/* Sound beside the pictures: it is recorded whole, and goes on from one segment to the next. */
#include "../make_video.h"
#include "archive_rig.h"

#include "archive/segment.h"
#include "archive/segment_read.h"

#include <stdlib.h>
#include <string.h>

/* Where a sealed segment lies. Owned. */
static char *path_of(const Rig *rig, const GArray *seals, guint i)
{
    char id[UUID_TEXT];
    return g_build_filename(rig->dir, "footage", uuid_text(&rig->camera, id),
                            g_array_index(seals, SegmentSeal, i).file, NULL);
}

static void publish(Rig *rig, const AccessUnit *made, int64_t capture_us, bool run_start)
{
    g_autoptr(AccessUnit) unit = access_unit_new(made->params, made->track, made->size);
    memcpy(unit->data, made->data, made->size);
    unit->key = made->key;
    unit->pts = made->pts;
    unit->capture_us = capture_us;
    unit->run_start = run_start;
    unit->run = rig->run;
    hub_publish(rig->hub, unit);
}

/* Video in decode order with the sound between it, as a camera sends them. */
static void feed_made(Rig *rig, const MadeVideo *video, const GPtrArray *audio)
{
    guint next = 0;
    for (guint i = 0; i < video->units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(video->units, i);
        int64_t at_us = rig->now_us + unit->pts * 100 / 9;
        for (; audio && next < audio->len; next++) {
            const AccessUnit *sound = g_ptr_array_index(audio, next);
            int64_t sound_us =
                rig->now_us + sound->pts * SECOND_US / (int64_t)sound->params->timescale;
            if (sound_us > at_us)
                break;
            publish(rig, sound, sound_us, false);
        }
        publish(rig, unit, at_us, i == 0);
    }
}

static char *only_file(Rig *rig)
{
    g_autoptr(GArray) seals = rig_seals(rig);
    assert_int_equal(seals->len, 1);
    return path_of(rig, seals, 0);
}

/* That FFmpeg does not read a comment within dfLa is no fault. */
static void expect_clean(const char *path, const char *stream, unsigned frames)
{
    g_autofree char *command =
        g_strdup_printf("ffprobe -v warning -select_streams %s -count_frames -show_entries "
                        "stream=nb_read_frames -of csv=p=0 %s 2>&1 | grep -v 'non-STREAMINFO'",
                        stream, path);
    g_autofree char *answer = run_program(command);
    g_autofree char *expected = g_strdup_printf("%u\n", frames);
    assert_string_equal(answer, expected);
}

static void b_pictures_and_sound_are_decoded_whole(void **state)
{
    const VideoRecipe recipe = {.width = 160,
                                .height = 96,
                                .fps = 15,
                                .pictures = 15 * 9,
                                .key_interval = 30,
                                .b_frames = 2};
    const Codec codecs[] = {CODEC_AAC, CODEC_PCMA, CODEC_FLAC, CODEC_OPUS};
    g_autoptr(MadeVideo) video = make_video(&recipe);
    for (unsigned i = 0; i < G_N_ELEMENTS(codecs); i++) {
        Rig rig = {0};
        rig_start(&rig);
        g_autoptr(GPtrArray) audio = make_audio(codecs[i], 9);
        feed_made(&rig, video, audio);
        rig_stop(&rig);
        g_autofree char *path = only_file(&rig);
        expect_clean(path, "v", recipe.pictures);
        g_autofree char *times = g_strdup_printf(
            "ffprobe -v error -select_streams v -show_entries frame=pts_time -of csv=p=0 %s"
            " | tr -d ',' | grep . | awk 'NR>1 && ($1-last<0.066 || $1-last>0.067) {print}"
            " {last=$1}'",
            path);
        g_autofree char *uneven = run_program(times);
        assert_string_equal(uneven, "");
        g_autofree char *sound = g_strdup_printf(
            "ffprobe -v warning -select_streams a -show_entries packet=pts_time,duration_time"
            " -of csv=p=0 %s 2>&1 | grep -v 'non-STREAMINFO' | awk -F, 'NR>1 && ($1-end>0.001 || "
            "end-$1>0.001) {print}"
            " {end=$1+($2==\"N/A\"?%s:$2)} END {if (end<8.5) print end}'",
            path, codecs[i] == CODEC_FLAC ? "0.064" : "0.02");
        g_autofree char *holes = run_program(sound);
        assert_string_equal(holes, "");
        rig_end(&rig);
    }
}

static void sound_that_comes_late_gets_a_track_at_the_next_key_picture(void **state)
{
    const VideoRecipe recipe = {
        .width = 160, .height = 96, .fps = 15, .pictures = 15 * 30, .key_interval = 30};
    Rig rig = {0};
    rig_start(&rig);
    g_autoptr(MadeVideo) video = make_video(&recipe);
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 30);
    /* As if the first 15 s of it had not been sent. */
    guint late = 0;
    while (late < audio->len) {
        const AccessUnit *sound = g_ptr_array_index(audio, late);
        if (sound->pts >= 15 * (int64_t)sound->params->timescale)
            break;
        late++;
    }
    g_ptr_array_remove_range(audio, 0, late);
    feed_made(&rig, video, audio);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 2);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *path = path_of(&rig, seals, i);
        g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
        assert_int_equal(segment_reader_init(reader)->tracks[TRACK_AUDIO] != NULL, i == 1);
    }
    const SegmentSeal *first = &g_array_index(seals, SegmentSeal, 0), *second = first + 1;
    assert_int_equal(first->pictures + second->pictures, recipe.pictures);
    assert_int_equal(second->gap_count, 0);
    assert_true(second->from_us < RIG_START_US + 18 * SECOND_US);
    rig_end(&rig);
}

/* What lies between two pictures of a camera, in the order in which it is sent: sound when its
 * frame is full, so that the one that is going on when a picture is taken comes behind it. */
static void feed_as_sent(Rig *rig, const MadeVideo *video, const GPtrArray *audio)
{
    guint next = 0;
    for (guint i = 0; i < video->units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(video->units, i);
        int64_t at_us = rig->now_us + unit->pts * 100 / 9;
        for (; next < audio->len; next++) {
            const AccessUnit *sound = g_ptr_array_index(audio, next);
            int64_t hz = sound->params->timescale,
                    sound_us = rig->now_us + sound->pts * SECOND_US / hz;
            if (sound_us + 1024 * SECOND_US / hz > at_us)
                break;
            publish(rig, sound, sound_us, false);
        }
        publish(rig, unit, at_us, i == 0);
    }
}

typedef struct Told {
    const GPtrArray *audio;
    int64_t zero_us; /* of the sound */
    guint next;      /* of `audio`, expected */
} Told;

/* The next frames of `told->audio` are there, none twice, each where it was heard: but the one that
 * was going on when the segment began, which begins with it. */
static void expect_sound(Told *told, const char *path)
{
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
    const Fmp4FragmentInfo *fragment;
    uint64_t at;
    while (segment_reader_next(reader, &fragment, &at, NULL)) {
        const Fmp4ReadRun *run = &fragment->tracks[TRACK_AUDIO];
        int64_t zero_us =
            fragment->prft_us - (int64_t)fragment->tracks[TRACK_VIDEO].decode_time * 100 / 9;
        int64_t ticks = (int64_t)run->decode_time;
        for (unsigned i = 0; i < run->count; i++, ticks += run->samples[i - 1].duration) {
            const AccessUnit *sent = g_ptr_array_index(told->audio, told->next++);
            int64_t hz = sent->params->timescale;
            int64_t heard_us = told->zero_us + sent->pts * SECOND_US / hz;
            assert_int_equal(run->samples[i].size, sent->size);
            int64_t late_us = zero_us + ticks * SECOND_US / hz - heard_us;
            if (ticks == 0)
                assert_in_range(late_us, 0, 1024 * SECOND_US / hz);
            else
                assert_true(llabs(late_us) < 1000);
        }
    }
}

/* The first segment ends `first_us` after its begin, and some time when that is 0. */
static void feed_over_joins(int64_t first_us)
{
    const VideoRecipe recipe = {
        .width = 160, .height = 96, .fps = 10, .pictures = 10 * 150, .key_interval = 10};
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    g_autoptr(MadeVideo) video = make_video(&recipe);
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 151);
    if (first_us)
        rig_time(&rig, segment_until_us(&rig.camera, rig.now_us, MINUTE_US) - first_us);
    Told told = {.audio = audio, .zero_us = rig.now_us};
    feed_as_sent(&rig, video, audio);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_in_range(seals->len, 3, 4);
    for (guint i = 0; i < seals->len; i++) {
        g_autofree char *path = path_of(&rig, seals, i);
        expect_sound(&told, path);
    }
    assert_true(told.next + 3 > 150 * 16000 / 1024);
    rig_end(&rig);
}

static void no_sound_is_lost_where_one_segment_follows_another(void **state)
{
    feed_over_joins(0);
}

static void no_sound_is_lost_where_a_segment_ends_within_its_first_second(void **state)
{
    feed_over_joins(SECOND_US / 2);
}

static bool declares_sound(const Rig *rig, const GArray *seals, guint i)
{
    g_autofree char *path = path_of(rig, seals, i);
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, NULL);
    return segment_reader_init(reader)->tracks[TRACK_AUDIO] != NULL;
}

/* The sound between two times of `audio`, which begins with the pictures, is not sent. */
static void silence_between(GPtrArray *audio, int64_t from_s, int64_t to_s)
{
    for (guint i = audio->len; i-- > 0;) {
        const AccessUnit *sound = g_ptr_array_index(audio, i);
        int64_t at_s = sound->pts / (int64_t)sound->params->timescale;
        if (at_s >= from_s && at_s < to_s)
            g_ptr_array_remove_index(audio, i);
    }
}

static void a_segment_after_the_sound_has_ended_declares_none(void **state)
{
    const VideoRecipe recipe = {
        .width = 160, .height = 96, .fps = 10, .pictures = 10 * 240, .key_interval = 10};
    Rig rig = {.settings.segment_us = MINUTE_US};
    rig_start(&rig);
    g_autoptr(MadeVideo) video = make_video(&recipe);
    g_autoptr(GPtrArray) audio = make_audio(CODEC_AAC, 241);
    rig_time(&rig, segment_until_us(&rig.camera, rig.now_us, MINUTE_US));
    silence_between(audio, 40, 200); /* four minutes; the last one's segment is cut in two by it */
    feed_made(&rig, video, audio);
    rig_stop(&rig);
    g_autoptr(GArray) seals = rig_seals(&rig);
    assert_int_equal(seals->len, 5);
    const bool expected[] = {true, false, false, false, true};
    for (guint i = 0; i < seals->len; i++) {
        assert_int_equal(declares_sound(&rig, seals, i), expected[i]);
        assert_int_equal(g_array_index(seals, SegmentSeal, i).gap_count, 0);
    }
    int64_t again_us = g_array_index(seals, SegmentSeal, 4).from_us - rig.now_us;
    assert_in_range(again_us, 200 * SECOND_US, 202 * SECOND_US);
    rig_end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b_pictures_and_sound_are_decoded_whole),
        cmocka_unit_test(sound_that_comes_late_gets_a_track_at_the_next_key_picture),
        cmocka_unit_test(no_sound_is_lost_where_one_segment_follows_another),
        cmocka_unit_test(no_sound_is_lost_where_a_segment_ends_within_its_first_second),
        cmocka_unit_test(a_segment_after_the_sound_has_ended_declares_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
