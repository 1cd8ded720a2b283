#include "base/ntp.h"
#include "media/rtcp.h"
#include "unit.h"

#include "base/bytes.h"

#include <string.h>

static void csrcs_extension_and_padding_are_left_out_of_the_payload(void **state)
{
    const uint8_t data[] = {0xb1, 0xe0, 0x12, 0x34, 0, 0, 0, 9, 1, 2, 3, 4, /* header */
                            5,    6,    7,    8,                            /* CSRC */
                            0xab, 0xac, 0,    1,    0, 0, 0, 0,             /* extension */
                            0x65, 0x88, 0,    2};                           /* payload, padding */
    RtpPacket packet;
    assert_true(rtp_parse(data, sizeof data, &packet));
    assert_int_equal(packet.payload_type, 96);
    assert_true(packet.marker);
    assert_int_equal(packet.sequence, 0x1234);
    assert_int_equal(packet.timestamp, 9);
    assert_int_equal(packet.ssrc, 0x01020304);
    assert_int_equal(packet.size, 2);
    assert_int_equal(packet.payload[0], 0x65);
}

static void lengths_that_do_not_fit_are_refused(void **state)
{
    uint8_t data[16] = {0x80, 96};
    RtpPacket packet;
    assert_true(rtp_parse(data, 12, &packet));
    assert_int_equal(packet.size, 0);
    assert_false(rtp_parse(data, 11, &packet));
    data[0] = 0x40; /* version 1 */
    assert_false(rtp_parse(data, 16, &packet));
    data[0] = 0x82; /* two CSRCs do not fit */
    assert_false(rtp_parse(data, 16, &packet));
    data[0] = 0x90; /* extension of 65535 words */
    data[14] = data[15] = 0xff;
    assert_false(rtp_parse(data, 16, &packet));
    data[0] = 0xa0; /* more padding than payload */
    data[15] = 5;
    assert_false(rtp_parse(data, 16, &packet));
}

static void holes_are_counted_over_the_wrap(void **state)
{
    RtpSequence sequence = {0};
    unsigned missing;
    assert_int_equal(rtp_sequence_add(&sequence, 65533, &missing), RTP_NEXT);
    assert_int_equal(rtp_sequence_add(&sequence, 65534, &missing), RTP_NEXT);
    assert_int_equal(rtp_sequence_add(&sequence, 2, &missing), RTP_HOLE);
    assert_int_equal(missing, 3);
    assert_int_equal(rtp_sequence_add(&sequence, 1, &missing), RTP_LATE);
    assert_int_equal(rtp_sequence_add(&sequence, 2, &missing), RTP_LATE);
    assert_int_equal(rtp_sequence_add(&sequence, 3, &missing), RTP_NEXT);
    assert_int_equal(sequence.lost, 3);
    assert_int_equal(sequence.late, 2);
    assert_int_equal(sequence.received, 4);
}

static void one_packet_far_off_is_late_and_two_are_a_restart(void **state)
{
    RtpSequence sequence = {0};
    unsigned missing;
    rtp_sequence_add(&sequence, 100, &missing);
    assert_int_equal(rtp_sequence_add(&sequence, 30000, &missing), RTP_LATE);
    assert_int_equal(rtp_sequence_add(&sequence, 101, &missing), RTP_NEXT);
    assert_int_equal(rtp_sequence_add(&sequence, 50000, &missing), RTP_LATE);
    assert_int_equal(rtp_sequence_add(&sequence, 50001, &missing), RTP_RESTART);
    assert_int_equal(rtp_sequence_add(&sequence, 50002, &missing), RTP_NEXT);
    assert_int_equal(sequence.restarts, 1);
    assert_int_equal(sequence.lost, 0);
}

static void time_stamps_go_on_over_the_wrap_and_backwards(void **state)
{
    RtpUnwrap unwrap = {0};
    assert_int_equal(rtp_unwrap(&unwrap, 0xfffffff0), 0xfffffff0);
    assert_int_equal(rtp_unwrap(&unwrap, 0x10), 0x100000010);
    assert_int_equal(rtp_unwrap(&unwrap, 0xfffffff0), 0xfffffff0);
    unwrap = (RtpUnwrap){0};
    assert_int_equal(rtp_unwrap(&unwrap, 5), 5);
    assert_int_equal(rtp_unwrap(&unwrap, 0xfffffffe), -2);
}

/* SR and SDES, as servers send them. */
static const uint8_t compound[] = {
    0x80, 0xc8, 0x00, 0x06, 0xb5, 0x4c, 0x92, 0x79, 0xed, 0x01, 0x02, 0x03, 0x80, 0x00, 0x00,
    0x00, 0x7b, 0x5c, 0x0a, 0xba, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x10, 0x00, 0x81, 0xca,
    0x00, 0x03, 0xb5, 0x4c, 0x92, 0x79, 0x01, 0x04, 'u',  's',  'e',  'r',  0x00, 0x00,
};

