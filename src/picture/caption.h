/* caption.h — a line of text that is burnt into pictures: white letters on a strip made darker.
 *
 * Drawn by Pango, so that Vietnamese stands with all its marks whatever the font lacks. A line is
 * drawn when its text changes, not for each picture. One thread at a time.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Caption Caption;

/* A line `height_px` high; what would be wider than `most_width_px` ends in “…”. Returns owned. */
Caption *caption_new(int height_px, int most_width_px);
void caption_free(Caption *caption); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Caption, caption_free)

/* The text of the line; "": none, and nothing is burnt. */
void caption_set(Caption *caption, const char *text);

/* The strip of this text; 0 without one. */
int caption_width(const Caption *caption);

/* How much of a point of the strip is letter, 0 to 255. */
uint8_t caption_point(const Caption *caption, int x, int y);

/* Brightness of 8 bits in the limited range (16 to 235) that is written to. */
typedef struct CaptionPlane {
    uint8_t *pixels;
    int width, height, stride;
} CaptionPlane;

/* Burns the strip in with its left top corner at (x, y); what lies outside is left out. */
void caption_burn(const Caption *caption, const CaptionPlane *to, int x, int y);
