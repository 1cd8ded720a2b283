#include "media/sdp.h"

#include "media/aac.h"

#include <string.h>

enum { FORMATS_MAX = 32, ATTRIBUTES_MAX = 256 };

/* Characters of the description, trimmed. */
typedef struct Text {
    const char *data;
    size_t size;
} Text;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

static Text trim(Text text)
{
    while (text.size && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

static bool text_is(Text text, const char *word)
{
    size_t size = strlen(word);
    return text.size == size && g_ascii_strncasecmp(text.data, word, size) == 0;
}

static char *text_dup(Text text)
{
    return g_strndup(text.size ? text.data : "", text.size);
}

/* Takes what stands before `mark` (or a blank, when that is the mark) off the head of `rest`. */
static Text take_part(Text *rest, char mark)
{
    size_t size = 0;
    while (size < rest->size &&
           (mark == ' ' ? !is_blank(rest->data[size]) : rest->data[size] != mark))
        size++;
    Text part = {rest->data, size};
    size_t used = size < rest->size ? size + 1 : size;
    *rest = (Text){rest->data + used, rest->size - used};
    if (mark == ' ')
        *rest = trim(*rest);
    return trim(part);
}

/* Digits at the head of `text`; -1 when there are none or too many. */
static int64_t read_number(Text text)
{
    int64_t number = -1;
    for (size_t i = 0; i < text.size && g_ascii_isdigit(text.data[i]); i++) {
        number = MAX(number, 0) * 10 + (text.data[i] - '0');
        if (number > UINT32_MAX)
            return -1;
    }
    return number;
}

/* An a=rtpmap or a=fmtp, kept until all media are known: some stand in the wrong media (D4). */
typedef struct Attribute {
    size_t media;
    int payload_type;
    bool is_map;
    Text value;
} Attribute;

typedef struct Parser {
    Sdp *sdp;
    bool in_media; /* of the media counted last */
    bool skipping; /* media beyond the bound */
    size_t attribute_count;
    Attribute attributes[ATTRIBUTES_MAX];
    size_t format_counts[SDP_MEDIA_MAX];
    int8_t formats[SDP_MEDIA_MAX][FORMATS_MAX];
} Parser;

static void parse_media_line(Parser *parser, Text value)
{
    Sdp *sdp = parser->sdp;
    parser->skipping = sdp->media_count == SDP_MEDIA_MAX;
    if (parser->skipping)
        return;
    size_t index = sdp->media_count++;
    SdpMedia *media = &sdp->media[index];
    Text kind = take_part(&value, ' ');
    *media = (SdpMedia){
        .kind = text_is(kind, "video")   ? SDP_VIDEO
                : text_is(kind, "audio") ? SDP_AUDIO
                                         : SDP_OTHER,
        .payload_type = -1,
        .channels = 1,
        .control = g_strdup(""),
        .fmtp = g_strdup(""),
    };
    parser->in_media = true;
    take_part(&value, ' '); /* port */
    take_part(&value, ' '); /* protocol */
    while (value.size && parser->format_counts[index] < FORMATS_MAX) {
        int64_t format = read_number(take_part(&value, ' '));
        if (format >= 0 && format <= 127)
            parser->formats[index][parser->format_counts[index]++] = (int8_t)format;
    }
}

static void keep_attribute(Parser *parser, bool is_map, Text value)
{
    int64_t format = read_number(take_part(&value, ' '));
    if (format < 0 || format > 127 || parser->attribute_count == ATTRIBUTES_MAX)
        return;
    parser->attributes[parser->attribute_count++] = (Attribute){
        .media = parser->in_media ? parser->sdp->media_count - 1 : SDP_MEDIA_MAX,
        .payload_type = (int)format,
        .is_map = is_map,
        .value = value,
    };
}

static double read_rate(Text text)
{
    g_autofree char *digits = text_dup(text);
    char *end;
    double rate = g_ascii_strtod(digits, &end);
    if (*end == '/') {
        double divisor = g_ascii_strtod(end + 1, NULL);
        rate = divisor > 0 ? rate / divisor : 0;
    }
    return rate > 0 && rate <= 1000 ? rate : 0;
}

static void parse_attribute_line(Parser *parser, Text value)
{
    static const char *const directions[] = {[SDP_SENDRECV] = "sendrecv",
                                             [SDP_SENDONLY] = "sendonly",
                                             [SDP_RECVONLY] = "recvonly",
                                             [SDP_INACTIVE] = "inactive"};
    Text name = take_part(&value, ':');
    value = trim(value);
    SdpMedia *media = parser->in_media ? &parser->sdp->media[parser->sdp->media_count - 1] : NULL;
    if (text_is(name, "control")) {
        char **control = media ? &media->control : &parser->sdp->control;
        g_free(*control);
        *control = text_dup(value);
    } else if (text_is(name, "rtpmap") || text_is(name, "fmtp")) {
        keep_attribute(parser, text_is(name, "rtpmap"), value);
    } else if (media && (text_is(name, "framerate") || text_is(name, "x-framerate"))) {
        media->frame_rate = read_rate(value);
    } else if (media) {
        for (unsigned i = 0; i < G_N_ELEMENTS(directions); i++)
            if (text_is(name, directions[i]))
                media->direction = (SdpDirection)i;
    }
}

static void parse_line(Parser *parser, Text line)
{
    line = trim(line);
    Text name = take_part(&line, '=');
    line = trim(line);
    if (text_is(name, "m"))
        parse_media_line(parser, line);
    else if (text_is(name, "a") && !parser->skipping)
        parse_attribute_line(parser, line);
}

/* The attribute of this payload type, of this media before any other; NULL when there is none. */
static const Attribute *find_attribute(const Parser *parser, size_t media, int payload_type,
                                       bool is_map)
{
    const Attribute *other = NULL;
    for (size_t i = 0; i < parser->attribute_count; i++) {
        const Attribute *at = &parser->attributes[i];
        if (at->payload_type != payload_type || at->is_map != is_map)
            continue;
        if (at->media == media)
            return at;
        if (!other)
            other = at;
    }
    return other;
}

typedef struct Encoding {
    const char *name;
    SdpKind kind;
    Codec codec;
} Encoding;

static const Encoding encodings[] = {
    {"H264", SDP_VIDEO, CODEC_H264}, {"H265", SDP_VIDEO, CODEC_H265},
    {"HEVC", SDP_VIDEO, CODEC_H265}, {"MPEG4-GENERIC", SDP_AUDIO, CODEC_AAC},
    {"PCMA", SDP_AUDIO, CODEC_PCMA}, {"PCMU", SDP_AUDIO, CODEC_PCMU},
    {"opus", SDP_AUDIO, CODEC_OPUS},
};

/* RFC 3551 §6, as far as cameras use it. */
static const struct {
    int payload_type;
    const char *encoding;
    SdpKind kind;
    uint32_t clock_hz;
} static_formats[] = {
    {0, "PCMU", SDP_AUDIO, 8000},  {4, "G723", SDP_AUDIO, 8000},   {8, "PCMA", SDP_AUDIO, 8000},
    {9, "G722", SDP_AUDIO, 8000},  {14, "MPA", SDP_AUDIO, 90000},  {26, "JPEG", SDP_VIDEO, 90000},
    {32, "MPV", SDP_VIDEO, 90000}, {33, "MP2T", SDP_VIDEO, 90000},
};

static const Encoding *find_encoding(const SdpMedia *media)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(encodings); i++)
        if (media->kind == encodings[i].kind &&
            g_ascii_strcasecmp(media->encoding, encodings[i].name) == 0)
            return &encodings[i];
    return NULL;
}

