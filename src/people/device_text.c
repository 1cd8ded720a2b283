#include "people/device_text.h"

#include <glib.h>
#include <string.h>

/* What stands in it, and how that is called; the first that fits counts. */
typedef struct Sign {
    const char *sign, *name;
} Sign;

static const Sign systems[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},    {"Android", "Android"},
    {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},
};

static const Sign browsers[] = {
    {"coc_coc", "Cốc Cốc"}, {"Edg/", "Edge"},        {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},    {"Firefox/", "Firefox"}, {"SamsungBrowser/", "Samsung Internet"},
    {"FxiOS/", "Firefox"},  {"Chrome/", "Chrome"},   {"CriOS/", "Chrome"},
    {"Safari/", "Safari"},
};

static const char *found(const Sign *signs, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, signs[i].sign))
            return signs[i].name;
    return NULL;
}

/* Its first characters, on one line. */
static char *own_name(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *first =
        g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), (glong)DEVICE_TEXT_MOST));
    for (char *at = first; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    return g_strstrip(g_steal_pointer(&first));
}

char *device_text(const char *user_agent)
{
    if (!user_agent || !*user_agent)
        return g_strdup("");
    const char *system = found(systems, G_N_ELEMENTS(systems), user_agent);
    const char *browser = found(browsers, G_N_ELEMENTS(browsers), user_agent);
    if (!system && !browser)
        return own_name(user_agent);
    return g_strconcat(system ? system : "", system && browser ? " · " : "", browser ? browser : "",
                       NULL);
}
