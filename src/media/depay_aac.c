#include "media/depay_aac.h"

#include "media/aac.h"

enum {
    UNITS_MAX = 64,
    UNIT_BYTES_MAX = 64 * 1024,
    CONFIG_MAX = 64,
    STRAY_MS = 150,
    STRAY_PARTS = 16, /* a unit moves by this part of how far its stamp is off */
};

static unsigned fmtp_number(const SdpMedia *media, const char *name, unsigned otherwise)
{
    g_autofree char *value = sdp_fmtp(media, name);
    if (!value || !g_ascii_isdigit(*value))
        return otherwise;
    return (unsigned)MIN(g_ascii_strtoull(value, NULL, 10), 32);
}

static CodecParams *read_config(const SdpMedia *media)
{
    uint8_t config[CONFIG_MAX];
    size_t size = sdp_fmtp_hex(media, "config", config, sizeof config);
    CodecParams *params = aac_params(config, size, media->clock_hz);
    if (!params && aac_config_make((int)MIN(media->clock_hz, 192000u), media->channels, config))
        params = aac_params(config, 2, media->clock_hz);
    if (params && params->channels == 0) /* told by a program_config_element */
        params->channels = media->channels;
    return params;
}

void depay_aac_init(DepayAac *aac, const SdpMedia *media)
{
    g_autofree char *mode = sdp_fmtp(media, "mode");
    bool low = mode && g_ascii_strcasecmp(mode, "AAC-lbr") == 0;
    *aac = (DepayAac){
        .size_bits = fmtp_number(media, "sizelength", low ? 6 : 13),
        .index_bits = fmtp_number(media, "indexlength", low ? 2 : 3),
        .index_delta_bits = fmtp_number(media, "indexdeltalength", low ? 2 : 3),
        .cts_bits = fmtp_number(media, "ctsdeltalength", 0),
        .dts_bits = fmtp_number(media, "dtsdeltalength", 0),
        .state_bits = fmtp_number(media, "streamstateindication", 0),
        .aux_bits = fmtp_number(media, "auxiliarydatasizelength", 0),
        .random_access = fmtp_number(media, "randomaccessindication", 0) > 0,
        .params = read_config(media),
        .frame_ticks = 1024,
        .stray_ticks = (int64_t)media->clock_hz * STRAY_MS / 1000,
    };
    AacConfig config;
    if (aac->params && aac_config_parse(aac->params->config, aac->params->config_bytes, &config))
        aac->frame_ticks = (uint32_t)((uint64_t)config.frame_samples * media->clock_hz /
                                      (unsigned)config.sample_rate_hz);
}

void depay_aac_clear(DepayAac *aac)
{
    codec_params_unref(aac->params);
    byte_writer_free(&aac->fragment);
}

void depay_aac_lost(DepayAac *aac)
{
    aac->fragment_size = 0;
    aac->placed = false;
}

/* What an AU header tells; its index and time fields are walked over. */
static uint32_t read_unit_header(const DepayAac *aac, BitReader *bits, bool first, uint32_t *index)
{
    uint32_t size = read_bits(bits, aac->size_bits);
    *index = read_bits(bits, first ? aac->index_bits : aac->index_delta_bits);
    if (aac->cts_bits && read_flag(bits))
        read_bits(bits, aac->cts_bits);
    if (aac->dts_bits && read_flag(bits))
        read_bits(bits, aac->dts_bits);
    if (aac->random_access)
        read_flag(bits);
    read_bits(bits, aac->state_bits);
    return size;
}

typedef struct Unit {
    uint32_t size;
    uint32_t place; /* in frames after the time stamp */
} Unit;

