#include "media/rtsp_message.h"

#include <string.h>

enum {
    FRAME_HEAD = 4,       /* '$', channel, 16-bit length (RFC 2326 §10.12) */
    PACKET_BYTES_MIN = 8, /* an empty RTCP receiver report; RTP has 12 */
    METHOD_BYTES_MAX = 20,
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static RtspText trim(RtspText text)
{
    while (text.size && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Takes what stands before the first blank off the head of `text`. */
static RtspText take_word(RtspText *text)
{
    RtspText word = {text->data, 0};
    while (word.size < text->size && !is_blank(text->data[word.size]))
        word.size++;
    *text = trim((RtspText){text->data + word.size, text->size - word.size});
    return word;
}

RtspText rtsp_text(const char *text)
{
    return (RtspText){text, strlen(text)};
}

bool rtsp_text_is(RtspText text, const char *word)
{
    size_t size = strlen(word);
    return text.size == size && (size == 0 || g_ascii_strncasecmp(text.data, word, size) == 0);
}

char *rtsp_text_dup(RtspText text)
{
    return g_strndup(text.size ? text.data : "", text.size);
}

void rtsp_framing_allow(RtspFraming *framing, uint8_t channel)
{
    framing->channels[channel / 8] |= (uint8_t)(1u << (channel % 8));
}

static bool is_allowed(const RtspFraming *framing, uint8_t channel)
{
    return framing->channels[channel / 8] >> (channel % 8) & 1;
}

static RtspItemKind need_more(RtspItem *item, size_t need)
{
    item->need = need;
    return RTSP_NEED_MORE;
}

/* The next line, trimmed; false when its end has not come yet. */
static bool next_line(RtspText *rest, RtspText *line)
{
    const char *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
    if (!end)
        return false;
    size_t size = (size_t)(end - rest->data);
    *line = (RtspText){rest->data, size};
    *rest = (RtspText){end + 1, rest->size - size - 1};
    return true;
}

static bool read_number(RtspText text, int64_t most, int64_t *number)
{
    text = trim(text);
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!g_ascii_isdigit(text.data[i]))
            return false;
        *number = *number * 10 + (text.data[i] - '0');
        if (*number > most)
            return false;
    }
    return text.size > 0;
}

/* Up to the first control character: what is read may be sent back in a request of ours. */
static RtspText printable(RtspText text)
{
    size_t size = 0;
    while (size < text.size && (text.data[size] == '\t' || !g_ascii_iscntrl(text.data[size])))
        size++;
    return trim((RtspText){text.data, size});
}

static bool parse_status_line(RtspText line, RtspItem *item)
{
    int64_t status;
    take_word(&line); /* RTSP/1.0 */
    if (!read_number(take_word(&line), 999, &status) || status < 100)
        return false;
    item->kind = RTSP_RESPONSE;
    item->status = (int)status;
    item->reason = printable(line);
    item->method = item->url = (RtspText){NULL, 0};
    return true;
}

static bool parse_request_line(RtspText line, RtspItem *item)
{
    item->method = take_word(&line);
    item->url = take_word(&line);
    if (line.size < 5 || memcmp(line.data, "RTSP/", 5) != 0)
        return false;
    item->kind = RTSP_REQUEST;
    item->status = 0;
    item->reason = (RtspText){NULL, 0};
    return true;
}

/* Lines without a colon are skipped, and those that go on with the one before them: nobody folds
 * what we need, and RFC 7826 §5.2 forbids it. */
static void parse_header_line(RtspText line, RtspItem *item)
{
    const char *colon = memchr(line.data, ':', line.size);
    if (!colon || item->header_count == RTSP_HEADERS_MAX || is_blank(line.data[0]))
        return;
    size_t name = (size_t)(colon - line.data);
    item->headers[item->header_count++] = (RtspHeader){
        .name = printable((RtspText){line.data, name}),
        .value = printable(trim((RtspText){colon + 1, line.size - name - 1})),
    };
}

/* No item: what was looked at in vain is skipped, so that no byte is looked at again and again. */
static RtspItemKind no_item(RtspItem *item, size_t skip)
{
    item->need = skip;
    return RTSP_GARBAGE;
}

/* A response or a request from its first byte. RTSP_GARBAGE when it breaks a rule or a bound. */
static RtspItemKind parse_message(const uint8_t *data, size_t size, RtspItem *item)
{
    RtspText head = {(const char *)data, MIN(size, (size_t)RTSP_HEAD_BYTES_MAX)}, rest = head, line;
    bool in_headers = false;
    for (;;) {
        if (!next_line(&rest, &line))
            return head.size < RTSP_HEAD_BYTES_MAX ? need_more(item, size + 1)
                                                   : no_item(item, head.size);
        if (trim(line).size == 0)
            break;
        if (in_headers) {
            parse_header_line(line, item);
        } else {
            bool answer = memcmp(data, "RTSP/", 5) == 0;
            if (answer ? !parse_status_line(trim(line), item)
                       : !parse_request_line(trim(line), item))
                return no_item(item, (size_t)(rest.data - head.data));
            item->header_count = 0;
            in_headers = true;
        }
    }
    size_t head_size = (size_t)(rest.data - head.data);
    RtspText length = rtsp_header(item, "Content-Length");
    int64_t body = 0;
    if (length.data && !read_number(length, RTSP_BODY_BYTES_MAX, &body))
        return no_item(item, head_size);
    if (size - head_size < (size_t)body)
        return need_more(item, head_size + (size_t)body);
    item->data = data + head_size;
    item->size = (size_t)body;
    item->consumed += head_size + (size_t)body;
    return item->kind;
}

/* What can be said of the first bytes of an item. */
typedef enum Verdict { VERDICT_NO, VERDICT_MAYBE, VERDICT_YES } Verdict;

static Verdict looks_like_answer(const uint8_t *data, size_t size)
{
    if (memcmp(data, "RTSP/", MIN(size, 5)) != 0)
        return VERDICT_NO;
    return size < 5 ? VERDICT_MAYBE : VERDICT_YES;
}

static Verdict looks_like_request(const uint8_t *data, size_t size)
{
    size_t at = 0;
    while (at < size && at < METHOD_BYTES_MAX &&
           (g_ascii_isupper((char)data[at]) || data[at] == '_'))
        at++;
    if (at == size)
        return VERDICT_MAYBE;
    return at >= 3 && data[at] == ' ' ? VERDICT_YES : VERDICT_NO;
}

/* Whether to believe, after framing was lost, that an item begins here: an answer, or a frame of a
 * known channel with a packet of version 2 in it and the like of an item behind it. */
static Verdict believe(const RtspFraming *framing, const uint8_t *data, size_t size, size_t *need)
{
    if (data[0] != '$') {
        *need = 5;
        return looks_like_answer(data, size);
    }
    *need = FRAME_HEAD + 1;
    if (size >= 2 && !is_allowed(framing, data[1]))
        return VERDICT_NO;
    if (size < *need)
        return VERDICT_MAYBE;
    size_t payload = get_u16(data + 2);
    if (payload < PACKET_BYTES_MIN || data[4] >> 6 != 2)
        return VERDICT_NO;
    *need = FRAME_HEAD + payload + 1;
    if (size < *need)
        return VERDICT_MAYBE;
    uint8_t next = data[FRAME_HEAD + payload];
    return next == '$' || next == '\r' || next == '\n' || g_ascii_isupper((char)next) ? VERDICT_YES
                                                                                      : VERDICT_NO;
}

/* Skips to where an item may begin, at or after `from`. */
static RtspItemKind skip_garbage(RtspFraming *framing, const uint8_t *data, size_t size,
                                 size_t from, RtspItem *item)
{
    framing->lost = true;
    size_t at = from, need;
    while (at < size && believe(framing, data + at, size - at, &need) == VERDICT_NO)
        at++;
    item->consumed += at;
    return RTSP_GARBAGE;
}

static RtspItemKind take_frame(const RtspFraming *framing, const uint8_t *data, size_t size,
                               RtspItem *item)
{
    if (size < FRAME_HEAD)
        return need_more(item, FRAME_HEAD);
    size_t payload = get_u16(data + 2);
    /* A channel nobody set up is another session's leak if it carries packets, else no frame. */
    if (!is_allowed(framing, data[1]) && size > FRAME_HEAD && payload && data[4] >> 6 != 2)
        return no_item(item, 1);
    if (size < FRAME_HEAD + payload)
        return need_more(item, FRAME_HEAD + payload);
    item->channel = data[1];
    item->data = data + FRAME_HEAD;
    item->size = payload;
    item->consumed += FRAME_HEAD + payload;
    return RTSP_FRAME;
}

static RtspItemKind take_item(const RtspFraming *framing, const uint8_t *data, size_t size,
                              RtspItem *item)
{
    if (data[0] == '$')
        return take_frame(framing, data, size, item);
    Verdict verdict = looks_like_answer(data, size);
    if (verdict == VERDICT_NO)
        verdict = looks_like_request(data, size);
    if (verdict == VERDICT_MAYBE)
        return need_more(item, size + 1);
    return verdict == VERDICT_YES ? parse_message(data, size, item) : no_item(item, 1);
}

RtspItemKind rtsp_next(RtspFraming *framing, const uint8_t *data, size_t size, RtspItem *item)
{
    size_t blank = 0;
    while (blank < size && (data[blank] == '\r' || data[blank] == '\n'))
        blank++;
    item->consumed = blank;
    if (blank == size)
        return item->kind = need_more(item, 1);
    data += blank;
    size -= blank;
    if (framing->lost) {
        size_t need;
        Verdict verdict = believe(framing, data, size, &need);
        if (verdict == VERDICT_MAYBE)
            return item->kind = need_more(item, need);
        if (verdict == VERDICT_NO)
            return item->kind = skip_garbage(framing, data, size, 1, item);
        framing->lost = false;
    }
    RtspItemKind kind = take_item(framing, data, size, item);
    if (kind == RTSP_GARBAGE)
        kind = skip_garbage(framing, data, size, item->need, item);
    return item->kind = kind;
}

RtspText rtsp_header(const RtspItem *item, const char *name)
{
    for (size_t i = 0; i < item->header_count; i++)
        if (rtsp_text_is(item->headers[i].name, name))
            return item->headers[i].value;
    return (RtspText){NULL, 0};
}

int64_t rtsp_cseq(const RtspItem *item)
{
    int64_t number;
    return read_number(rtsp_header(item, "CSeq"), UINT32_MAX, &number) ? number : -1;
}
