#include "config/language.h"

#include <glib.h>

bool language_is_known(const char *code)
{
    static const char *const codes[] = {LANGUAGE_USUAL, "en", NULL};
    return g_strv_contains(codes, code);
}
