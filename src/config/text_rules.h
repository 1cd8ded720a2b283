/* text_rules.h — private to config/: what a text that people gave must be like. */
#pragma once

#include "base/error.h"

#include <stddef.h>

/* Sets `*stored` (freed first) to `text` trimmed and in NFC, when it is UTF-8 without control
 * characters of `least` to `most` characters; else ERR_INVALID that names `member`. */
bool text_rule(char **stored, const char *member, const char *text, size_t least, size_t most,
               GError **error);
