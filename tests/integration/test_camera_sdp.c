/* The rows of CAMERAS.md on the session description: each camera is recorded, though what it says
 * of itself is odd. */
#include "camera_rows.h"
#include "make_video.h"
#include "media/nal.h"
#include "media/sim_sei.h"
#include "session_quirks.h"

#include <string.h>

enum { PLAY_MS = 5000, H265_PICTURES = 2 * SCRIPT_KEY_EVERY };

#define HEAD "v=0\r\ns=x\r\n"
#define H264(clock) "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/" clock "\r\na=control:track1\r\n"
#define VIDEO H264("90000")
#define FMTP(parameters) "a=fmtp:96 " parameters "\r\n"
#define SOUND(format, rest) "m=audio 0 RTP/AVP " format "\r\na=control:track2\r\n" rest
#define NEVER(text) .judge = judge_never, .judge_data = text

/* ---- pictures ---- */

/* The parameter sets are told out of band only. */
static void without_sets(const ScriptPicture *picture, GPtrArray *nals)
{
    if (picture->key)
        g_ptr_array_remove_range(nals, 0, 2);
}

static MadeVideo *h265;

static void add_nal(GPtrArray *nals, const uint8_t *data, size_t size)
{
    g_ptr_array_add(nals, g_bytes_new(data, size));
}

/* All sets of hvcC (ISO/IEC 14496-15 §8.3.3.1). */
static void add_h265_sets(GPtrArray *nals)
{
    const uint8_t *at = h265->params->config + 23;
    for (unsigned arrays = at[-1]; arrays > 0; arrays--) {
        unsigned count = get_u16(at + 1);
        for (at += 3; count > 0; count--, at += 2 + get_u16(at))
            add_nal(nals, at + 2, get_u16(at));
    }
}

static void add_h265_mark(GPtrArray *nals, GBytes *h264_mark)
{
    uint8_t bytes[SIM_SEI_BYTES];
    g_auto(ByteWriter) unit = {0};
    write_u32(&unit, (uint32_t)g_bytes_get_size(h264_mark));
    write_bytes(&unit, g_bytes_get_data(h264_mark, NULL), g_bytes_get_size(h264_mark));
    SimSei mark;
    g_assert(sim_sei_parse(CODEC_H264, unit.data, unit.size, &mark));
    add_nal(nals, bytes, sim_sei_write(&mark, CODEC_H265, bytes));
}

/* The same picture number as H.265, with the sets in band. */
static void as_h265(const ScriptPicture *picture, GPtrArray *nals)
{
    g_autoptr(GBytes) mark = g_bytes_ref(nals->pdata[picture->key ? 2 : 0]);
    g_ptr_array_set_size(nals, 0);
    if (picture->key)
        add_h265_sets(nals);
    add_h265_mark(nals, mark);
    const AccessUnit *unit = h265->units->pdata[picture->number % H265_PICTURES];
    NalReader reader = nal_reader(unit->data, unit->size);
    Nal nal;
    while (nal_next(&reader, &nal))
        add_nal(nals, nal.data, nal.size);
}

/* ---- rows ---- */

#define H265_VIDEO "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track1\r\n"
/* Sets of quite another stream. */
#define OTHER_SPS "sprop-sps=QgEBBAgAAAMAnggAAAMAADyQAwQOONjct0lJheAtwICAAQAAAwABAAADAAoI"
#define OTHER_PPS "sprop-pps=RAHAcxgwGJA="

static const ScriptAnswer no_type[] = {
    {"DESCRIBE", "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Length: %l\r\n\r\n%d"}, {NULL}};
static const ScriptAnswer no_newline[] = {
    {"DESCRIBE",
     "RTSP/1.0 200 OK\r\nCSeq: %u\r\nContent-Type: text/plain\r\nContent-Length: %l\r\n\r\n%d"},
    {NULL}};

