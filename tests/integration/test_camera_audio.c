/* Cameras with sound of all kinds (CAMERAS.md, Audio): it is heard in the footage as it was sent,
 * and whatever happens to it, no picture is lost. */
#include "sounds.h"
#include "unit.h"

#include <string.h>

enum {
    PLAY_MS = 14000,
    LATE = 60, /* sounds after PLAY, when what begins late begins, and what stops has stopped */
    FRAGMENT_BYTES = 1200,
    GARBAGE_MOST = 60000,
    ADTS_BYTES = 7,
    SENDER_REPORT = 200,
    UNTIL_1970_S = 2208988800, /* since 1900 */
    LEAP_AT = 150,
};

#define HEAD "v=0\r\ns=x\r\nt=0 0\r\n"
#define VIDEO                                                                \
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n" \
    "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=%s\r\n"
#define SOUND(type, rest) "m=audio 0 RTP/AVP " type "\r\na=control:track2\r\n" rest
#define WITH(rest) HEAD VIDEO SOUND("97", "a=rtpmap:97 " rest "\r\n")
#define AAC(clock, config)                                                          \
    WITH("MPEG4-GENERIC/" clock "/1\r\na=fmtp:97 streamtype=5;profile-level-id=15;" \
         "mode=AAC-hbr;config=" config ";sizelength=13;indexlength=3;indexdeltalength=3")
#define OPUS WITH("opus/48000/2\r\na=fmtp:97 sprop-stereo=0")

/* ---- G.711 ---- */

static void add_samples(GPtrArray *payloads, uint64_t number, unsigned ticks)
{
    uint8_t *samples = g_malloc(ticks);
    for (unsigned i = 0; i < ticks; i++)
        samples[i] = sound_sample(number * ticks + i);
    g_ptr_array_add(payloads, g_bytes_new_take(samples, ticks));
}

#define PACKET_OF(ticks)                                              \
    static void samples_##ticks(uint64_t number, GPtrArray *payloads) \
    {                                                                 \
        add_samples(payloads, number, ticks);                         \
    }
PACKET_OF(1)
PACKET_OF(296) /* 37 ms at 8 kHz */
PACKET_OF(320)
PACKET_OF(960)
PACKET_OF(1776) /* 37 ms at 48 kHz */

/* ---- AAC ---- */

static void aac_unit(uint64_t number, GPtrArray *payloads)
{
    g_autoptr(GBytes) unit = sound_unit(AAC_HEAD, number, UNIT_BYTES);
    sound_add_aac(payloads, g_bytes_get_data(unit, NULL), UNIT_BYTES, UNIT_BYTES);
}

static void aac_fragments(uint64_t number, GPtrArray *payloads)
{
    g_autoptr(GBytes) unit = sound_unit(AAC_HEAD, number, LONG_UNIT_BYTES);
    const uint8_t *data = g_bytes_get_data(unit, NULL);
    for (size_t at = 0; at < LONG_UNIT_BYTES; at += FRAGMENT_BYTES)
        sound_add_aac(payloads, data + at, MIN((size_t)FRAGMENT_BYTES, LONG_UNIT_BYTES - at),
                      LONG_UNIT_BYTES);
}

/* Two in a packet. */
static void aac_pair(uint64_t number, GPtrArray *payloads)
{
    g_auto(ByteWriter) payload = {0};
    write_u16(&payload, 32);
    write_u16(&payload, UNIT_BYTES << 3);
    write_u16(&payload, LONG_UNIT_BYTES << 3);
    g_autoptr(GBytes) first = sound_unit(AAC_HEAD, 2 * number, UNIT_BYTES),
                      second = sound_unit(AAC_HEAD, 2 * number + 1, LONG_UNIT_BYTES);
    write_bytes(&payload, g_bytes_get_data(first, NULL), UNIT_BYTES);
    write_bytes(&payload, g_bytes_get_data(second, NULL), LONG_UNIT_BYTES);
    g_ptr_array_add(payloads, g_bytes_new(payload.data, payload.size));
}

/* An ADTS frame (ISO/IEC 14496-3 §1.A.2.2) of 16 kHz, mono, around a unit. */
static void write_adts(ByteWriter *out, uint64_t number)
{
    const uint8_t size_high = (ADTS_BYTES + UNIT_BYTES) >> 3,
                  size_low = (ADTS_BYTES + UNIT_BYTES) & 7;
    const uint8_t head[ADTS_BYTES] = {
        0xff, 0xf1, 0x60, 0x40, size_high, (uint8_t)(size_low << 5 | 0x1f), 0xfc};
    g_autoptr(GBytes) unit = sound_unit(AAC_HEAD, number, UNIT_BYTES);
    write_bytes(out, head, sizeof head);
    write_bytes(out, g_bytes_get_data(unit, NULL), UNIT_BYTES);
}

