/* language.h — the languages that the app and what is sent to phones have, by their codes.
 */
#pragma once

#include <stdbool.h>

/* Where nobody chose one. */
#define LANGUAGE_USUAL "vi"

/* "vi" or "en". */
bool language_is_known(const char *code);
