#include "burnt.h"

#include <stdlib.h>
#include <string.h>

/* What is behind letters is 16 to 98, they are 235. */
enum { BEHIND = 57, WHITE = 235, OFF_MOST = 40 };

double burnt_off(const BurntEdge *edge, int number, const char *text)
{
    int line = burner_line_px(edge->height), at = line / 2;
    g_autoptr(Caption) caption = caption_new(line, edge->width - line);
    caption_set(caption, text);
    int width = caption_width(caption), off = 0;
    for (int y = 0; y < line; y++)
        for (int x = 0; x < width; x++) {
            int letter = caption_point(caption, x, y);
            int is = edge->luma[(at + number * line + y) * edge->stride + at + x];
            off += abs(is - BEHIND - (WHITE - BEHIND) * letter / 255);
        }
    return width ? (double)off / (width * line) : 255;
}

bool burnt_is_there(const BurntEdge *edge, int number, const char *text, const char *other)
{
    double off = burnt_off(edge, number, text);
    return off < OFF_MOST && (strcmp(text, other) == 0 || off < burnt_off(edge, number, other));
}