static void adts_within(uint64_t number, GPtrArray *payloads)
{
    g_auto(ByteWriter) frame = {0};
    write_adts(&frame, number);
    sound_add_aac(payloads, frame.data, frame.size, frame.size);
}

static void adts_bare(uint64_t number, GPtrArray *payloads)
{
    g_auto(ByteWriter) frame = {0};
    write_adts(&frame, number);
    g_ptr_array_add(payloads, g_bytes_new(frame.data, frame.size));
}

/* ---- Opus, and what is none ---- */

static void opus_packet(uint64_t number, GPtrArray *payloads)
{
    g_ptr_array_add(payloads, sound_unit(OPUS_HEAD, number, UNIT_BYTES));
}

/* Nothing, a byte, much; with headers by chance. */
static void garbage(uint64_t number, GPtrArray *payloads)
{
    const size_t sizes[] = {0, 1, 3, 700, GARBAGE_MOST};
    size_t size = sizes[number % G_N_ELEMENTS(sizes)];
    uint8_t *bytes = g_malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)g_random_int();
    g_ptr_array_add(payloads, g_bytes_new_take(bytes, size));
}

/* ---- on the way ---- */

static void stamp(const GArray *packets, uint32_t timestamp)
{
    for (guint i = 0; i < packets->len; i++)
        g_array_index(packets, ScriptPacket, i).timestamp = timestamp;
}

static void drop_some(uint64_t number, unsigned since_play, GArray *packets)
{
    if (sound_is_dropped(number))
        g_array_set_size(packets, 0);
}

static void begin_late(uint64_t number, unsigned since_play, GArray *packets)
{
    if (since_play < 2 * LATE)
        g_array_set_size(packets, 0);
}

static void stop(uint64_t number, unsigned since_play, GArray *packets)
{
    if (since_play >= LATE)
        g_array_set_size(packets, 0);
}

static void send_nothing(uint64_t number, unsigned since_play, GArray *packets)
{
    g_array_set_size(packets, 0);
}

/* Stamps made of whole milliseconds. */
static void round_to_ms(uint64_t number, unsigned since_play, GArray *packets)
{
    uint64_t ms = number * UNIT_TICKS * 1000 / 44100;
    stamp(packets, (uint32_t)(ms * 44100 / 1000));
}

/* As Dahua's: now a step too large, now one too small, now one back. */
static void stamp_astray(uint64_t number, unsigned since_play, GArray *packets)
{
    static const int off[] = {0, 700, -900, 1500, 300, -1200, 0, 2000};
    stamp(packets, (uint32_t)(number * UNIT_TICKS) + (uint32_t)off[number % G_N_ELEMENTS(off)]);
}

/* Hours ahead once, and on from there. */
static void leap_for_good(uint64_t number, unsigned since_play, GArray *packets)
{
    if (since_play >= LEAP_AT)
        stamp(packets, (uint32_t)(number * UNIT_TICKS) + 3 * 3600 * 16000u);
}

static void write_report(ByteWriter *bytes, uint8_t channel, uint32_t ntp_s, uint32_t timestamp)
{
    write_u8(bytes, '$');
    write_u8(bytes, channel);
    write_u16(bytes, 28);
    write_u16(bytes, 0x80 << 8 | SENDER_REPORT);
    write_u16(bytes, 6);
    write_u32(bytes, 1);
    write_u32(bytes, ntp_s);
    write_u32(bytes, 0);
    write_u32(bytes, timestamp);
    write_zeros(bytes, 8);
}

/* The camera's clock is set 2 s to and fro, as reports on both tracks tell. */
static void report_steps(const ScriptPicture *picture, ByteWriter *bytes)
{
    if (!picture->key)
        return;
    uint32_t ntp_s = UNTIL_1970_S + (uint32_t)(picture->sent_us / 1000000) +
                     (picture->number / SCRIPT_KEY_EVERY % 2 ? 2 : 0);
    write_report(bytes, 1, ntp_s, (uint32_t)(picture->number * 6000));
    write_report(bytes, SCRIPT_SOUND_CHANNEL + 1, ntp_s, (uint32_t)picture->number);
}

