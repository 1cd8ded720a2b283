/* A whole server side of a connection: framing, answers and what stands in their headers. */
#include "media/rtsp_auth.h"
#include "media/rtsp_header.h"
#include "media/rtsp_url.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_headers(const RtspItem *item)
{
    RtspSession session;
    RtspTransport transport;
    RtspRtpInfo info;
    RtspAuth auth = {0};
    RtspText rest = rtsp_header(item, "RTP-Info"), base = rtsp_header(item, "Content-Base");
    rtsp_cseq(item);
    rtsp_session_parse(rtsp_header(item, "Session"), &session);
    rtsp_transport_parse(rtsp_header(item, "Transport"), &transport);
    rtsp_public_parse(rtsp_header(item, "Public"));
    while (rtsp_rtp_info_next(&rest, &info))
        g_assert(rest.size < item->consumed);
    if (rtsp_auth_choose(item, &auth)) {
        g_autofree char *answer = rtsp_auth_answer(&auth, "u", "p", "PLAY", "rtsp://h/", "c");
        g_assert(answer && !strpbrk(answer, "\r\n"));
    }
    if (base.data) {
        g_autofree char *text = rtsp_text_dup(base);
        g_autofree char *url = rtsp_url_base(text, "rtsp://h/x");
        g_auto(ByteWriter) out = {0};
        rtsp_request_write(&out, RTSP_SETUP, url, 1, NULL, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RtspFraming framing = {0};
    RtspItem item;
    rtsp_framing_allow(&framing, 0);
    rtsp_framing_allow(&framing, 1);
    for (;;) {
        RtspItemKind kind = rtsp_next(&framing, data, size, &item);
        g_assert(item.consumed <= size);
        if (kind == RTSP_NEED_MORE) {
            g_assert(item.need > size - item.consumed && item.need <= RTSP_ITEM_BYTES_MAX);
            return 0;
        }
        g_assert(item.consumed > 0);
        if (kind != RTSP_GARBAGE)
            g_assert(item.data >= data && item.data + item.size <= data + item.consumed);
        if (kind == RTSP_RESPONSE || kind == RTSP_REQUEST)
            read_headers(&item);
        data += item.consumed;
        size -= item.consumed;
    }
}
