/* The simulator by itself, seen through another RTSP client (libavformat): are pictures marked,
 * numbered without holes, told truly, and can the strip of blocks be read? */
#include "base/clock.h"
#include "harness.h"
#include "media/sim_sei.h"
#include "unit.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <string.h>

enum { CAMERAS = 8, LIVE = 1, MARKS_MOST = 200, STRIP_BLOCKS = 40 };

static Sim sim;

static int set_up(void **state)
{
    sim = sim_start_with_live(CAMERAS, LIVE);
    return 0;
}

static int tear_down(void **state)
{
    sim_stop(&sim);
    return 0;
}

static const char *text_of(const Json *camera, const char *member)
{
    return json_string_value(json_object_get(camera, member));
}

static int64_t number_of(const Json *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

typedef struct Reader {
    AVFormatContext *format;
    AVCodecContext *decoder;
    Codec codec;
    int video;
} Reader;

static bool reader_open(Reader *reader, const Json *camera, const char *stream, bool good_password)
{
    const char *address = text_of(camera, stream);
    g_autofree char *user = g_uri_escape_string(text_of(camera, "user"), NULL, FALSE);
    g_autofree char *password =
        g_uri_escape_string(good_password ? text_of(camera, "password") : "wrong", NULL, FALSE);
    g_autofree char *url =
        *user ? g_strdup_printf("rtsp://%s:%s@%s", user, password, address + strlen("rtsp://"))
              : g_strdup(address);
    AVDictionary *options = NULL;
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    int got = avformat_open_input(&reader->format, url, NULL, &options);
    av_dict_free(&options);
    if (got < 0)
        return false;
    reader->video = av_find_best_stream(reader->format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    assert_true(reader->video >= 0);
    const AVCodecParameters *coded = reader->format->streams[reader->video]->codecpar;
    reader->codec = coded->codec_id == AV_CODEC_ID_HEVC ? CODEC_H265 : CODEC_H264;
    reader->decoder = avcodec_alloc_context3(avcodec_find_decoder(coded->codec_id));
    avcodec_parameters_to_context(reader->decoder, coded);
    assert_int_equal(avcodec_open2(reader->decoder, NULL, NULL), 0);
    return true;
}

static void reader_close(Reader *reader)
{
    avcodec_free_context(&reader->decoder);
    avformat_close_input(&reader->format);
}

/* The next picture's mark; false at the end of the connection. */
static bool reader_next(Reader *reader, AVPacket *packet, SimSei *mark)
{
    do {
        av_packet_unref(packet);
        if (av_read_frame(reader->format, packet) < 0)
            return false;
    } while (packet->stream_index != reader->video);
    assert_true(sim_sei_parse(reader->codec, packet->data, (size_t)packet->size, mark));
    return true;
}

static size_t read_marks(Reader *reader, int64_t for_us, SimSei *marks)
{
    size_t count = 0;
    AVPacket *packet = av_packet_alloc();
    const int64_t until_us = clock_mono_us() + for_us;
    while (count < MARKS_MOST && clock_mono_us() < until_us &&
           reader_next(reader, packet, &marks[count]))
        count++;
    av_packet_free(&packet);
    return count;
}

static size_t watch(int index, const char *stream, int64_t for_us, SimSei *marks)
{
    Reader reader = {0};
    assert_true(reader_open(&reader, sim_camera(&sim, index), stream, true));
    size_t count = read_marks(&reader, for_us, marks);
    reader_close(&reader);
    return count;
}

/* What the record tells of the pictures from the first to the last mark is what came. */
static void assert_told(const char *camera, const char *stream, const SimSei *marks, size_t count)
{
    g_autoptr(Json) sent = sim_sent(&sim, camera, stream);
    size_t index, at = 0;
    Json *entry;
    json_array_foreach(sent, index, entry)
    {
        if ((uint64_t)number_of(entry, "number") < marks[0].number || at == count)
            continue;
        assert_int_equal(number_of(entry, "number"), marks[at].number);
        assert_int_equal(number_of(entry, "sent_us"), marks[at].sent_us);
        assert_int_equal(number_of(entry, "loop"), marks[at].loop);
        at++;
    }
    assert_int_equal(at, count);
}

static void pictures_of_every_kind_of_camera_come_marked_and_numbered_without_holes(void **state)
{
    static const char *const STREAMS[] = {"sub", "main", "main", "main",
                                          "sub", "main", "main", "main"};
    for (int i = 0; i < CAMERAS; i++) {
        SimSei marks[MARKS_MOST];
        size_t count = watch(i, STREAMS[i], 700000, marks);
        assert_in_range(count, 5, MARKS_MOST);
        for (size_t m = 0; m < count; m++) {
            assert_string_equal(marks[m].camera, text_of(sim_camera(&sim, i), "name"));
            assert_string_equal(stream_kind_text(marks[m].stream), STREAMS[i]);
            assert_int_equal(marks[m].number, marks[0].number + m);
        }
        assert_told(marks[0].camera, STREAMS[i], marks, count);
    }
}

static void numbers_run_on_while_nobody_watches(void **state)
{
    SimSei first[MARKS_MOST], second[MARKS_MOST];
    assert_in_range(watch(3, "main", 300000, first), 1, MARKS_MOST);
    sleep_ms(500);
    assert_in_range(watch(3, "main", 300000, second), 1, MARKS_MOST);
    const int64_t pictures = (second[0].sent_us - first[0].sent_us) * 15 / SECOND_US;
    const int64_t counted = (int64_t)(second[0].number - first[0].number);
    assert_in_range(counted, pictures - 1, pictures + 2);
}

static void a_wrong_password_is_refused(void **state)
{
    av_log_set_level(AV_LOG_QUIET);
    for (int i = 0; i < 2; i++) { /* Digest, Basic */
        Reader reader = {0};
        assert_false(reader_open(&reader, sim_camera(&sim, i), "main", false));
    }
    av_log_set_level(AV_LOG_ERROR);
}

static void a_stall_keeps_the_connection_and_going_offline_ends_it(void **state)
{
    const Json *camera = sim_camera(&sim, 3);
    Reader reader = {0};
    SimSei marks[MARKS_MOST];
    assert_true(reader_open(&reader, camera, "main", true));
    assert_in_range(read_marks(&reader, 300000, marks), 1, MARKS_MOST);
    sim_fault(&sim, "cam04", "stall");
    sleep_ms(700);
    sim_fault(&sim, "cam04", "none");
    size_t count = read_marks(&reader, 1500000, marks);
    bool hole = false;
    for (size_t m = 1; m < count; m++)
        hole |= marks[m].number > marks[m - 1].number + 5;
    assert_true(hole);
    sim_fault(&sim, "cam04", "offline");
    const int64_t since_us = clock_mono_us();
    read_marks(&reader, 5 * SECOND_US, marks);
    assert_true(clock_mono_us() - since_us < 2 * SECOND_US);
    reader_close(&reader);
    av_log_set_level(AV_LOG_QUIET);
    assert_false(reader_open(&reader, camera, "main", true));
    av_log_set_level(AV_LOG_ERROR);
    sim_fault(&sim, "cam04", "none");
}

/* Reads the strip as sim/README.md tells it to be read. */
static bool strip_read(const AVFrame *frame, uint32_t *number)
{
    uint64_t bits = 0;
    const uint8_t *row =
        frame->data[0] + (ptrdiff_t)(frame->height - frame->height / 48) * frame->linesize[0];
    int levels[STRIP_BLOCKS];
    for (int i = 0; i < STRIP_BLOCKS; i++)
        levels[i] = row[(2 * i + 1) * frame->width / (2 * STRIP_BLOCKS)];
    for (int i = 0; i < STRIP_BLOCKS; i++)
        bits = bits << 1 | (levels[i] > (levels[0] + levels[1]) / 2);
    *number = (uint32_t)(bits >> 6);
    uint32_t check = 0;
    for (int nibble = 0; nibble < 8; nibble++)
        check ^= *number >> (4 * nibble) & 0xf;
    return bits >> 38 == 2 && (bits & 3) == 1 && (bits >> 2 & 0xf) == check;
}

/* Decodes until a whole picture is out: its strip and its mark. */
static uint32_t decode_strip(int index, const char *stream, SimSei *mark)
{
    Reader reader = {0};
    assert_true(reader_open(&reader, sim_camera(&sim, index), stream, true));
    reader.decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    bool found = false, key_seen = false;
    while (!found && reader_next(&reader, packet, mark)) {
        key_seen = key_seen || packet->flags & AV_PKT_FLAG_KEY;
        if (!key_seen || avcodec_send_packet(reader.decoder, packet) < 0)
            continue;
        found = avcodec_receive_frame(reader.decoder, frame) == 0;
    }
    uint32_t number = 0;
    assert_true(found);
    assert_true(strip_read(frame, &number));
    av_frame_free(&frame);
    av_packet_free(&packet);
    reader_close(&reader);
    return number;
}

static void the_strip_tells_the_place_in_the_scene(void **state)
{
    const Json *camera = sim_camera(&sim, 3);
    const uint64_t shift = (uint64_t)number_of(camera, "shift");
    const uint64_t pictures = (uint64_t)number_of(camera, "pictures");
    for (int kind = 0; kind < STREAM_KINDS; kind++) {
        SimSei mark;
        uint32_t strip = decode_strip(3, stream_kind_text((StreamKind)kind), &mark);
        assert_int_equal(strip, (mark.number + shift) % pictures);
        assert_int_equal(mark.loop, (mark.number + shift) / pictures);
    }
}

static void the_strip_of_a_live_camera_tells_when_it_was_drawn(void **state)
{
    SimSei mark;
    uint32_t strip = decode_strip(CAMERAS - 1, "main", &mark);
    uint32_t drawn_before_ms = (uint32_t)(mark.sent_us / 1000) - strip;
    assert_in_range(drawn_before_ms, 0, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_of_every_kind_of_camera_come_marked_and_numbered_without_holes),
        cmocka_unit_test(numbers_run_on_while_nobody_watches),
        cmocka_unit_test(a_wrong_password_is_refused),
        cmocka_unit_test(a_stall_keeps_the_connection_and_going_offline_ends_it),
        cmocka_unit_test(the_strip_tells_the_place_in_the_scene),
        cmocka_unit_test(the_strip_of_a_live_camera_tells_when_it_was_drawn),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
