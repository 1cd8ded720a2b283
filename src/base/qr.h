/* qr.h — QR codes (ISO/IEC 18004) as SVG: what a person carries from one screen to a phone;
 * and as modules, for what is printed. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Black on white with the four modules of quiet that readers want, one unit a module, so that it
 * can be shown in any size. Returns owned; NULL when `text` is longer than a code can hold (about
 * 2,300 bytes). */
char *qr_svg(const char *text);

/* The code itself, without the quiet around it: `*width` rows of as many modules, 1 is dark.
 * Returns owned; NULL when `text` is too long. */
uint8_t *qr_modules(const char *text, int *width);
