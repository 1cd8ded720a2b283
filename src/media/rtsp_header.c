#include "media/rtsp_header.h"

#include <string.h>

static RtspText trim(RtspText text)
{
    while (text.size && g_ascii_isspace(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size && g_ascii_isspace(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Takes what stands before `mark` off the head of `rest`, trimmed; false at the end. */
static bool take_part(RtspText *rest, char mark, RtspText *part)
{
    if (rest->size == 0)
        return false;
    const char *end = memchr(rest->data, mark, rest->size);
    size_t size = end ? (size_t)(end - rest->data) : rest->size;
    *part = trim((RtspText){rest->data, size});
    size_t used = end ? size + 1 : size;
    *rest = (RtspText){rest->data + used, rest->size - used};
    return true;
}

/* "name = value" → both trimmed, quotes off; a bare word has no value. */
static void split_pair(RtspText part, RtspText *name, RtspText *value)
{
    *value = part;
    if (!take_part(value, '=', name))
        *name = part;
    *value = trim(*value);
    if (value->size >= 2 && value->data[0] == '"' && value->data[value->size - 1] == '"')
        *value = (RtspText){value->data + 1, value->size - 2};
}

/* Digits at the head of `text`, up to `most`. */
static bool read_number(RtspText text, uint64_t most, uint64_t *number)
{
    size_t i = 0;
    for (*number = 0; i < text.size && g_ascii_isdigit(text.data[i]); i++) {
        *number = *number * 10 + (uint64_t)(text.data[i] - '0');
        if (*number > most)
            return false;
    }
    return i > 0;
}

static bool copy_text(RtspText text, char *out, size_t room)
{
    if (text.size == 0 || text.size >= room)
        return false;
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}

bool rtsp_session_parse(RtspText value, RtspSession *session)
{
    *session = (RtspSession){0};
    RtspText part, name, number;
    if (!take_part(&value, ';', &part) || !copy_text(part, session->id, sizeof session->id))
        return false;
    for (size_t i = 0; session->id[i]; i++) /* it is sent back in a header of ours */
        if (!g_ascii_isgraph(session->id[i]))
            return false;
    while (take_part(&value, ';', &part)) {
        uint64_t seconds;
        split_pair(part, &name, &number);
        if (rtsp_text_is(name, "timeout") && read_number(number, 86400, &seconds))
            session->timeout_s = (unsigned)seconds;
    }
    return true;
}

/* "8000-8001" or "8000" */
static void read_pair(RtspText text, uint64_t most, int *first, int *second)
{
    RtspText part;
    uint64_t number;
    if (take_part(&text, '-', &part) && read_number(part, most, &number))
        *first = (int)number;
    if (take_part(&text, '-', &part) && read_number(part, most, &number))
        *second = (int)number;
}

static bool read_hex(RtspText text, uint32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = g_ascii_xdigit_value(text.data[i]);
        if (digit < 0 || i >= 8)
            return false;
        *number = *number << 4 | (uint32_t)digit;
    }
    return text.size > 0;
}

static void read_transport_parameter(RtspText name, RtspText value, RtspTransport *transport)
{
    if (rtsp_text_is(name, "interleaved"))
        read_pair(value, 255, &transport->rtp_channel, &transport->rtcp_channel);
    else if (rtsp_text_is(name, "server_port"))
        read_pair(value, 65535, &transport->server_rtp_port, &transport->server_rtcp_port);
    else if (rtsp_text_is(name, "client_port"))
        read_pair(value, 65535, &transport->client_rtp_port, &transport->client_rtcp_port);
    else if (rtsp_text_is(name, "ssrc"))
        transport->has_ssrc = read_hex(value, &transport->ssrc);
    else if (rtsp_text_is(name, "source") &&
             !copy_text(value, transport->source, sizeof transport->source))
        transport->source[0] = '\0';
}

bool rtsp_transport_parse(RtspText value, RtspTransport *transport)
{
    *transport = (RtspTransport){.rtp_channel = -1,
                                 .rtcp_channel = -1,
                                 .server_rtp_port = -1,
                                 .server_rtcp_port = -1,
                                 .client_rtp_port = -1,
                                 .client_rtcp_port = -1};
    RtspText part, name, text;
    bool found = false;
    while (take_part(&value, ';', &part)) {
        split_pair(part, &name, &text);
        if (name.size >= 7 && g_ascii_strncasecmp(name.data, "RTP/AVP", 7) == 0) {
            found = true;
            transport->tcp =
                name.size > 7 && rtsp_text_is((RtspText){name.data + name.size - 4, 4}, "/TCP");
        } else {
            read_transport_parameter(name, text, transport);
        }
    }
    /* Frames can only come over this connection when channels are told. */
    transport->tcp |= transport->rtp_channel >= 0;
    if (transport->rtp_channel >= 0 && transport->rtcp_channel < 0)
        transport->rtcp_channel = MIN(transport->rtp_channel + 1, 255);
    return found || transport->rtp_channel >= 0;
}

unsigned rtsp_public_parse(RtspText value)
{
    unsigned methods = 0;
    RtspText word;
    while (take_part(&value, ',', &word))
        for (unsigned bit = RTSP_OPTIONS; bit <= RTSP_SET_PARAMETER; bit <<= 1)
            if (rtsp_text_is(word, rtsp_method_text((RtspMethod)bit)))
                methods |= bit;
    return methods;
}

bool rtsp_rtp_info_next(RtspText *rest, RtspRtpInfo *info)
{
    RtspText entry, part, name, value;
    while (take_part(rest, ',', &entry)) {
        *info = (RtspRtpInfo){0};
        if (entry.size == 0)
            continue;
        while (take_part(&entry, ';', &part)) {
            uint64_t number;
            split_pair(part, &name, &value);
            if (rtsp_text_is(name, "url")) {
                info->url = value;
            } else if (rtsp_text_is(name, "seq") && read_number(value, UINT16_MAX, &number)) {
                info->has_sequence = true;
                info->sequence = (uint16_t)number;
            } else if (rtsp_text_is(name, "rtptime") && read_number(value, UINT32_MAX, &number)) {
                info->has_timestamp = true;
                info->timestamp = (uint32_t)number;
            }
        }
        return true;
    }
    return false;
}
