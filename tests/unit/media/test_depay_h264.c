#include "frames.h"

/* Two parameter sets of x264: 352×288 by 176×144 of the second; and PPS that refer to them. */
#define SPS_A 0x67, 0x42, 0xc0, 0x0d, 0xd9, 0x01, 0x60, 0x96, 0x10
#define SPS_B 0x67, 0x42, 0xc0, 0x0c, 0xd9, 0x02, 0xc4, 0xec, 0x84
#define PPS 0x68, 0xcb, 0x8c, 0xb2
#define PPS_OTHER 0x68, 0xcb, 0x83, 0xcb
#define IDR 0x65, 0x88, 0x84, 0x21   /* first slice, PPS 0 */
#define IDR_2 0x65, 0x50, 0x84, 0x21 /* a later slice */
#define SLICE 0x41, 0x9a, 0x02
#define SLICE_2 0x41, 0x46, 0x9a

static void a_single_unit_with_a_marker_is_a_picture(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, IDR);
    FEED(f, 200, true, SLICE);
    assert_int_equal(f->count, 2);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, IDR);
    assert_true(f->frame[0].key);
    assert_int_equal(f->frame[0].timestamp, 100);
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, SLICE);
    assert_false(f->frame[1].key);
    assert_false(f->frame[1].damaged);
    assert_null(f->frame[1].params);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void an_aggregate_is_taken_apart_and_joined_with_the_rest(void **state) /* R6 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, 0x78, 0, 2, 0x09, 0x10, 0, 9, SPS_A, 0, 0, 0, 4, PPS);
    FEED(f, 100, false, 0x06, 0x05, 0x80);
    FEED(f, 100, false, IDR);
    FEED(f, 100, true, IDR_2);
    assert_int_equal(f->count, 1);
    ASSERT_FRAME(f, 0, 0, 0, 0, 2, 0x09, 0x10, 0, 0, 0, 9, SPS_A, 0, 0, 0, 4, PPS, 0, 0, 0, 3, 0x06,
                 0x05, 0x80, 0, 0, 0, 4, IDR, 0, 0, 0, 4, IDR_2);
    assert_true(f->frame[0].key);
    assert_non_null(f->frame[0].params);
    assert_string_equal(f->frame[0].params->rfc6381, "avc1.42C00D");
    assert_int_equal(f->frame[0].params->width, 352);
    assert_int_equal(f->frame[0].params->height, 288);
}

static void fragments_become_the_unit_they_were(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, 0x7c, 0x85, 0x88, 1);
    FEED(f, 100, false, 0x7c, 0x05, 2, 3);
    FEED(f, 100, true, 0x7c, 0x45, 4);
    ASSERT_FRAME(f, 0, 0, 0, 0, 6, 0x65, 0x88, 1, 2, 3, 4);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void odd_fragments_are_put_together_all_the_same(void **state) /* R5 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, 0x7c, 0xc5, 0x88, 1); /* start and end in one */
    FEED(f, 200, false, 0x7c, 0x81, 0x9a);
    FEED(f, 200, false, 0x7c, 0x25);       /* empty, reserved bit, another type */
    FEED(f, 200, true, 0x7c, 0x01, 2);     /* no end, but the marker */
    FEED(f, 300, false, 0x7c, 0x81, 0x9a); /* no end, another start */
    FEED(f, 300, true, 0x7c, 0xc1, 0x46);
    FEED(f, 400, false, 0x7c);
    assert_int_equal(f->count, 3);
    ASSERT_FRAME(f, 0, 0, 0, 0, 3, 0x65, 0x88, 1);
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, 0x61, 0x9a, 2);
    ASSERT_FRAME(f, 2, 0, 0, 0, 2, 0x61, 0x9a, 0, 0, 0, 2, 0x61, 0x46);
    assert_int_equal(depay_notes(f->depay), DEPAY_BAD_FRAGMENTS);
}

