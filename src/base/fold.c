#include "base/fold.h"

#include <glib.h>

char *fold_text(const char *text)
{
    g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    GString *folded = g_string_new(NULL);
    for (const char *at = apart; at && *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_unichar_tolower(g_utf8_get_char(at));
        if (letter == 0x111) /* đ: a letter of its own, which no decomposition takes apart */
            letter = 'd';
        if (!g_unichar_ismark(letter))
            g_string_append_unichar(folded, letter);
    }
    return g_string_free(folded, FALSE);
}
