#include "camera/rtp_rival.h"

#include <stdlib.h>

enum {
    APART_MOST = 64, /* numbers of packets that overtake each other or are lost on the way */
    ROOM_BYTES = 64 * 1024,
};

typedef struct Kept {
    size_t at, size;
    int64_t arrival_us;
} Kept;

struct RtpRival {
    uint32_t ssrc;
    uint16_t newest; /* number */
    bool torn;       /* what came of it first was not kept */
    GByteArray *bytes;
    GArray *kept; /* Kept, of bytes */
};

RtpRival *rtp_rival_new(void)
{
    RtpRival *rival = g_new0(RtpRival, 1);
    rival->bytes = g_byte_array_new();
    rival->kept = g_array_new(FALSE, FALSE, sizeof(Kept));
    return rival;
}

void rtp_rival_free(RtpRival *rival)
{
    if (!rival)
        return;
    g_byte_array_unref(rival->bytes);
    g_array_unref(rival->kept);
    g_free(rival);
}

static bool goes_on(const RtpRival *rival, const RtpPacket *packet)
{
    int apart = (int16_t)(uint16_t)(packet->sequence - rival->newest);
    return rival->kept->len > 0 && packet->ssrc == rival->ssrc && abs(apart) <= APART_MOST;
}

void rtp_rival_keep(RtpRival *rival, const RtpPacket *packet, const uint8_t *data, size_t size,
                    int64_t arrival_us)
{
    if (!goes_on(rival, packet) || rival->bytes->len + size > RTP_RIVAL_BYTES_MAX) {
        bool torn = rival->kept->len > 0 && packet->ssrc == rival->ssrc;
        rtp_rival_forget(rival);
        rival->torn = torn;
    }
    rival->ssrc = packet->ssrc;
    rival->newest = packet->sequence;
    Kept kept = {rival->bytes->len, size, arrival_us};
    g_byte_array_append(rival->bytes, data, (guint)size);
    g_array_append_val(rival->kept, kept);
}

void rtp_rival_forget(RtpRival *rival)
{
    g_array_set_size(rival->kept, 0);
    rival->torn = false;
    if (rival->bytes->len > ROOM_BYTES) { /* seldom so much: it is not held for good */
        g_byte_array_unref(rival->bytes);
        rival->bytes = g_byte_array_new();
    }
    g_byte_array_set_size(rival->bytes, 0);
}

bool rtp_rival_torn(const RtpRival *rival)
{
    return rival->torn;
}

unsigned rtp_rival_count(const RtpRival *rival)
{
    return rival->kept->len;
}

void rtp_rival_give(RtpRival *rival, RtpRivalOut out, void *data)
{
    for (guint i = 0; i < rival->kept->len; i++) {
        const Kept *kept = &g_array_index(rival->kept, Kept, i);
        out(data, rival->bytes->data + kept->at, kept->size, kept->arrival_us);
    }
    rtp_rival_forget(rival);
}
