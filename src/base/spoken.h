/* spoken.h — bytes as words, to be read out over a telephone, written down and compared: 256 common
 * Vietnamese words of one syllable, no two of which are alike when their marks are left out. Pure.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* One word a byte, with blanks between. Returns owned. */
char *spoken_words(const uint8_t *bytes, size_t count);