static void a_sender_report_is_read_whatever_follows_it(void **state)
{
    RtcpInfo info;
    assert_true(rtcp_parse(compound, sizeof compound, &info));
    assert_true(info.sender_report);
    assert_false(info.bye);
    assert_int_equal(info.ssrc, 0xb54c9279);
    assert_int_equal(info.timestamp, 0x7b5c0aba);
    assert_int_equal(info.packets, 10);
    assert_int_equal(info.octets, 4096);
    assert_true(rtcp_parse(compound, 30, &info)); /* SDES cut off */
    assert_false(rtcp_parse(compound, 20, &info));
}

static void a_bye_is_seen_with_wrong_lengths(void **state)
{
    const uint8_t bye[] = {0x81, 0xcb, 0x00, 0x09, 1, 2, 3, 4};
    RtcpInfo info;
    assert_true(rtcp_parse(bye, sizeof bye, &info));
    assert_true(info.bye);
}

static void ntp_times_are_read_on_both_sides_of_2036(void **state)
{
    assert_int_equal(ntp_to_us(2208988800ull << 32 | 0x80000000u), 500000);
    assert_int_equal(ntp_to_us(0xffffffffull << 32), (4294967295ll - 2208988800ll) * 1000000);
    assert_int_equal(ntp_to_us(0), (4294967296ll - 2208988800ll) * 1000000);
    const int64_t times_us[] = {0, 1, 1795507200123457, 2085978495999999, 2085978496000001};
    for (size_t i = 0; i < G_N_ELEMENTS(times_us); i++)
        assert_int_equal(ntp_to_us(ntp_from_us(times_us[i])), times_us[i]);
}

static void a_report_tells_loss_since_the_last_one(void **state)
{
    RtpSequence sequence = {0};
    RtcpReport report = {
        .own_ssrc = 1, .source_ssrc = 2, .last_sr_ntp = 0x1122334455667788, .since_sr_us = 500000};
    unsigned missing;
    for (uint16_t i = 0; i < 30; i = (uint16_t)(i + 1 + (i == 9) * 10))
        rtp_sequence_add(&sequence, i, &missing); /* 10 of 30 missing */
    uint8_t out[RTCP_REPORT_BYTES_MAX];
    size_t size = rtcp_report_write(&report, &sequence, "vonglau", out);
    assert_int_equal(size, 32 + 20);
    assert_int_equal(get_u32(out), 0x81c90007);
    assert_int_equal(get_u32(out + 8), 2);
    assert_int_equal(out[12], 256 * 10 / 30);
    assert_int_equal(get_u32(out + 12) & 0xffffff, 10);
    assert_int_equal(get_u32(out + 16), 29);
    assert_int_equal(get_u32(out + 24), 0x33445566);
    assert_int_equal(get_u32(out + 28), 32768);
    assert_int_equal(get_u32(out + 32), 0x81ca0004);
    assert_memory_equal(out + 40, "\x01\x07vonglau\0", 10);
    rtp_sequence_add(&sequence, 30, &missing);
    rtcp_report_write(&report, &sequence, "vonglau", out);
    assert_int_equal(out[12], 0);
    assert_int_equal(get_u32(out + 12) & 0xffffff, 10);
}

static void a_report_with_a_long_name_fits_its_buffer(void **state)
{
    RtpSequence sequence = {0};
    RtcpReport report = {0};
    char name[300];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    uint8_t out[RTCP_REPORT_BYTES_MAX];
    size_t size = rtcp_report_write(&report, &sequence, name, out);
    assert_true(size <= sizeof out);
    assert_int_equal(size % 4, 0);
    RtcpInfo info;
    assert_false(rtcp_parse(out, size, &info));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csrcs_extension_and_padding_are_left_out_of_the_payload),
        cmocka_unit_test(lengths_that_do_not_fit_are_refused),
        cmocka_unit_test(holes_are_counted_over_the_wrap),
        cmocka_unit_test(one_packet_far_off_is_late_and_two_are_a_restart),
        cmocka_unit_test(time_stamps_go_on_over_the_wrap_and_backwards),
        cmocka_unit_test(a_sender_report_is_read_whatever_follows_it),
        cmocka_unit_test(a_bye_is_seen_with_wrong_lengths),
        cmocka_unit_test(ntp_times_are_read_on_both_sides_of_2036),
        cmocka_unit_test(a_report_tells_loss_since_the_last_one),
        cmocka_unit_test(a_report_with_a_long_name_fits_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
