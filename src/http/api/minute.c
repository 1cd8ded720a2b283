#include "http/api/minute.h"

#include "base/clock.h"
#include "base/error.h"

#include <glib.h>
#include <string.h>

Json *minute_json(int minute)
{
    g_autofree char *text = g_strdup_printf("%02d:%02d", minute / 60, minute % 60);
    return json_string(text);
}

bool minute_read(const Json *object, const char *name, int *minute, GError **error)
{
    const char *text = NULL;
    if (!json_get_text(object, name, &text, error))
        return false;
    bool well = text && strlen(text) == 5 && text[2] == ':' && strspn(text, G_CSET_DIGITS) == 2 &&
                strspn(text + 3, G_CSET_DIGITS) == 2;
    *minute =
        well ? ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0'
             : -1;
    return (well && text[3] < '6' && *minute < DAY_MINUTES) ||
           err_set(error, ERR_INVALID, "‘%s’ must be a time of day, such as 22:00", name);
}