static void pictures_without_markers_end_with_their_time(void **state) /* R1 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, IDR);
    FEED(f, 100, false, IDR_2);
    FEED(f, 200, false, SLICE);
    FEED(f, 300, false, SLICE);
    assert_int_equal(f->count, 2);
    depay_flush(f->depay, keep_frame, f);
    depay_flush(f->depay, keep_frame, f);
    assert_int_equal(f->count, 3);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, IDR, 0, 0, 0, 4, IDR_2);
    assert_int_equal(f->frame[1].timestamp, 200);
    assert_false(f->frame[1].damaged);
    assert_int_equal(depay_notes(f->depay), DEPAY_NO_MARKER);
}

static void a_picture_that_its_marker_did_not_end_is_not_flushed(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, IDR);
    FEED(f, 200, false, SLICE); /* cut: its second slice never came */
    depay_flush(f->depay, keep_frame, f);
    assert_int_equal(f->count, 1);
    g_autoptr(Frames) other = frames_new(CODEC_H264, "");
    FEED(other, 100, false, IDR); /* no markers, and the last fragment missing */
    FEED(other, 100, false, 0x7c, 0x85, 0x50, 1);
    depay_flush(other->depay, keep_frame, other);
    assert_int_equal(other->count, 1);
    assert_true(other->frame[0].damaged);
}

static void with_neither_marker_nor_time_pictures_are_still_told_apart(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 0, false, IDR);
    FEED(f, 0, false, IDR_2);
    FEED(f, 0, false, SLICE);
    FEED(f, 0, false, SPS_A);
    FEED(f, 0, false, PPS);
    FEED(f, 0, false, 0x7c, 0x85, 0x88, 1);
    FEED(f, 0, false, 0x7c, 0x45, 4);
    FEED(f, 0, false, SLICE);
    assert_int_equal(f->count, 3);
    assert_int_equal(f->frame[0].size, 16);
    assert_int_equal(f->frame[1].size, 7);
    assert_int_equal(f->frame[2].size, 4 + 9 + 4 + 4 + 4 + 4);
    assert_true(f->frame[2].key);
}

static void markers_on_parameter_sets_end_nothing(void **state) /* R2 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, SPS_A);
    FEED(f, 100, true, PPS);
    FEED(f, 100, true, 0x06, 0x05, 0x80);
    FEED(f, 100, true, IDR);
    FEED(f, 150, true, SPS_A); /* with a time of their own */
    FEED(f, 150, true, PPS);
    FEED(f, 200, true, IDR);
    assert_int_equal(f->count, 2);
    assert_int_equal(f->frame[0].timestamp, 100);
    assert_int_equal(f->frame[1].timestamp, 200);
    ASSERT_FRAME(f, 1, 0, 0, 0, 9, SPS_A, 0, 0, 0, 4, PPS, 0, 0, 0, 4, IDR);
    assert_int_equal(depay_notes(f->depay), DEPAY_MARKER_EARLY);
}

static void markers_on_each_slice_are_seen_through(void **state) /* R2 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, IDR);
    FEED(f, 100, true, IDR_2); /* too late for the first picture */
    FEED(f, 200, true, SLICE);
    FEED(f, 200, true, SLICE_2);
    FEED(f, 300, true, SLICE);
    FEED(f, 300, true, SLICE_2);
    FEED(f, 400, true, SLICE);
    assert_int_equal(f->count, 3);
    assert_false(f->frame[1].damaged); /* what was thrown away belonged to the first */
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, SLICE, 0, 0, 0, 3, SLICE_2);
    ASSERT_FRAME(f, 2, 0, 0, 0, 3, SLICE, 0, 0, 0, 3, SLICE_2);
    assert_false(f->frame[2].damaged);
    assert_int_equal(depay_notes(f->depay), DEPAY_MARKER_EARLY);
}

static void a_picture_without_an_end_is_dropped_at_the_bound(void **state) /* R3 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    static uint8_t big[64 * 1024];
    FEED(f, 100, true, IDR);
    big[0] = 0x41;
    big[1] = 0x46; /* no first slice */
    for (unsigned i = 0; i < 2 * DEPAY_FRAME_BYTES_MAX / sizeof big; i++)
        feed(f, 200, false, big, sizeof big);
    FEED(f, 300, true, SLICE);
    FEED(f, 400, true, SLICE);
    assert_int_equal(f->count, 3);
    assert_false(f->frame[1].damaged); /* it is whole */
    assert_true(f->frame[1].after_loss);
    assert_false(f->frame[2].damaged || f->frame[2].after_loss);
    assert_true(depay_notes(f->depay) & DEPAY_FRAME_TOO_BIG);
    for (unsigned i = 0; i < 2 * DEPAY_NALS_MAX; i++)
        FEED(f, 500, false, SLICE_2);
    FEED(f, 600, true, SLICE);
    assert_int_equal(f->count, 4);
    assert_int_equal(f->frame[3].timestamp, 600);
}

