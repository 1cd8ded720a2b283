/* The reader half of line.h: takes lines from anyone. */
#include "ledger/line.h"

#include <string.h>

/* Arrays in arrays may be this deep. */
enum { DEPTH_MOST = 8 };

LineReader line_reader(const char *text, size_t size)
{
    return (LineReader){.text = text, .size = size, .failed = size > LINE_MOST_BYTES};
}

static char here(const LineReader *reader)
{
    if (reader->failed || reader->at >= reader->size)
        return '\0';
    return reader->text[reader->at];
}

static bool literal(LineReader *reader, const char *text)
{
    size_t length = strlen(text);
    if (reader->failed || reader->size - reader->at < length ||
        memcmp(reader->text + reader->at, text, length) != 0) {
        reader->failed = true;
        return false;
    }
    reader->at += length;
    return true;
}

bool line_next_is(const LineReader *reader, const char *key)
{
    LineReader ahead = *reader;
    return literal(&ahead, ",\"") && literal(&ahead, key) && literal(&ahead, "\":");
}

static void name(LineReader *reader, const char *key)
{
    if (!key)
        return;
    literal(reader, ",\"");
    literal(reader, key);
    literal(reader, "\":");
}

void line_read_start(LineReader *reader, const char *type)
{
    literal(reader, "{\"v\":1,\"type\":\"");
    literal(reader, type);
    literal(reader, "\"");
}

/* One code unit after "\u"; lower-case digits, as the writer makes them. */
static uint32_t escaped_unit(LineReader *reader)
{
    uint32_t unit = 0;
    for (unsigned i = 0; i < 4; i++, reader->at++) {
        int digit = g_ascii_xdigit_value(here(reader));
        if (digit < 0 || g_ascii_isupper(here(reader))) {
            reader->failed = true;
            return 0;
        }
        unit = unit << 4 | (uint32_t)digit;
    }
    return unit;
}