static Codec find_codec(const SdpMedia *media)
{
    const Encoding *encoding = find_encoding(media);
    if (!encoding || encoding->codec != CODEC_AAC)
        return encoding ? encoding->codec : CODEC_NONE;
    /* RFC 3640 carries CELP, too. */
    g_autofree char *mode = sdp_fmtp(media, "mode");
    return !mode || g_ascii_strncasecmp(mode, "AAC", 3) == 0 ? CODEC_AAC : CODEC_NONE;
}

bool sdp_knows(const SdpMedia *media)
{
    return find_encoding(media) != NULL;
}

static int config_rate(const SdpMedia *media)
{
    uint8_t bytes[8];
    size_t size = sdp_fmtp_hex(media, "config", bytes, sizeof bytes);
    AacConfig parsed;
    return aac_config_parse(bytes, size, &parsed) ? parsed.sample_rate_hz : 0;
}

static bool has_clock(const SdpMedia *media)
{
    return media->kind == SDP_AUDIO
               ? media->clock_hz >= AUDIO_TIMESCALE_LEAST && media->clock_hz <= AUDIO_TIMESCALE_MOST
               : media->clock_hz > 0;
}

/* A clock rate that is missing, 0, or none that sound can have: CAMERAS.md, further rows. */
static void complete_clock(SdpMedia *media)
{
    if (has_clock(media))
        return;
    if (media->codec == CODEC_AAC)
        media->clock_hz = (uint32_t)config_rate(media);
    if (has_clock(media))
        return;
    if (media->codec == CODEC_AAC)
        media->codec = CODEC_NONE;
    media->clock_hz = media->kind == SDP_AUDIO ? 8000 : 90000;
}