/* As cameras of many megapixels send it when all moves. */
static void a_key_picture_of_ten_mebibytes_comes_out_whole(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    static uint8_t fragment[32 * 1024] = {0x7c};
    enum { FRAGMENTS = 10 * 1024 * 1024 / sizeof fragment };
    memset(fragment + 2, 0x42, sizeof fragment - 2);
    FEED(f, 100, false, SPS_A);
    FEED(f, 100, false, PPS);
    for (unsigned i = 0; i < FRAGMENTS; i++) {
        fragment[1] = (uint8_t)(i == 0 ? 0x85 : i + 1 < FRAGMENTS ? 0x05 : 0x45);
        fragment[2] = i == 0 ? 0x88 : 0x42;
        feed(f, 100, i + 1 == FRAGMENTS, fragment, sizeof fragment);
    }
    assert_int_equal(f->count, 1);
    assert_true(f->frame[0].key);
    assert_false(f->frame[0].damaged);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void start_codes_in_a_payload_split_it(void **state) /* R4 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, SPS_A, 0, 0, 0, 1, PPS, 0, 0, 1, IDR, 0, 0, 0, 1, IDR_2);
    FEED(f, 200, true, SLICE, 0, 0, 1, SLICE_2);
    FEED(f, 300, true, 0, 0, 0, 1, SLICE);
    ASSERT_FRAME(f, 0, 0, 0, 0, 9, SPS_A, 0, 0, 0, 4, PPS, 0, 0, 0, 4, IDR, 0, 0, 0, 4, IDR_2);
    assert_true(f->frame[0].key);
    assert_non_null(f->frame[0].params);
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, SLICE, 0, 0, 0, 3, SLICE_2);
    ASSERT_FRAME(f, 2, 0, 0, 0, 3, SLICE);
    assert_int_equal(depay_notes(f->depay), DEPAY_ANNEXB);
}

static void start_codes_in_fragments_split_them(void **state) /* R4 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, 0x1c, 0x80, 0, 0, 1, SPS_A, 0); /* header 0: 00 00 00 01 */
    FEED(f, 100, false, 0x1c, 0x00, 0, 1, PPS, 0, 0);
    FEED(f, 100, true, 0x1c, 0x40, 1, IDR);
    ASSERT_FRAME(f, 0, 0, 0, 0, 9, SPS_A, 0, 0, 0, 4, PPS, 0, 0, 0, 4, IDR);
    assert_int_equal(depay_notes(f->depay), DEPAY_ANNEXB);
}

static void a_hole_damages_the_pictures_it_tears(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, IDR);
    FEED(f, 200, false, 0x7c, 0x81, 0x9a, 1);
    depay_lost(f->depay, 1);
    FEED(f, 200, true, 0x7c, 0x41, 3); /* goes on behind the hole: of no use */
    FEED(f, 300, true, SLICE);
    depay_lost(f->depay, 5); /* perhaps a whole picture */
    FEED(f, 500, true, SLICE);
    FEED(f, 600, false, SLICE);
    depay_lost(f->depay, 2); /* the end of one and the beginning of the next */
    FEED(f, 700, true, SLICE_2);
    FEED(f, 800, true, SLICE);
    assert_int_equal(f->count, 7);
    const bool damaged[] = {false, true, false, false, true, true, false};
    for (unsigned i = 0; i < 7; i++) {
        assert_int_equal(f->frame[i].damaged, damaged[i]);
        assert_int_equal(f->frame[i].after_loss, i == 3);
    }
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, 0x61, 0x9a, 1);
    assert_int_equal(depay_notes(f->depay), 0);
}

static void a_lost_end_of_a_picture_costs_no_key_picture_behind_it(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, SPS_A);
    FEED(f, 100, true, IDR);
    FEED(f, 200, false, 0x7c, 0x81, 0x9a, 1);
    depay_lost(f->depay, 1); /* its end, with the marker */
    FEED(f, 300, false, SPS_A);
    FEED(f, 300, false, PPS);
    FEED(f, 300, false, IDR);
    FEED(f, 300, true, IDR_2);
    FEED(f, 400, true, SLICE);
    assert_int_equal(f->count, 4);
    assert_true(f->frame[1].damaged);
    assert_false(f->frame[2].damaged);
    assert_true(f->frame[2].key && f->frame[2].after_loss);
    assert_false(f->frame[3].damaged || f->frame[3].after_loss);
}

