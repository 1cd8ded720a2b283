/* rtsp_message.h — what stands in the RTSP byte stream of a client's connection (RFC 2326).
 *
 * rtsp_next() looks at the head of a buffer and says what the next item is; the caller drops
 * `consumed` bytes and asks again. Items borrow the buffer. Nothing is copied or allocated, so an
 * interleaved frame costs a few compares. Parsing is tolerant (LF without CR, trailing blanks,
 * missing reason, blank lines before an item); what cannot be framed is skipped up to the next
 * plausible item (rows S14–S16).
 */
#pragma once

#include "base/bytes.h"

enum {
    RTSP_HEADERS_MAX = 64,
    RTSP_HEAD_BYTES_MAX = 32 * 1024,
    RTSP_BODY_BYTES_MAX = 1024 * 1024,
    RTSP_FRAME_BYTES_MAX = 4 + 65535, /* with '$', channel and length */
    RTSP_ITEM_BYTES_MAX = RTSP_HEAD_BYTES_MAX + RTSP_BODY_BYTES_MAX, /* no item needs more buffer */
};

/* Characters that belong to somebody else and have no NUL at the end. */
typedef struct RtspText {
    const char *data;
    size_t size;
} RtspText;

RtspText rtsp_text(const char *text);
bool rtsp_text_is(RtspText text, const char *word); /* without case */
char *rtsp_text_dup(RtspText text);                 /* returns owned, NUL-terminated */

typedef struct RtspHeader {
    RtspText name, value; /* trimmed; no control characters but tabs */
} RtspHeader;

typedef enum RtspItemKind {
    RTSP_NEED_MORE, /* `consumed` (blank lines) may be above 0; `need` says how many bytes in all */
    RTSP_FRAME,     /* interleaved: `channel`, `data`, `size` */
    RTSP_RESPONSE,  /* `status`, `reason`, headers, body in `data`, `size` */
    RTSP_REQUEST,   /* of the server: `method`, `url`, headers, body */
    RTSP_GARBAGE,   /* `consumed` bytes are no item: framing was lost */
} RtspItemKind;

typedef struct RtspItem {
    RtspItemKind kind;
    size_t consumed; /* bytes to drop from the head of the buffer once the item is done with */
    size_t need;     /* RTSP_NEED_MORE: bytes, after `consumed` ones are dropped, before it is worth
                        to ask again */
    uint8_t channel;
    const uint8_t *data;
    size_t size;
    /* Messages only; undefined for frames. */
    int status;
    RtspText reason, method, url;
    size_t header_count; /* further ones are dropped */
    RtspHeader headers[RTSP_HEADERS_MAX];
} RtspItem;

/* What is known of the connection. Zero-initialise. */
typedef struct RtspFraming {
    uint8_t channels[32]; /* bit set of the channels the server may use: what resync believes in */
    bool lost;            /* framing is lost now */
} RtspFraming;

void rtsp_framing_allow(RtspFraming *framing, uint8_t channel);

/* Fills in `item` and returns its kind. A message that breaks a bound counts as garbage. */
RtspItemKind rtsp_next(RtspFraming *framing, const uint8_t *data, size_t size, RtspItem *item);

/* The first header of this name (no case), or one with NULL data. */
RtspText rtsp_header(const RtspItem *item, const char *name);
int64_t rtsp_cseq(const RtspItem *item); /* -1 when missing or no number */

typedef enum RtspMethod {
    RTSP_OPTIONS = 1 << 0,
    RTSP_DESCRIBE = 1 << 1,
    RTSP_SETUP = 1 << 2,
    RTSP_PLAY = 1 << 3,
    RTSP_PAUSE = 1 << 4,
    RTSP_TEARDOWN = 1 << 5,
    RTSP_GET_PARAMETER = 1 << 6,
    RTSP_SET_PARAMETER = 1 << 7,
} RtspMethod;
const char *rtsp_method_text(RtspMethod method);

/* A name and value of a request to be written. */
typedef struct RtspField {
    const char *name, *value;
} RtspField;

/* Appends a request without a body. Fields with a NULL value are left out; a line break in any text
 * is a mistake of ours. */
void rtsp_request_write(ByteWriter *out, RtspMethod method, const char *url, unsigned cseq,
                        const RtspField *fields, size_t count);

/* Appends an answer without a body to a request of the server. */
void rtsp_response_write(ByteWriter *out, int status, const char *reason, int64_t cseq);
