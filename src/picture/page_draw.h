/* page_draw.h — what the parts of page.h share. Private to picture/page*.c. */
#pragma once

#include "picture/page.h"

#include <pango/pangocairo.h>

/* A4, and its margins: wider on the left, where it is bound. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define PAGE_LEFT_EDGE 71.0
#define PAGE_TOP 54.0
#define PAGE_BOTTOM (PAGE_HEIGHT - 62)
#define PAGE_INNER (PAGE_WIDTH - PAGE_LEFT_EDGE - 45)

struct Pages {
    GByteArray *bytes;
    cairo_surface_t *surface;
    cairo_t *pen;
    PangoFontMap *fonts; /* its own: the default one belongs to a thread */
    PangoContext *context;
    const char *foot, *page_word;
    unsigned total, number;
    double y; /* where the next thing begins */
};

/* `text` in a style, broken into lines `width` wide. Returns owned. */
PangoLayout *page_layout(Pages *pages, PageStyle style, double width, PageAlign align,
                         const char *text);
double page_layout_height(PangoLayout *layout);
/* With its left top corner there. */
void page_show(Pages *pages, PangoLayout *layout, double x, double y);

void page_grey(Pages *pages, double light); /* 0 black, 1 white */
