#include "http/target.h"

#include <glib.h>
#include <string.h>

bool path_is_plain(const char *path, size_t size)
{
    if (size == 0 || path[0] != '/' || !g_utf8_validate(path, (gssize)size, NULL))
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)path[i];
        if (c < 0x20 || c == 0x7f || c == '\\')
            return false;
        if (c != '/')
            continue;
        size_t dots = 0;
        while (i + 1 + dots < size && path[i + 1 + dots] == '.')
            dots++;
        bool ends = i + 1 + dots == size || path[i + 1 + dots] == '/';
        if (ends && (dots == 1 || dots == 2))
            return false;
    }
    return true;
}

char *percent_decode(char *text, bool plus)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '+' && plus) {
            *to++ = ' ';
        } else if (*from == '%') {
            int high = g_ascii_xdigit_value(from[1]);
            int low = high < 0 ? -1 : g_ascii_xdigit_value(from[2]);
            if (low < 0 || (high == 0 && low == 0))
                return NULL;
            *to++ = (char)(high << 4 | low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

bool query_add(ApiParam query[API_QUERY_MOST], size_t *count, char *pair)
{
    if (*count == API_QUERY_MOST)
        return false;
    char *value = strchr(pair, '=');
    if (value)
        *value++ = '\0';
    query[*count] = (ApiParam){pair, value ? value : pair + strlen(pair)};
    (*count)++;
    return true;
}

static bool query_split(Target *target, char *query)
{
    for (char *pair; (pair = strsep(&query, "&"));) {
        if (!*pair)
            continue;
        if (!query_add(target->query, &target->query_count, pair))
            return false;
        ApiParam *added = &target->query[target->query_count - 1];
        if (!percent_decode((char *)added->name, true) ||
            !percent_decode((char *)added->value, true) ||
            !g_utf8_validate(added->name, -1, NULL) || !g_utf8_validate(added->value, -1, NULL))
            return false;
    }
    return true;
}

bool target_parse(const char *text, Target *target)
{
    *target = (Target){.text = g_strdup(text)};
    char *fragment = strchr(target->text, '#');
    if (fragment)
        *fragment = '\0';
    char *query = strchr(target->text, '?');
    if (query)
        *query++ = '\0';
    target->path = target->text;
    return percent_decode(target->text, false) &&
           path_is_plain(target->path, strlen(target->path)) &&
           (!query || query_split(target, query));
}

void target_clear(Target *target)
{
    g_clear_pointer(&target->text, g_free);
    target->query_count = 0;
}