/* One event after four seconds, in a channel that nobody set up. */
static void tell_an_event(const ScriptPicture *picture, ByteWriter *bytes)
{
    static const char frame[] = "$\x09\x00\x10\x80\xeb\x00\x01\x00\x00\x00\x00\x12\x34\x56\x78<a/>";
    if (picture->since_play == LATE)
        write_bytes(bytes, frame, sizeof frame - 1);
}

static char *refuse_sound(const ScriptRequest *request, const void *unused)
{
    return strstr(request->text, "/track2 RTSP")
               ? g_strdup("RTSP/1.0 500 Internal Server Error\r\nCSeq: %u\r\n\r\n")
               : NULL;
}

/* As its configuration tells; the rest of the description does not. */
static void listen_stereo(const CameraRow *row, const Footage *footage)
{
    listen_whole(row, footage);
    assert_int_equal(footage->sound_params->channels, 2);
}

/* ---- rows ---- */

#define SENDS(type, hz, packet_ticks, ...)  \
    .sound = &(const ScriptSound)           \
    {                                       \
        type, hz, packet_ticks, __VA_ARGS__ \
    }
#define A_LAW .audio = true, .sound = "G.711 A-law"
#define MU_LAW .audio = true, .sound = "G.711 µ-law"
#define HEARD_AS(codec) .audio = true, .sound = codec

