#include "scripted_picture.h"

#include "make_video.h"
#include "media/nal.h"
#include "media/sim_sei.h"

#include <string.h>

enum {
    CLIP_PICTURES = 2 * SCRIPT_KEY_EVERY, /* two: idr_pic_id alternates (ITU-T H.264 §7.4.3) */
    TICKS = 90000 / SCRIPT_FPS,
    PAYLOAD_MOST = 1400,
    FU_A = 28, /* RFC 6184 §5.8 */
};

static MadeVideo *clip;
static GBytes *sps, *pps;

/* One SPS and one PPS out of avcC (ISO/IEC 14496-15 §5.3.3.1). */
static void take_parameter_sets(const CodecParams *params)
{
    const uint8_t *at = params->config + 6;
    sps = g_bytes_new(at + 2, get_u16(at));
    at += 2 + get_u16(at) + 1;
    pps = g_bytes_new(at + 2, get_u16(at));
}

void scripted_pictures_prepare(void)
{
    if (clip)
        return;
    clip = make_video(&(VideoRecipe){.width = 320,
                                     .height = 240,
                                     .fps = SCRIPT_FPS,
                                     .pictures = CLIP_PICTURES,
                                     .key_interval = SCRIPT_KEY_EVERY});
    take_parameter_sets(clip->params);
}

static char *set_word(GBytes *set, bool annexb)
{
    g_auto(ByteWriter) bytes = {0};
    if (annexb)
        write_u32(&bytes, 1);
    write_bytes(&bytes, g_bytes_get_data(set, NULL), g_bytes_get_size(set));
    if (annexb)
        write_u8(&bytes, 0);
    return g_base64_encode(bytes.data, bytes.size);
}

char *scripted_parameter_sets(bool annexb)
{
    g_autofree char *first = set_word(sps, annexb), *second = set_word(pps, annexb);
    return g_strdup_printf("%s,%s", first, second);
}

char *scripted_rfc6381(void)
{
    const uint8_t *bytes = g_bytes_get_data(sps, NULL);
    return g_strdup_printf("avc1.%02X%02X%02X", bytes[1], bytes[2], bytes[3]);
}

/* ---- NAL units ---- */

static GBytes *mark_of(const ScriptPicture *picture, const char *camera)
{
    uint8_t nal[SIM_SEI_BYTES];
    SimSei mark = {.stream = STREAM_MAIN, .number = picture->number, .sent_us = picture->sent_us};
    g_strlcpy(mark.camera, camera, sizeof mark.camera);
    return g_bytes_new(nal, sim_sei_write(&mark, CODEC_H264, nal));
}

static GPtrArray *nals_of(const ScriptPicture *picture, const char *camera)
{
    GPtrArray *nals = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (picture->key) {
        g_ptr_array_add(nals, g_bytes_ref(sps));
        g_ptr_array_add(nals, g_bytes_ref(pps));
    }
    g_ptr_array_add(nals, mark_of(picture, camera));
    const AccessUnit *unit = clip->units->pdata[picture->number % CLIP_PICTURES];
    NalReader reader = nal_reader(unit->data, unit->size);
    Nal nal;
    while (nal_next(&reader, &nal))
        g_ptr_array_add(nals, g_bytes_new(nal.data, nal.size));
    return nals;
}

/* ---- packets ---- */

static void add_fragments(GArray *packets, ScriptTrack *track, uint32_t timestamp,
                          const uint8_t *nal, size_t size, size_t most)
{
    for (size_t at = 1; at < size; at += most) {
        size_t part = MIN(size - at, most);
        bool first = at == 1, last = at + part == size;
        g_auto(ByteWriter) payload = {0};
        write_u8(&payload, (uint8_t)((nal[0] & 0xe0) | FU_A));
        write_u8(&payload, (uint8_t)((first << 7) | (last << 6) | (nal[0] & 0x1f)));
        write_bytes(&payload, nal + at, part);
        script_packet_add(packets, track, timestamp, g_bytes_new(payload.data, payload.size));
    }
}

static GArray *packets_of(const ScriptPicture *picture, const GPtrArray *nals, ScriptTrack *track,
                          size_t most)
{
    GArray *packets = script_packets_new();
    uint32_t timestamp = (uint32_t)(picture->number * TICKS);
    for (guint i = 0; i < nals->len; i++) {
        size_t size;
        const uint8_t *nal = g_bytes_get_data(nals->pdata[i], &size);
        if (size <= most)
            script_packet_add(packets, track, timestamp, g_bytes_ref(nals->pdata[i]));
        else
            add_fragments(packets, track, timestamp, nal, size, most);
    }
    if (packets->len)
        g_array_index(packets, ScriptPacket, packets->len - 1).marker = true;
    return packets;
}

void scripted_picture_write(const ScriptPicture *picture, const CameraScript *script,
                            ScriptTrack *track, ByteWriter *bytes)
{
    g_autoptr(GPtrArray) nals = nals_of(picture, track->camera);
    if (script && script->nals)
        script->nals(picture, nals);
    size_t most = script && script->payload_most ? script->payload_most : PAYLOAD_MOST;
    g_autoptr(GArray) packets = packets_of(picture, nals, track, most);
    if (script && script->packets)
        script->packets(picture, packets);
    script_packets_write(packets, bytes);
    if (script && script->bytes)
        script->bytes(picture, bytes);
}
