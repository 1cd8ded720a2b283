/* text_rules.h — what a text that people gave must be like. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Sets `*stored` (freed first) to `text` trimmed and in NFC, when it is UTF-8 without control
 * characters of `least` to `most` characters; else ERR_INVALID that names `member`. */
bool text_rule(char **stored, const char *member, const char *text, size_t least, size_t most,
               GError **error);

/* A name of the IANA time zone database as browsers know it, too: Area/City or UTC. GLib takes
 * more, and reads files for it: what is taken here would end the app in each browser. */
bool text_is_time_zone(const char *name);
