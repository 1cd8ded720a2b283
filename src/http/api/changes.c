#include "http/api/changes.h"

#include <inttypes.h>
#include <string.h>

static void add(Changes *changes, const char *field, const char *before, const char *after)
{
    g_assert(changes->count < CHANGES_ROOM);
    changes->list[changes->count++] = (AuditChange){field, before, after};
}

void changes_text(Changes *changes, const char *field, const char *before, const char *after)
{
    before = before ? before : "";
    after = after ? after : "";
    if (strcmp(before, after) != 0)
        add(changes, field, before, after);
}

static void add_own(Changes *changes, const char *field, const char *before, const char *after)
{
    if (strcmp(before, after) == 0)
        return;
    char(*room)[48] = changes->texts[changes->count];
    g_strlcpy(room[0], before, sizeof room[0]);
    g_strlcpy(room[1], after, sizeof room[1]);
    add(changes, field, room[0], room[1]);
}

void changes_int(Changes *changes, const char *field, int64_t before, int64_t after)
{
    char texts[2][24];
    g_snprintf(texts[0], sizeof texts[0], "%" PRId64, before);
    g_snprintf(texts[1], sizeof texts[1], "%" PRId64, after);
    add_own(changes, field, texts[0], texts[1]);
}

void changes_double(Changes *changes, const char *field, double before, double after)
{
    char texts[2][G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(texts[0], sizeof texts[0], "%.7g", before);
    g_ascii_formatd(texts[1], sizeof texts[1], "%.7g", after);
    add_own(changes, field, texts[0], texts[1]);
}

void changes_bool(Changes *changes, const char *field, bool before, bool after)
{
    changes_text(changes, field, before ? "true" : "false", after ? "true" : "false");
}

void changes_hidden(Changes *changes, const char *field, const char *before, const char *after)
{
    if (strcmp(before ? before : "", after ? after : "") != 0)
        add(changes, field, "", "");
}
