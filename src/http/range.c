#include "http/range.h"

#include <glib.h>
#include <string.h>

/* Digits only: strtoull takes signs and blanks. */
static bool read_number(const char **text, uint64_t *value)
{
    const char *at = *text;
    uint64_t number = 0;
    while (g_ascii_isdigit(*at)) {
        unsigned digit = (unsigned)(*at++ - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (at == *text)
        return false;
    *text = at;
    *value = number;
    return true;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

RangeResult range_parse(const char *range, uint64_t size, uint64_t *first, uint64_t *last)
{
    if (!range || g_ascii_strncasecmp(range, "bytes=", 6) != 0)
        return RANGE_WHOLE;
    const char *at = skip_blanks(range + 6);
    uint64_t from = 0, to = UINT64_MAX;
    bool has_from = read_number(&at, &from);
    if (*at++ != '-')
        return RANGE_WHOLE;
    bool has_to = read_number(&at, &to);
    if (*skip_blanks(at) || (!has_from && !has_to) || (has_from && has_to && to < from))
        return RANGE_WHOLE;
    if (!has_from) { /* the last `to` bytes */
        if (to == 0 || size == 0)
            return RANGE_UNSATISFIABLE;
        from = to >= size ? 0 : size - to;
        to = size - 1;
    }
    if (from >= size)
        return RANGE_UNSATISFIABLE;
    *first = from;
    *last = MIN(to, size - 1);
    return RANGE_PART;
}

bool if_range_holds(const char *if_range, const char *etag)
{
    return !if_range || (*etag && strcmp(if_range, etag) == 0);
}

bool if_none_match_hits(const char *if_none_match, const char *etag)
{
    if (!if_none_match || !*etag)
        return false;
    size_t length = strlen(etag);
    for (const char *at = if_none_match; *(at = at + strspn(at, " \t,"));) {
        if (*at == '*')
            return true;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, etag, length) == 0 && strchr(" \t,", at[length]))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}
