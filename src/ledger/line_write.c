/* The writer half of line.h. */
#include "ledger/line.h"

#include <inttypes.h>
#include <string.h>

GString *line_new(const char *type)
{
    GString *line = g_string_new("{\"v\":1");
    line_put_text(line, "type", type);
    return line;
}

void line_put_name(GString *line, const char *key)
{
    g_string_append_printf(line, ",\"%s\":", key);
}

void line_put_int(GString *line, const char *key, int64_t value)
{
    g_string_append_printf(line, ",\"%s\":%" PRId64, key, value);
}

static void add_unit(GString *line, gunichar unit)
{
    g_string_append_printf(line, "\\u%04x", (unsigned)unit);
}

static void add_char(GString *line, gunichar c)
{
    if (c == '"' || c == '\\') {
        g_string_append_c(line, '\\');
        g_string_append_c(line, (char)c);
    } else if (c >= 0x20 && c < 0x7f) {
        g_string_append_c(line, (char)c);
    } else if (c < 0x10000) {
        add_unit(line, c);
    } else {
        add_unit(line, 0xd800 + ((c - 0x10000) >> 10));
        add_unit(line, 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
}

void line_add_text(GString *line, const char *utf8)
{
    g_autofree char *valid = g_utf8_make_valid(utf8 ? utf8 : "", -1);
    g_string_append_c(line, '"');
    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        add_char(line, g_utf8_get_char(at));
    g_string_append_c(line, '"');
}

void line_put_text(GString *line, const char *key, const char *utf8)
{
    line_put_name(line, key);
    line_add_text(line, utf8);
}

void line_put_uuid(GString *line, const char *key, const Uuid *uuid)
{
    char text[UUID_TEXT];
    line_put_text(line, key, uuid_text(uuid, text));
}

void line_put_hash(GString *line, const char *key, const Hash *hash)
{
    char text[SHA256_HEX];
    hex_encode(hash->bytes, sizeof hash->bytes, text);
    line_put_text(line, key, text);
}

void line_put_base64(GString *line, const char *key, const void *data, size_t size)
{
    g_autofree char *text = g_base64_encode(data, size);
    line_put_name(line, key);
    g_string_append_c(line, '"');
    g_string_append(line, text);
    g_string_append_c(line, '"');
}

Hash line_sign(GString *line, const NodeKey *key)
{
    line_put_text(line, "key", node_key_id(key));
    Hash hash = hash_of(line->str, line->len);
    uint8_t signature[SIGNATURE_BYTES];
    node_key_sign(key, line->str, line->len, signature);
    line_put_base64(line, "sig", signature, sizeof signature);
    return hash;
}

void line_close(GString *line)
{
    g_string_append(line, "}\n");
}