static const CameraRow rows[] = {
    {"D1-none", "no parameter sets out of band", {.sdp = HEAD VIDEO}},
    {"D1-invalid",
     "parameter sets that are none",
     {.sdp =
          HEAD VIDEO FMTP("sprop-parameter-sets=Z0!!,====,aGVsbG8gd29ybGQ=;packetization-mode=1")}},
    {"D1-told", "parameter sets out of band only", {.sdp = NULL, .nals = without_sets}},
    {"D1-annexb",
     "the same in Annex B, with zeros behind",
     {.sdp = HEAD VIDEO FMTP("sprop-parameter-sets=%b;"), .nals = without_sets}},
    {"D1-blank",
     "the same with a blank behind and before",
     {.sdp = HEAD VIDEO FMTP("packetization-mode=1; sprop-parameter-sets= %s "),
      .nals = without_sets}},
    {"D2-two-of-three",
     "H.265 with two of three sets, of another stream",
     {.sdp = HEAD H265_VIDEO FMTP(OTHER_SPS ";" OTHER_PPS), .nals = as_h265},
     .codec = "H.265"},
    {"D3-profile",
     "a profile-level-id that is not that of the SPS",
     {.sdp = HEAD VIDEO FMTP("profile-level-id=640033;sprop-parameter-sets=%s")}},
    {"D4-elsewhere",
     "parameters of the video in the media of the sound",
     {.sdp = HEAD VIDEO SOUND("0", FMTP("sprop-parameter-sets=%s")), .nals = without_sets}},
    {"D4-same-type",
     "one payload type for video and sound",
     {.sdp = HEAD SOUND("96", "a=rtpmap:96 PCMU/8000\r\na=fmtp:96 x=y\r\n")
          VIDEO FMTP("sprop-parameter-sets=%s"),
      .nals = without_sets},
     .audio = true,
     .sound = "G.711 µ-law"},
    {"D5-blank", "a blank behind the clock rate", {.sdp = HEAD H264("90000 ")}},
    {"D5-static",
     "sound of a static type without rtpmap",
     {.sdp = HEAD VIDEO SOUND("8", "")},
     .audio = true,
     .sound = "G.711 A-law"},
    {"D5-pcm",
     "the name PCM for type 0",
     {.sdp = HEAD VIDEO SOUND("0", "a=rtpmap:0 PCM/8000\r\n")},
     .audio = true,
     .sound = "G.711 µ-law"},
    {"D6-lines",
     "lines missing, doubled and wrong",
     {.sdp = "v=0\r\ns=one\r\ns=two\r\nc=IN\r\nt=now-\r\na\r\n=\r\nb=AS:\r\na=range\r\n\x01\xff\r\n"
             "k=\r\n" VIDEO "c=nonsense\r\na=fmtp\r\na=rtpmap:\r\na=framerate:x\r\nz=z\r\n"}},
    {"D6-lf",
     "line feeds only",
     {.sdp = "v=0\ns=x\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"}},
    {"D6-no-newline",
     "no line break at the end",
     {.sdp = "v=0\r\nm=video 0 RTP/AVP 96\r\na=control:track1\r\na=rtpmap:96 H264/90000",
      .answers = no_newline}},
    {"D6-media-word",
     "media of a kind that nobody knows, before the video",
     {.sdp = HEAD "m=smart/1/2 x RTP/AVP abc\r\na=control:track0\r\n" VIDEO},
     .never = "track0"},
    {"D7-video", "its only video marked as a back channel", {.sdp = HEAD VIDEO "a=sendonly\r\n"}},
    {"D7-back",
     "a back channel beside video and sound",
     {.sdp = HEAD VIDEO
      "a=recvonly\r\nm=audio 0 RTP/AVP 0\r\na=control:track9\r\na=sendonly\r\n" SOUND(
          "8", "a=recvonly\r\n")},
     .audio = true,
     .never = "track9",
     .ever = "/track2",
     .sound = "G.711 A-law"},
    {"D7-inverted",
     "the same, marked the other way round",
     {.sdp = HEAD VIDEO
      "a=sendonly\r\nm=audio 0 RTP/AVP 0\r\na=control:track9\r\na=recvonly\r\n" SOUND(
          "8", "a=sendonly\r\n")},
     .audio = true,
     .never = "track9",
     .ever = "/track2",
     .sound = "G.711 A-law"},
    {"D7-all",
     "all media marked as back channels",
     {.sdp = HEAD VIDEO "a=recvonly\r\n" SOUND("8", "a=recvonly\r\n")},
     .audio = true,
     .ever = "/track2",
     .sound = "G.711 A-law"},
    {"D8-no-type", "no Content-Type", {.answers = no_type}},
    {"D8-empty-fmtp", "an empty fmtp", {.sdp = HEAD VIDEO "a=fmtp:96\r\n"}},
    {"D9-require",
     "a back channel, and 551 to who requires it",
     {.sdp = HEAD VIDEO SOUND("8", "a=sendonly\r\n"), NEVER("\r\nRequire:")},
     .audio = true,
     .left_out = " not-offered",
     .never = "/track2"},
    {"F-clock-0", "the clock rate 0", {.sdp = HEAD H264("0")}},
    {"F-mode-0",
     "packetization-mode=0, yet fragments",
     {.sdp = HEAD VIDEO FMTP("packetization-mode=0;sprop-parameter-sets=%s")}},
};

int main(int argc, char **argv)
{
    h265 = make_video(&(VideoRecipe){.codec = CODEC_H265,
                                     .width = 64,
                                     .height = 64,
                                     .fps = SCRIPT_FPS,
                                     .pictures = H265_PICTURES,
                                     .key_interval = SCRIPT_KEY_EVERY});
    int failed = camera_rows_run("cameras and their descriptions", rows, G_N_ELEMENTS(rows),
                                 PLAY_MS, argc > 1 ? argv[1] : NULL);
    made_video_free(h265);
    return failed;
}