/* The AU header section (§3.2.1). Returns how many units it lists; 0 when it cannot be right. */
static size_t read_units(const DepayAac *aac, ByteReader *reader, Unit units[UNITS_MAX])
{
    size_t header_bits = read_u16(reader);
    const uint8_t *headers = read_bytes(reader, (header_bits + 7) / 8);
    if (!headers)
        return 0;
    BitReader bits = bit_reader(headers, (header_bits + 7) / 8);
    bits.bits = header_bits;
    size_t count = 0;
    uint32_t place = 0;
    while (count < UNITS_MAX && bits.at < bits.bits) {
        uint32_t index;
        uint32_t size = read_unit_header(aac, &bits, count == 0, &index);
        if (bits.failed)
            break; /* stuffing */
        place += count ? index + 1 : 0;
        units[count++] = (Unit){size, place};
    }
    if (aac->aux_bits) { /* auxiliary section (§3.2.2) */
        size_t left = byte_reader_left(reader);
        BitReader aux = bit_reader(reader->data + reader->at, left);
        size_t aux_bits = read_bits(&aux, aac->aux_bits);
        read_skip(reader, (aac->aux_bits + aux_bits + 7) / 8);
    }
    return reader->failed ? 0 : count;
}

/* Where a unit stands. Stamps that stray (Dahua's are not linear, others are rounded to
 * milliseconds) are drawn to where the unit before ended, so that sound has neither holes nor
 * overlaps that the camera did not make. */
static uint32_t place(DepayAac *aac, uint32_t stamp)
{
    int32_t off = (int32_t)(stamp - aac->next);
    if (aac->placed && ABS((int64_t)off) <= aac->stray_ticks)
        stamp = aac->next + (uint32_t)(off / STRAY_PARTS);
    aac->placed = true;
    aac->next = stamp + aac->frame_ticks;
    return stamp;
}

static void emit_unit(DepayAac *aac, const uint8_t *data, size_t size, uint32_t timestamp,
                      DepayEmit emit, void *emit_data)
{
    size_t header = aac_adts_header(data, size);
    if (header)
        aac->notes |= DEPAY_ADTS;
    DepayFrame frame = {.data = data + header,
                        .size = size - header,
                        .timestamp = place(aac, timestamp),
                        .key = true};
    if (frame.size)
        emit(emit_data, &frame);
}

/* An AU larger than its packet (§3.2.3): each fragment repeats the whole size, so that one without
 * its beginning never becomes whole. */
static void take_fragment(DepayAac *aac, const uint8_t *data, size_t size, size_t whole,
                          uint32_t timestamp, DepayEmit emit, void *emit_data)
{
    if (whole > UNIT_BYTES_MAX) {
        aac->notes |= DEPAY_BAD_AUDIO;
        return;
    }
    if (aac->fragment_size != whole || aac->fragment_timestamp != timestamp) {
        byte_writer_clear(&aac->fragment);
        aac->fragment_size = whole;
        aac->fragment_timestamp = timestamp;
    }
    write_bytes(&aac->fragment, data, MIN(size, whole - aac->fragment.size));
    if (aac->fragment.size == whole) {
        emit_unit(aac, aac->fragment.data, whole, timestamp, emit, emit_data);
        aac->fragment_size = 0;
    }
}

void depay_aac_packet(DepayAac *aac, const RtpPacket *packet, DepayEmit emit, void *data)
{
    ByteReader reader = byte_reader(packet->payload, packet->size);
    Unit units[UNITS_MAX];
    /* Without headers the packet is one AU; some send bare ADTS in place of RFC 3640. */
    if (aac->size_bits == 0 || aac_adts_header(packet->payload, packet->size)) {
        emit_unit(aac, packet->payload, packet->size, packet->timestamp, emit, data);
        return;
    }
    size_t count = read_units(aac, &reader, units);
    if (count == 0)
        aac->notes |= packet->size ? DEPAY_BAD_AUDIO : 0;
    if (count == 1 && units[0].size > byte_reader_left(&reader)) {
        size_t left = byte_reader_left(&reader);
        take_fragment(aac, read_bytes(&reader, left), left, units[0].size, packet->timestamp, emit,
                      data);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *unit = read_bytes(&reader, units[i].size);
        if (!unit) {
            aac->notes |= DEPAY_BAD_AUDIO;
            return;
        }
        emit_unit(aac, unit, units[i].size, packet->timestamp + units[i].place * aac->frame_ticks,
                  emit, data);
    }
}