static void read_format(const Parser *parser, size_t index, int payload_type, SdpMedia *media)
{
    media->payload_type = payload_type;
    media->encoding[0] = '\0';
    media->clock_hz = 0;
    media->channels = 1;
    const Attribute *map = find_attribute(parser, index, payload_type, true);
    if (map) {
        Text value = map->value, encoding = take_part(&value, '/');
        Text clock = take_part(&value, '/');
        int64_t clock_hz = read_number(clock), channels = read_number(value);
        g_autofree char *name = text_dup(encoding);
        g_strlcpy(media->encoding, name, sizeof media->encoding);
        media->clock_hz = clock_hz > 0 ? (uint32_t)clock_hz : 0;
        media->channels = channels >= 1 && channels <= 64 ? (int)channels : 1;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(static_formats); i++)
        if (payload_type == static_formats[i].payload_type &&
            media->kind == static_formats[i].kind) {
            /* Some name it badly ("PCM"); what the number means is certain. */
            if (find_codec(media) == CODEC_NONE)
                g_strlcpy(media->encoding, static_formats[i].encoding, sizeof media->encoding);
            if (!has_clock(media))
                media->clock_hz = static_formats[i].clock_hz;
        }
    const Attribute *parameters = find_attribute(parser, index, payload_type, false);
    g_free(media->fmtp);
    media->fmtp = text_dup(parameters ? parameters->value : (Text){"", 0});
    media->codec = find_codec(media);
    complete_clock(media);
}

/* Chooses the first format with a codec of ours, else the first. */
static void choose_format(const Parser *parser, size_t index)
{
    SdpMedia *media = &parser->sdp->media[index];
    size_t count = parser->format_counts[index];
    for (size_t i = 0; i < count && media->codec == CODEC_NONE; i++)
        read_format(parser, index, parser->formats[index][i], media);
    /* A format told only by its rtpmap. */
    for (size_t i = 0; i < parser->attribute_count && media->codec == CODEC_NONE; i++)
        if (parser->attributes[i].media == index && parser->attributes[i].is_map)
            read_format(parser, index, parser->attributes[i].payload_type, media);
    if (media->codec == CODEC_NONE && count)
        read_format(parser, index, parser->formats[index][0], media);
    complete_clock(media);
}

Sdp *sdp_parse(const void *data, size_t size)
{
    g_autoptr(Sdp) sdp = g_new0(Sdp, 1);
    sdp->control = g_strdup("");
    g_autofree Parser *parser = g_new0(Parser, 1);
    parser->sdp = sdp;
    Text rest = {data, MIN(size, (size_t)SDP_BYTES_MAX)};
    while (rest.size) {
        size_t length = 0;
        while (length < rest.size && rest.data[length] != '\n' && rest.data[length] != '\r')
            length++;
        if (length)
            parse_line(parser, (Text){rest.data, length});
        length += length < rest.size;
        rest = (Text){rest.data + length, rest.size - length};
    }
    if (sdp->media_count == 0)
        return NULL;
    for (size_t i = 0; i < sdp->media_count; i++)
        choose_format(parser, i);
    return g_steal_pointer(&sdp);
}

void sdp_free(Sdp *sdp)
{
    if (!sdp)
        return;
    for (size_t i = 0; i < sdp->media_count; i++) {
        g_free(sdp->media[i].control);
        g_free(sdp->media[i].fmtp);
    }
    g_free(sdp->control);
    g_free(sdp);
}

/* The word that marks a back channel here: `sendonly`, unless a video is marked so, which never is
 * one; then the camera means it the other way round. */
static SdpDirection back_channel_mark(const Sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++)
        if (sdp->media[i].kind == SDP_VIDEO && sdp->media[i].direction == SDP_SENDONLY)
            return SDP_RECVONLY;
    return SDP_SENDONLY;
}

const SdpMedia *sdp_choose(const Sdp *sdp, SdpKind kind)
{
    SdpDirection back = back_channel_mark(sdp);
    bool all_back = true;
    for (size_t i = 0; i < sdp->media_count; i++)
        all_back &= sdp->media[i].direction == back;
    const SdpMedia *best = NULL;
    for (size_t i = 0; i < sdp->media_count; i++) {
        const SdpMedia *media = &sdp->media[i];
        bool is_back = kind == SDP_AUDIO && media->direction == back && !all_back;
        if (media->kind != kind || is_back)
            continue;
        if (!best || (best->codec == CODEC_NONE && media->codec != CODEC_NONE))
            best = media;
    }
    return best;
}

char *sdp_fmtp(const SdpMedia *media, const char *name)
{
    Text rest = {media->fmtp, strlen(media->fmtp)};
    while (rest.size) {
        Text value = take_part(&rest, ';'), key = take_part(&value, '=');
        value = trim(value);
        if (value.size >= 2 && value.data[0] == '"' && value.data[value.size - 1] == '"')
            value = (Text){value.data + 1, value.size - 2};
        if (text_is(key, name))
            return text_dup(value);
    }
    return NULL;
}

size_t sdp_fmtp_hex(const SdpMedia *media, const char *name, uint8_t *out, size_t room)
{
    g_autofree char *text = sdp_fmtp(media, name);
    size_t size = 0;
    for (const char *at = text; at && size < room; at += 2, size++) {
        int high = g_ascii_xdigit_value(at[0]), low = high < 0 ? -1 : g_ascii_xdigit_value(at[1]);
        if (low < 0)
            break;
        out[size] = (uint8_t)(high << 4 | low);
    }
    return size;
}