static const CameraRow rows[] = {
    {"G711-37ms",
     "A-law of 8 kHz in packets of 37 ms",
     {.sdp = HEAD VIDEO SOUND("8", ""), SENDS(8, 8000, 296, samples_296)},
     A_LAW,
     .listen = listen_whole},
    {"G711-1",
     "µ-law of 8 kHz, each sample in a packet of its own",
     {.sdp = HEAD VIDEO SOUND("0", ""), SENDS(0, 8000, 1, samples_1)},
     MU_LAW,
     .listen = listen_whole},
    {"G711-960",
     "A-law of 8 kHz in packets of 960 samples",
     {.sdp = HEAD VIDEO SOUND("8", ""), SENDS(8, 8000, 960, samples_960)},
     A_LAW,
     .listen = listen_whole},
    {"G711-16k",
     "µ-law of 16 kHz in packets of 20 ms",
     {.sdp = WITH("PCMU/16000"), SENDS(SOUND_TYPE, 16000, 320, samples_320)},
     MU_LAW,
     .listen = listen_whole},
    {"G711-48k",
     "A-law of 48 kHz in packets of 37 ms",
     {.sdp = WITH("PCMA/48000"), SENDS(SOUND_TYPE, 48000, 1776, samples_1776)},
     A_LAW,
     .listen = listen_whole},
    {"G711-lossy",
     "µ-law, of which packets are lost",
     {.sdp = HEAD VIDEO SOUND("0", ""), SENDS(0, 8000, 320, samples_320, drop_some)},
     MU_LAW,
     .listen = listen_lossy},

    {"AAC-fmtp",
     "AAC whose fmtp has blanks and ends with ';'",
     {.sdp = WITH("mpeg4-generic/16000\r\na=fmtp:97 streamtype=5; profile-level-id=15; "
                  "mode=AAC-hbr; SizeLength=13; IndexLength=3; IndexDeltaLength=3; Config=1410;"),
      SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit)},
     HEARD_AS("AAC"),
     .listen = listen_stereo},
    {"AAC-fragments",
     "AAC in units larger than a packet",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_fragments)},
     HEARD_AS("AAC"),
     .listen = listen_whole},
    {"AAC-frag-lossy",
     "the same, of which units are lost",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_fragments, drop_some)},
     HEARD_AS("AAC"),
     .listen = listen_lossy},
    {"AAC-pairs",
     "AAC, two units in a packet",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, 2 * UNIT_TICKS, aac_pair)},
     HEARD_AS("AAC"),
     .listen = listen_whole},
    {"AAC-lossy",
     "AAC, of which packets are lost: the unit behind each is whole",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, drop_some)},
     HEARD_AS("AAC"),
     .listen = listen_lossy},
    {"AAC-adts",
     "ADTS headers inside RFC 3640",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, adts_within)},
     HEARD_AS("AAC"),
     .note = "ADTS headers stand inside",
     .listen = listen_whole},
    {"AAC-adts-bare",
     "ADTS in place of RFC 3640",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, adts_bare)},
     HEARD_AS("AAC"),
     .note = "ADTS headers stand inside",
     .listen = listen_whole},
    {"AAC-44100",
     "AAC of 44.1 kHz with stamps of whole milliseconds",
     {.sdp = AAC("44100", "1208"), SENDS(SOUND_TYPE, 44100, UNIT_TICKS, aac_unit, round_to_ms)},
     HEARD_AS("AAC"),
     .listen = listen_whole},
    {"AAC-astray",
     "AAC whose stamps are not linear",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, stamp_astray)},
     HEARD_AS("AAC"),
     .listen = listen_astray},
    {"AAC-leap",
     "AAC whose stamps leap by hours, for good",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, leap_for_good)},
     HEARD_AS("AAC"),
     .listen = listen_astray},

    {"Opus",
     "Opus, of which packets are lost",
     {.sdp = OPUS, SENDS(SOUND_TYPE, 48000, 960, opus_packet, drop_some)},
     HEARD_AS("Opus"),
     .listen = listen_lossy},

    {"G723",
     "G.723",
     {.sdp = HEAD VIDEO SOUND("4", "")},
     HEARD_AS(""),
     .never = "/track2",
     .left_out = "G723 codec-unknown",
     .listen = listen_none},
    {"G726",
     "G.726",
     {.sdp = WITH("G726-32/8000"), SENDS(SOUND_TYPE, 8000, 320, samples_320)},
     HEARD_AS(""),
     .never = "/track2",
     .left_out = "G726-32 codec-unknown",
     .listen = listen_none},
    {"clock-0",
     "AAC with the clock rate 0",
     {.sdp = WITH("MPEG4-GENERIC/0"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit)},
     HEARD_AS(""),
     .never = "/track2",
     .left_out = "MPEG4-GENERIC misdescribed",
     .listen = listen_none},
    {"AAC-config",
     "AAC with a configuration that cannot be, and that cannot be guessed",
     {.sdp = WITH("MPEG4-GENERIC/16000/9\r\na=fmtp:97 mode=AAC-hbr;config=FFFF"),
      SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit)},
     HEARD_AS(""),
     .never = "/track2",
     .left_out = "MPEG4-GENERIC misdescribed",
     .listen = listen_none},
    {"none",
     "no sound, where it is wanted",
     {.sdp = HEAD VIDEO},
     HEARD_AS(""),
     .left_out = " not-offered",
     .listen = listen_none},
    {"off",
     "sound that nobody asked for",
     {.sdp = HEAD VIDEO SOUND("8", ""), SENDS(8, 8000, 320, samples_320)},
     .sound = "",
     .never = "/track2",
     .listen = listen_none},
    {"refused",
     "500 to SETUP of the sound",
     {.sdp = HEAD VIDEO SOUND("8", ""), .judge = refuse_sound},
     HEARD_AS(""),
     .ever = "/track2",
     .left_out = "PCMA refused",
     .listen = listen_none},

    {"garbage-AAC",
     "what is called AAC is none",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, garbage)},
     HEARD_AS("AAC"),
     .note = "audio packets that contradict themselves"},
    {"garbage-Opus",
     "what is called Opus is none",
     {.sdp = OPUS, SENDS(SOUND_TYPE, 48000, 960, garbage)},
     HEARD_AS("Opus"),
     .note = "audio packets that contradict themselves"},
    {"stops",
     "sound that stops after some seconds",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, stop)},
     HEARD_AS("AAC"),
     .listen = listen_partly},
    {"S21-late",
     "sound that begins after 7 s, longer than pictures may stay out",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, begin_late)},
     HEARD_AS("AAC"),
     .files_least = 2, /* it is known only then */
     .listen = listen_partly},
    {"S21-never",
     "sound that never comes",
     {.sdp = AAC("16000", "1408"), SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit, send_nothing)},
     HEARD_AS("AAC"),
     .ever = "/track2",
     .listen = listen_none},
    {"S21-events",
     "a track of events, before the others, that sends one in all that time",
     {.sdp = HEAD "m=application 0 RTP/AVP 107\r\na=control:track0\r\n"
                  "a=rtpmap:107 vnd.onvif.metadata/90000\r\n" VIDEO SOUND("8", ""),
      SENDS(8, 8000, 320, samples_320),
      .bytes = tell_an_event},
     A_LAW,
     .never = "track0",
     .listen = listen_whole},
    {"SNTP",
     "a clock that is set to and fro while there is sound",
     {.sdp = AAC("16000", "1408"),
      SENDS(SOUND_TYPE, 16000, UNIT_TICKS, aac_unit),
      .bytes = report_steps},
     HEARD_AS("AAC"),
     .listen = listen_whole},
};

int main(int argc, char **argv)
{
    return camera_rows_run("cameras and sound", rows, G_N_ELEMENTS(rows), PLAY_MS,
                           argc > 1 ? argv[1] : NULL);
}
