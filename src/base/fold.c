#include "base/fold.h"

#include <glib.h>
#include <string.h>

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

char **fold_words(const char *text)
{
    g_autofree char *folded = text ? fold_text(text) : NULL;
    return folded ? g_strsplit_set(folded, " \t\n", -1) : NULL;
}

bool fold_has(const char *folded, char *const *words)
{
    for (size_t i = 0; words && words[i]; i++)
        if (!strstr(folded, words[i]))
            return false;
    return true;
}