static uint32_t escaped_char(LineReader *reader)
{
    reader->at++;
    char kind = here(reader);
    if (kind == '"' || kind == '\\') {
        reader->at++;
        return (uint32_t)kind;
    }
    literal(reader, "u");
    uint32_t unit = escaped_unit(reader);
    if (unit >= 0xd800 && unit < 0xdc00) {
        literal(reader, "\\u");
        uint32_t low = escaped_unit(reader);
        if (low < 0xdc00 || low > 0xdfff)
            reader->failed = true;
        return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    bool plain = unit >= 0x20 && unit < 0x7f;
    if (unit == 0 || plain || (unit >= 0xdc00 && unit <= 0xdfff))
        reader->failed = true;
    return unit;
}

/* The next character of a text, or 0 behind its closing quote and on failure. */
static uint32_t text_char(LineReader *reader)
{
    char c = here(reader);
    if (c == '"') {
        reader->at++;
        return 0;
    }
    if (c == '\\') {
        uint32_t escaped = escaped_char(reader);
        return reader->failed ? 0 : escaped;
    }
    if (c < 0x20 || c > 0x7e) {
        reader->failed = true;
        return 0;
    }
    reader->at++;
    return (uint32_t)c;
}

char *line_read_text(LineReader *reader, const char *key)
{
    name(reader, key);
    if (!literal(reader, "\""))
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    for (uint32_t c = text_char(reader); c; c = text_char(reader))
        g_string_append_unichar(text, c);
    if (reader->failed)
        return NULL;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The inside of a text without escapes; NULL on failure. */
static const char *plain_text(LineReader *reader, const char *key, size_t *size)
{
    name(reader, key);
    if (!literal(reader, "\""))
        return NULL;
    const char *start = reader->text + reader->at;
    for (char c = here(reader); c != '"'; c = here(reader)) {
        if (c < 0x20 || c > 0x7e || c == '\\') {
            reader->failed = true;
            return NULL;
        }
        reader->at++;
    }
    *size = (size_t)(reader->text + reader->at - start);
    reader->at++;
    return start;
}

void line_read_chars(LineReader *reader, const char *key, char *text, size_t room)
{
    size_t size = 0;
    const char *start = plain_text(reader, key, &size);
    text[0] = '\0';
    if (!start || size >= room) {
        reader->failed = true;
        return;
    }
    memcpy(text, start, size);
    text[size] = '\0';
}

/* No sign but '-', no leading zero, no "-0": one text a number. */
int64_t line_read_int(LineReader *reader, const char *key)
{
    name(reader, key);
    bool negative = here(reader) == '-';
    if (negative)
        reader->at++;
    size_t start = reader->at;
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, value = 0;
    for (; g_ascii_isdigit(here(reader)); reader->at++) {
        unsigned digit = (unsigned)(here(reader) - '0');
        if (value > (most - digit) / 10)
            reader->failed = true;
        value = value * 10 + digit;
    }
    size_t digits = reader->at - start;
    if (reader->failed || digits == 0 || (reader->text[start] == '0' && (digits > 1 || negative))) {
        reader->failed = true;
        return 0;
    }
    return negative ? (int64_t)(0 - value) : (int64_t)value;
}

static bool lower_case(const char *text)
{
    for (; *text; text++)
        if (g_ascii_isupper(*text))
            return false;
    return true;
}

Uuid line_read_uuid(LineReader *reader, const char *key)
{
    char text[UUID_TEXT];
    Uuid uuid = {0};
    line_read_chars(reader, key, text, sizeof text);
    if (reader->failed || !lower_case(text) || !uuid_parse(text, &uuid))
        reader->failed = true;
    return uuid;
}

Hash line_read_hash(LineReader *reader, const char *key)
{
    char text[SHA256_HEX];
    Hash hash = {0};
    line_read_chars(reader, key, text, sizeof text);
    if (reader->failed || !lower_case(text) || !hex_decode(text, hash.bytes, sizeof hash.bytes))
        reader->failed = true;
    return hash;
}

/* Encoding again and comparing refuses what g_base64_decode() forgives. */
uint8_t *line_read_base64(LineReader *reader, const char *key, size_t most, size_t *size)
{
    *size = 0;
    size_t length = 0;
    const char *start = plain_text(reader, key, &length);
    if (!start || length % 4 || length / 4 * 3 > most + 2) {
        reader->failed = true;
        return NULL;
    }
    g_autofree char *text = g_strndup(start, length);
    gsize decoded = 0;
    g_autofree uint8_t *data = g_base64_decode(text, &decoded);
    g_autofree char *again = g_base64_encode(data, decoded);
    if (decoded > most || strcmp(text, again) != 0) {
        reader->failed = true;
        return NULL;
    }
    *size = decoded;
    return g_steal_pointer(&data);
}

void line_read_array(LineReader *reader, const char *key)
{
    name(reader, key);
    literal(reader, "[");
}

bool line_read_item(LineReader *reader)
{
    char c = here(reader);
    bool first = reader->at > 0 && reader->text[reader->at - 1] == '[';
    if (c == ']') {
        reader->at++;
        return false;
    }
    if (!first)
        literal(reader, ",");
    return !reader->failed;
}

void line_read_next(LineReader *reader)
{
    if (!line_read_item(reader))
        reader->failed = true;
}

void line_read_close(LineReader *reader)
{
    if (line_read_item(reader))
        reader->failed = true;
}

static void any_value(LineReader *reader, unsigned depth)
{
    char c = here(reader);
    if (c == '"') {
        reader->at++;
        while (text_char(reader))
            ;
    } else if (c == '[' && depth < DEPTH_MOST) {
        line_read_array(reader, NULL);
        while (line_read_item(reader))
            any_value(reader, depth + 1);
    } else {
        line_read_int(reader, NULL);
    }
}

bool line_read_any(LineReader *reader, char key[LINE_KEY_TEXT])
{
    if (here(reader) == '}' || !literal(reader, ","))
        return false;
    line_read_chars(reader, NULL, key, LINE_KEY_TEXT);
    literal(reader, ":");
    any_value(reader, 0);
    return !reader->failed;
}

void line_read_seal(LineReader *reader, LineSeal *seal)
{
    line_read_chars(reader, "key", seal->key, sizeof seal->key);
    if (strlen(seal->key) != KEY_ID_TEXT - 1)
        reader->failed = true;
    seal->signed_bytes = reader->at;
    size_t size;
    g_autofree uint8_t *signature = line_read_base64(reader, "sig", SIGNATURE_BYTES, &size);
    if (reader->failed || size != SIGNATURE_BYTES) {
        reader->failed = true;
        return;
    }
    memcpy(seal->signature, signature, SIGNATURE_BYTES);
    seal->hash = hash_of(reader->text, seal->signed_bytes);
}

bool line_read_end(LineReader *reader)
{
    if (literal(reader, "}") && reader->at != reader->size)
        reader->failed = true;
    return !reader->failed;
}

bool line_read_head(const char *text, size_t size, LineHead *head)
{
    LineReader reader = line_reader(text, size);
    literal(&reader, "{\"v\":1");
    line_read_chars(&reader, "type", head->type, sizeof head->type);
    char key[LINE_KEY_TEXT];
    while (!line_next_is(&reader, "seq"))
        if (!line_read_any(&reader, key))
            return false;
    head->seq = line_read_int(&reader, "seq");
    while (!line_next_is(&reader, "prev"))
        if (!line_read_any(&reader, key))
            return false;
    head->prev = line_read_hash(&reader, "prev");
    line_read_seal(&reader, &head->seal);
    while (line_read_any(&reader, key))
        ;
    return line_read_end(&reader) && head->seq > 0;
}
