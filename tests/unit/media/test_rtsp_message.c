#include "media/rtsp_message.h"
#include "unit.h"

#include <string.h>

static RtspItemKind next(RtspFraming *framing, const char *text, RtspItem *item)
{
    return rtsp_next(framing, (const uint8_t *)text, strlen(text), item);
}

static bool is(RtspText text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static void an_answer_with_a_body_is_one_item(void **state)
{
    RtspFraming framing = {0};
    RtspItem item;
    const char *text = "RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Type: application/sdp\r\n"
                       "Content-Length: 5\r\n\r\nv=0\r\n$";
    assert_int_equal(next(&framing, text, &item), RTSP_RESPONSE);
    assert_int_equal(item.status, 200);
    assert_true(is(item.reason, "OK"));
    assert_int_equal(rtsp_cseq(&item), 3);
    assert_true(is(rtsp_header(&item, "content-type"), "application/sdp"));
    assert_null(rtsp_header(&item, "Server").data);
    assert_int_equal(item.size, 5);
    assert_memory_equal(item.data, "v=0\r\n", 5);
    assert_int_equal(item.consumed, strlen(text) - 1);
}

static void untidy_answers_are_accepted(void **state)
{
    static const struct {
        const char *text;
        int status;
        const char *reason;
    } known[] = {
        {"RTSP/1.0 200\r\nCSeq: 1\r\n\r\n", 200, ""},
        {"RTSP/1.0 401 \r\nCSeq:1\r\n\r\n", 401, ""},
        {"RTSP/1.0 200 OK\nCSeq: 1 \n\n", 200, "OK"},
        {"\r\n\r\nRTSP/1.0  454  Session Not Found  \r\ncseq :\t1\t\r\nrubbish\r\n  folded: "
         "x\r\n\r\n",
         454, "Session Not Found"},
        {"RTSP/1.0 200 O\rK\r\nX: a\x01z\r\nCSeq: 1\r\n\r\n", 200, "O"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        RtspFraming framing = {0};
        RtspItem item;
        assert_int_equal(next(&framing, known[i].text, &item), RTSP_RESPONSE);
        assert_int_equal(item.status, known[i].status);
        assert_true(is(item.reason, known[i].reason));
        assert_int_equal(rtsp_cseq(&item), 1);
        assert_int_equal(item.consumed, strlen(known[i].text));
        for (size_t k = 0; k < item.header_count; k++)
            for (size_t c = 0; c < item.headers[k].value.size; c++)
                assert_false(g_ascii_iscntrl(item.headers[k].value.data[c]));
    }
}

static void an_item_is_the_same_however_it_is_cut(void **state)
{
    const char text[] = "\r\n$\0\0\x0c\x80------------" /* 13 bytes said to be 12: one left */
                        "RTSP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab";
    const size_t frame = 2 + 4 + 12;
    uint8_t data[sizeof text];
    memcpy(data, text, sizeof text);
    memmove(data + frame, data + frame + 1, sizeof text - frame - 1);
    size_t size = sizeof text - 2;
    for (size_t have = 0; have <= size; have++) {
        RtspFraming framing = {0};
        RtspItem item;
        rtsp_framing_allow(&framing, 0);
        g_autofree uint8_t *part = g_memdup2(data, have); /* exact, for the sanitizers */
        RtspItemKind kind = rtsp_next(&framing, part, have, &item);
        assert_int_equal(kind, have < frame ? RTSP_NEED_MORE : RTSP_FRAME);
        if (kind == RTSP_NEED_MORE) {
            assert_true(item.consumed <= have);
            assert_true(item.consumed + item.need > have);
            continue;
        }
        assert_int_equal(item.size, 12);
        assert_int_equal(item.consumed, frame);
        kind = rtsp_next(&framing, part + frame, have - frame, &item);
        assert_int_equal(kind, have < size ? RTSP_NEED_MORE : RTSP_RESPONSE);
    }
}

static void frames_of_unknown_channels_come_out_too(void **state) /* S14 */
{
    const uint8_t data[] = {'$', 9, 0, 4, 0x80, 1, 2, 3, '$', 0, 0, 0};
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(rtsp_next(&framing, data, sizeof data, &item), RTSP_FRAME);
    assert_int_equal(item.channel, 9);
    assert_int_equal(item.size, 4);
    assert_int_equal(rtsp_next(&framing, data + 8, 4, &item), RTSP_FRAME);
    assert_int_equal(item.size, 0);
}

static void a_request_of_the_server_is_told_apart(void **state)
{
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(next(&framing, "OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 9\r\n\r\n", &item),
                     RTSP_REQUEST);
    assert_true(is(item.method, "OPTIONS"));
    assert_true(is(item.url, "rtsp://h/x"));
    assert_int_equal(rtsp_cseq(&item), 9);
}

static void after_garbage_the_next_believable_item_is_found(void **state) /* S15, S16 */
{
    /* A '$' of a strange channel, one with a length that leads nowhere, then a true frame. */
    uint8_t data[400];
    memset(data, 'x', sizeof data);
    memcpy(data + 20, "$\x37\x00\x08\x80", 5);
    memcpy(data + 40, "$\x00\x00\x20\x80", 5);
    memcpy(data + 100, "$\x00\x00\x10\x80", 5);
    memcpy(data + 120, "$\x01\x00\x08\x80", 5);
    memcpy(data + 132, "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", 28);
    RtspFraming framing = {0};
    rtsp_framing_allow(&framing, 0);
    rtsp_framing_allow(&framing, 1);
    RtspItem item;
    size_t at = 0, garbage = 0;
    RtspItemKind kinds[3];
    for (unsigned found = 0; found < 3;) {
        RtspItemKind kind = rtsp_next(&framing, data + at, 160 - at, &item);
        assert_int_not_equal(kind, RTSP_NEED_MORE);
        garbage += kind == RTSP_GARBAGE ? item.consumed : 0;
        if (kind != RTSP_GARBAGE)
            kinds[found++] = kind;
        at += item.consumed;
    }
    assert_int_equal(garbage, 100);
    assert_int_equal(kinds[0], RTSP_FRAME);
    assert_int_equal(kinds[1], RTSP_FRAME);
    assert_int_equal(kinds[2], RTSP_RESPONSE);
    assert_int_equal(at, 160);
    assert_false(framing.lost);
}

static void what_is_not_rtsp_is_garbage_at_once(void **state)
{
    static const char *const known[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                        "\x16\x03\x01\x02\x00",
                                        "SSH-2.0-x\r\n",
                                        "RTSP/1.0 OK\r\n\r\n",
                                        "GET / HTTP/1.1\r\n\r\n",
                                        "RTSP/1.0 200 OK\r\nContent-Length: 2000000\r\n\r\n",
                                        "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n"};
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        RtspFraming framing = {0};
        RtspItem item;
        assert_int_equal(next(&framing, known[i], &item), RTSP_GARBAGE);
        assert_true(item.consumed > 0);
    }
}

static void a_head_without_an_end_is_given_up(void **state)
{
    g_autofree char *text = g_strnfill(RTSP_HEAD_BYTES_MAX + 1, 'a');
    memcpy(text, "RTSP/1.0 200 OK\r\n", 17);
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(rtsp_next(&framing, (uint8_t *)text, 1000, &item), RTSP_NEED_MORE);
    assert_int_equal(next(&framing, text, &item), RTSP_GARBAGE);
}

/* An answer that never ends, whose every line could be the beginning of one. */
static void no_byte_of_garbage_is_looked_at_again_and_again(void **state)
{
    static const char line[] = "RTSP/1.0 200 OK\r\n";
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < 16 * RTSP_HEAD_BYTES_MAX)
        g_string_append(text, line);
    RtspFraming framing = {0};
    RtspItem item;
    unsigned turns = 0;
    for (size_t at = 0;
         rtsp_next(&framing, (uint8_t *)text->str + at, text->len - at, &item) != RTSP_NEED_MORE;
         at += item.consumed)
        turns++;
    assert_in_range(turns, 1, 2 * 16); /* each looks at RTSP_HEAD_BYTES_MAX at most */
}