static void a_picture_whose_first_slice_is_lost_is_damaged(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, true, SLICE);
    depay_lost(f->depay, 1);
    FEED(f, 200, false, SLICE_2);
    FEED(f, 200, true, SLICE_2);
    FEED(f, 300, false, PPS); /* before the hole, so it is not known what is missing */
    depay_lost(f->depay, 1);
    FEED(f, 300, true, SLICE_2);
    assert_int_equal(f->count, 3);
    assert_true(f->frame[1].damaged && f->frame[2].damaged);
}

static void a_picture_that_lacks_what_others_begin_with_is_damaged(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    for (uint32_t i = 1; i <= 3; i++) {
        FEED(f, 200 * i, false, SPS_A);
        FEED(f, 200 * i, true, IDR);
        depay_lost(f->depay, i - 1);
        if (i == 2) /* a picture, or what it begins with: the next one tells */
            FEED(f, 200 * i + 100, false, 0x06, 0x05, 0x80);
        FEED(f, 200 * i + 100, true, SLICE);
        if (i == 1)
            FEED(f, 350, false, 0x06, 0x05, 0x80);
        if (i == 1)
            FEED(f, 350, true, SLICE);
    }
    assert_int_equal(f->count, 7);
    for (unsigned i = 0; i < 7; i++)
        assert_int_equal(f->frame[i].damaged, i == 6);
    assert_true(f->frame[4].after_loss);
}

static void nothing_is_emitted_after_a_reset_but_what_is_new(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, SPS_A);
    FEED(f, 100, false, PPS);
    FEED(f, 100, false, IDR);
    depay_reset(f->depay);
    FEED(f, 900, true, SLICE);
    assert_int_equal(f->count, 1);
    assert_int_equal(f->frame[0].timestamp, 900);
    assert_false(f->frame[0].key);
}

static void params_come_from_the_sdp_until_the_stream_has_its_own(void **state)
{
    /* SPS_A and PPS in base64 */
    g_autoptr(Frames) f = frames_new(CODEC_H264, "sprop-parameter-sets=Z0LADdkBYJYQ,aMuMsg==");
    FEED(f, 100, true, IDR);
    FEED(f, 200, false, SPS_A);
    FEED(f, 200, false, PPS);
    FEED(f, 200, true, IDR);
    FEED(f, 300, false, SPS_B);
    FEED(f, 300, true, SLICE); /* not before a key picture */
    FEED(f, 400, true, IDR);
    assert_int_equal(f->frame[0].params->width, 352);
    assert_ptr_equal(f->frame[1].params, f->frame[0].params);
    assert_ptr_equal(f->frame[2].params, f->frame[0].params);
    assert_int_equal(f->frame[3].params->width, 176);
    assert_int_equal(f->frame[3].params->config[5], 0xe1); /* one SPS: the SDP's is gone */
}

static void sets_that_alternate_change_the_params_once(void **state) /* R9 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    for (uint32_t i = 0; i < 10; i++) {
        FEED(f, i, false, SPS_A);
        if (i % 2)
            FEED(f, i, false, PPS);
        else
            FEED(f, i, false, PPS_OTHER);
        FEED(f, i, true, IDR);
    }
    unsigned changes = 0;
    for (unsigned i = 1; i < 10; i++)
        changes += f->frame[i].params != f->frame[i - 1].params;
    assert_int_equal(changes, 1);
    assert_int_equal(depay_notes(f->depay), DEPAY_SETS_ALTERNATE);
}

static void a_change_of_size_and_back_changes_the_params_each_time(void **state) /* R9 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    const int width[] = {352, 176, 352};
    for (uint32_t i = 0; i < 3; i++) {
        if (i == 1)
            FEED(f, i, false, SPS_B);
        else
            FEED(f, i, false, SPS_A);
        FEED(f, i, false, PPS);
        FEED(f, i, true, IDR);
        assert_int_equal(f->frame[i].params->width, width[i]);
    }
    assert_int_equal(depay_notes(f->depay), 0);
}

static void an_sps_that_cannot_be_understood_is_recorded_all_the_same(void **state) /* R8 */
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, 0x67, 0x64, 0x00, 0x28, 0, 0, 0x40);
    FEED(f, 100, false, PPS);
    FEED(f, 100, true, IDR);
    assert_int_equal(f->frame[0].params->width, 0);
    assert_int_equal(depay_notes(f->depay), DEPAY_SPS_UNKNOWN);
}

