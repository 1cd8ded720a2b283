#include "base/uuid.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

Uuid uuid_new(void)
{
    Uuid uuid;
    randombytes_buf(uuid.bytes, sizeof uuid.bytes);
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0f) | 0x40);
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3f) | 0x80);
    return uuid;
}

static bool is_dash_place(unsigned at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

bool uuid_parse(const char *text, Uuid *uuid)
{
    if (!text || strlen(text) != UUID_TEXT - 1)
        return false;
    unsigned filled = 0;
    for (unsigned i = 0; i < UUID_TEXT - 1; i++) {
        if (is_dash_place(i)) {
            if (text[i] != '-')
                return false;
            continue;
        }
        int digit = g_ascii_xdigit_value(text[i]);
        if (digit < 0)
            return false;
        uint8_t *byte = &uuid->bytes[filled / 2];
        *byte = (uint8_t)(filled % 2 ? *byte << 4 | digit : digit);
        filled++;
    }
    return true;
}

const char *uuid_text(const Uuid *uuid, char text[UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned used = 0;
    for (unsigned i = 0; i < UUID_TEXT - 1; i++) {
        if (is_dash_place(i)) {
            text[i] = '-';
            continue;
        }
        uint8_t byte = uuid->bytes[used / 2];
        text[i] = digits[used % 2 ? byte & 15 : byte >> 4];
        used++;
    }
    text[UUID_TEXT - 1] = '\0';
    return text;
}

int uuid_compare(const Uuid *a, const Uuid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool uuid_equal(const Uuid *a, const Uuid *b)
{
    return uuid_compare(a, b) == 0;
}

bool uuid_is_nil(const Uuid *uuid)
{
    static const Uuid nil;
    return uuid_equal(uuid, &nil);
}

unsigned uuid_hash(const void *uuid)
{
    unsigned hash;
    memcpy(&hash, ((const Uuid *)uuid)->bytes, sizeof hash);
    return hash;
}

int uuid_equal_keys(const void *a, const void *b)
{
    return uuid_equal(a, b);
}

bool uuids_have(const GArray *uuids, const Uuid *uuid)
{
    for (guint i = 0; i < uuids->len; i++)
        if (uuid_equal(&g_array_index(uuids, Uuid, i), uuid))
            return true;
    return false;
}
