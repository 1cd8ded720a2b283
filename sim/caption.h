/* caption.h — capital letters, digits and a few signs, drawn into the luma of a picture. */
#pragma once

#include <libavutil/frame.h>

enum { CAPTION_CELL_WIDTH = 6, CAPTION_CELL_HEIGHT = 9 }; /* in dots */

/* Light text on a dark field whose upper left corner is (`x`, `y`); `dot` pixels a dot. What does
 * not fit into the picture is left out. */
void caption_draw(AVFrame *frame, int x, int y, int dot, const char *text);