static void kinds_of_other_packetization_modes_are_taken(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "packetization-mode=0");
    FEED(f, 100, true, 0x79, 0, 7, 0, 4, IDR);               /* STAP-B */
    FEED(f, 200, true, 0x7a, 0, 7, 0, 3, 0, 0, 0, SLICE);    /* MTAP16 */
    FEED(f, 300, true, 0x7b, 0, 7, 0, 3, 0, 0, 0, 0, SLICE); /* MTAP24 */
    FEED(f, 400, false, 0x7d, 0x81, 0, 7, 0x9a);             /* FU-B */
    FEED(f, 400, true, 0x7c, 0x41, 2);
    assert_int_equal(f->count, 4);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, IDR);
    ASSERT_FRAME(f, 1, 0, 0, 0, 3, SLICE);
    ASSERT_FRAME(f, 2, 0, 0, 0, 3, SLICE);
    ASSERT_FRAME(f, 3, 0, 0, 0, 3, 0x61, 0x9a, 2);
}

static void packets_of_no_use_are_noted_and_left_out(void **state)
{
    g_autoptr(Frames) f = frames_new(CODEC_H264, "");
    FEED(f, 100, false, 0x78, 0, 4, IDR, 0, 9, 0x41);  /* cut short */
    FEED(f, 100, false, 0x78, 0, 4, 0x78, 0, 1, 0x41); /* aggregate within an aggregate */
    FEED(f, 100, false, 0x1f, 1, 2, 3);
    feed(f, 100, true, "", 0);
    assert_int_equal(f->count, 1);
    ASSERT_FRAME(f, 0, 0, 0, 0, 4, IDR);
    assert_int_equal(depay_notes(f->depay), DEPAY_UNKNOWN_PACKETS);
}

static void every_note_has_its_text(void **state)
{
    for (unsigned i = 0; i < DEPAY_NOTES; i++)
        assert_true(strlen(depay_note_text((DepayNote)(1u << i))) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_unit_with_a_marker_is_a_picture),
        cmocka_unit_test(an_aggregate_is_taken_apart_and_joined_with_the_rest),
        cmocka_unit_test(fragments_become_the_unit_they_were),
        cmocka_unit_test(odd_fragments_are_put_together_all_the_same),
        cmocka_unit_test(pictures_without_markers_end_with_their_time),
        cmocka_unit_test(a_picture_that_its_marker_did_not_end_is_not_flushed),
        cmocka_unit_test(with_neither_marker_nor_time_pictures_are_still_told_apart),
        cmocka_unit_test(markers_on_parameter_sets_end_nothing),
        cmocka_unit_test(markers_on_each_slice_are_seen_through),
        cmocka_unit_test(a_picture_without_an_end_is_dropped_at_the_bound),
        cmocka_unit_test(a_key_picture_of_ten_mebibytes_comes_out_whole),
        cmocka_unit_test(start_codes_in_a_payload_split_it),
        cmocka_unit_test(start_codes_in_fragments_split_them),
        cmocka_unit_test(a_hole_damages_the_pictures_it_tears),
        cmocka_unit_test(a_lost_end_of_a_picture_costs_no_key_picture_behind_it),
        cmocka_unit_test(a_picture_that_lacks_what_others_begin_with_is_damaged),
        cmocka_unit_test(a_picture_whose_first_slice_is_lost_is_damaged),
        cmocka_unit_test(nothing_is_emitted_after_a_reset_but_what_is_new),
        cmocka_unit_test(params_come_from_the_sdp_until_the_stream_has_its_own),
        cmocka_unit_test(sets_that_alternate_change_the_params_once),
        cmocka_unit_test(a_change_of_size_and_back_changes_the_params_each_time),
        cmocka_unit_test(an_sps_that_cannot_be_understood_is_recorded_all_the_same),
        cmocka_unit_test(kinds_of_other_packetization_modes_are_taken),
        cmocka_unit_test(packets_of_no_use_are_noted_and_left_out),
        cmocka_unit_test(every_note_has_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
