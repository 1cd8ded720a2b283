#include "config/text_rules.h"

#include <glib.h>
#include <string.h>

static bool has_control(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return true;
    return false;
}

bool text_rule(char **stored, const char *member, const char *text, size_t least, size_t most,
               GError **error)
{
    if (strlen(text) > 6 * most || !g_utf8_validate(text, -1, NULL) || has_control(text))
        return err_set(error, ERR_INVALID, "‘%s’ must be at most %zu characters on one line",
                       member, most);
    g_autofree char *clean = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_strstrip(clean);
    size_t length = (size_t)g_utf8_strlen(clean, -1);
    if (length < least)
        return err_set(error, ERR_INVALID, "‘%s’ must not be empty", member);
    if (length > most)
        return err_set(error, ERR_INVALID, "‘%s’ must be at most %zu characters, it has %zu",
                       member, most, length);
    g_free(*stored);
    *stored = g_steal_pointer(&clean);
    return true;
}

bool text_is_time_zone(const char *name)
{
    static const char letters[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_+-/";
    if (!g_ascii_isalpha(name[0]) || name[strspn(name, letters)] ||
        !(strchr(name, '/') || g_str_equal(name, "UTC")) || g_str_has_prefix(name, "posix/") ||
        g_str_has_prefix(name, "right/"))
        return false;
    g_autoptr(GTimeZone) known = g_time_zone_new_identifier(name);
    return known != NULL;
}
