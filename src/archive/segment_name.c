#include "archive/journal.h"
#include "base/clock.h"
#include "base/time_text.h"

#include <stdio.h>
#include <string.h>

bool segment_id_equal(const SegmentId *a, const SegmentId *b)
{
    return uuid_equal(&a->camera, &b->camera) && a->stream == b->stream &&
           a->start_us == b->start_us && a->copy == b->copy;
}

guint segment_id_hash(const void *key)
{
    const SegmentId *id = key;
    return uuid_hash(&id->camera) ^ (guint)(id->start_us / 1000) ^ (guint)id->stream << 31 ^
           id->copy;
}

gboolean segment_id_equal_keys(const void *a, const void *b)
{
    return segment_id_equal(a, b);
}

char *segment_file_name(const SegmentId *id)
{
    char day[DAY_TEXT];
    int64_t ms = (id->start_us - day_start_us(id->start_us)) / 1000;
    GString *name = g_string_new(day_text(id->start_us, day));
    g_string_append_printf(name, "/%02d%02d%02d.%03dZ-%s", (int)(ms / 3600000),
                           (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000),
                           stream_kind_text(id->stream));
    if (id->copy)
        g_string_append_printf(name, "-%u", id->copy);
    g_string_append(name, ".mp4");
    return g_string_free(name, FALSE);
}

/* The number written in exactly `digits` digits at `*text`, which is moved on; -1 if it is none. */
static int take_number(const char **text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (!g_ascii_isdigit(**text))
            return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static bool take_text(const char **text, const char *expected)
{
    size_t size = strlen(expected);
    if (strncmp(*text, expected, size) != 0)
        return false;
    *text += size;
    return true;
}

static bool take_copy(const char **text, uint32_t *copy)
{
    *copy = 0;
    if (!take_text(text, "-"))
        return true;
    guint64 value = 0;
    char *end = NULL;
    if (**text < '1' || **text > '9')
        return false;
    value = g_ascii_strtoull(*text, &end, 10);
    if (value > UINT32_MAX)
        return false;
    *text = end;
    *copy = (uint32_t)value;
    return true;
}

bool segment_file_parse(const char *file, SegmentId *id)
{
    char day[DAY_TEXT];
    int64_t day_us;
    if (strlen(file) < 11 || file[10] != '/')
        return false;
    g_strlcpy(day, file, 11);
    if (!day_parse(day, &day_us))
        return false;
    const char *at = file + 11;
    int hour = take_number(&at, 2), minute = take_number(&at, 2), second = take_number(&at, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
        !take_text(&at, "."))
        return false;
    int ms = take_number(&at, 3);
    if (ms < 0 || !take_text(&at, "Z-"))
        return false;
    if (take_text(&at, "main"))
        id->stream = STREAM_MAIN;
    else if (take_text(&at, "sub"))
        id->stream = STREAM_SUB;
    else
        return false;
    if (!take_copy(&at, &id->copy) || strcmp(at, ".mp4") != 0)
        return false;
    id->start_us = day_us + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + ms * 1000LL;
    return true;
}

char *segment_file_path(const char *volume_path, const Uuid *camera, const char *file)
{
    char text[UUID_TEXT];
    return g_build_filename(volume_path, uuid_text(camera, text), file, NULL);
}