static void headers_beyond_the_bound_are_dropped(void **state)
{
    g_autoptr(GString) text = g_string_new("RTSP/1.0 200 OK\r\n");
    for (int i = 0; i < 500; i++)
        g_string_append_printf(text, "X-%d: %d\r\n", i, i);
    g_string_append(text, "\r\n");
    RtspFraming framing = {0};
    RtspItem item;
    assert_int_equal(next(&framing, text->str, &item), RTSP_RESPONSE);
    assert_int_equal(item.header_count, RTSP_HEADERS_MAX);
    assert_int_equal(item.consumed, text->len);
}

static void a_request_is_written_with_the_fields_it_has(void **state)
{
    g_auto(ByteWriter) out = {0};
    const RtspField fields[] = {{"User-Agent", "vonglau"}, {"Session", NULL}, {"Accept", "x/y"}};
    rtsp_request_write(&out, RTSP_DESCRIBE, "rtsp://h/x", 2, fields, 3);
    rtsp_response_write(&out, 501, "Not Implemented", 7);
    write_u8(&out, 0);
    assert_string_equal((char *)out.data,
                        "DESCRIBE rtsp://h/x RTSP/1.0\r\nCSeq: 2\r\nUser-Agent: vonglau\r\n"
                        "Accept: x/y\r\n\r\nRTSP/1.0 501 Not Implemented\r\nCSeq: 7\r\n\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_with_a_body_is_one_item),
        cmocka_unit_test(untidy_answers_are_accepted),
        cmocka_unit_test(an_item_is_the_same_however_it_is_cut),
        cmocka_unit_test(frames_of_unknown_channels_come_out_too),
        cmocka_unit_test(a_request_of_the_server_is_told_apart),
        cmocka_unit_test(after_garbage_the_next_believable_item_is_found),
        cmocka_unit_test(what_is_not_rtsp_is_garbage_at_once),
        cmocka_unit_test(a_head_without_an_end_is_given_up),
        cmocka_unit_test(no_byte_of_garbage_is_looked_at_again_and_again),
        cmocka_unit_test(headers_beyond_the_bound_are_dropped),
        cmocka_unit_test(a_request_is_written_with_the_fields_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
