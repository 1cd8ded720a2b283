/* page.h — pages of A4 as PDF, filled from top to bottom: paragraphs, tables, pictures, a code, a
 * plan. For the statement of an evidence package, and for whatever else is printed and signed.
 *
 * Text is drawn by Pango: it can be selected and searched, its fonts are embedded, and Vietnamese
 * stands with all its marks. What does not fit goes on on the next page. The same calls give the
 * same bytes, on a machine with the same fonts and libraries. Texts come from people: what controls
 * the order of writing is left out of them. Lengths are points (1/72 inch). One thread at a time.
 */
#pragma once

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Pages Pages;

typedef struct PagesRules {
    const char *title, *author; /* of the file */
    int64_t made_us;            /* stands in the file as its date */
    const char *foot;           /* on the left of each page's foot */
    const char *page_word;      /* before the number of a page */
    unsigned total;             /* pages there will be, as a first drawing counted; 0: not known */
} PagesRules;

/* Borrows the rules' texts. Returns owned. */
Pages *pages_new(const PagesRules *rules);
void pages_free(Pages *pages); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pages, pages_free)

unsigned pages_count(const Pages *pages); /* with the one that is being filled */

/* The file, returned owned; nothing is drawn after it. ERR_IO when Cairo could not. */
GByteArray *pages_end(Pages *pages, GError **error);

typedef enum PageStyle {
    PAGE_PLAIN,
    PAGE_SMALL,
    PAGE_STRONG,
    PAGE_SLANTED,
    PAGE_DIGITS, /* each as wide as the others */
    PAGE_TITLE,
    PAGE_HEADING,
    PAGE_RULE,  /* in a column: no text, a line across its middle */
    PAGE_SPACE, /* in a column: no text, room for a signature */
} PageStyle;

typedef enum PageAlign { PAGE_LEFT, PAGE_CENTRE, PAGE_RIGHT } PageAlign;

/* Goes on at the top of a new page, unless the page is empty. */
void page_break(Pages *pages);
void page_gap(Pages *pages, double height);
/* The next `height` shall not be parted: a new page where it does not fit on this one. */
void page_keep(Pages *pages, double height);

void page_text(Pages *pages, PageStyle style, PageAlign align, const char *text);
/* With its place in the outline of the file; what follows stands on the same page. */
void page_heading(Pages *pages, const char *text);

/* ---- columns side by side, without lines: letterheads, signatures ---- */

typedef struct PageLine {
    PageStyle style;
    const char *text; /* NULL: no more */
} PageLine;

/* Centred in columns that take these shares of the width, on one page. */
void page_columns(Pages *pages, const PageLine *const *columns, const double *shares,
                  unsigned count);

/* A QR code on the right (none when `code` is too long for one), and lines beside it. */
void page_code(Pages *pages, const char *code, const PageLine *lines);

/* ---- tables ---- */

typedef struct PageColumn {
    const char *head; /* NULL in all columns: no line of heads */
    double share;     /* of the width */
    PageAlign align;
    PageStyle style; /* PAGE_SMALL, PAGE_STRONG … */
} PageColumn;

/* `rows`: GStrv, a text for each column. Heads are repeated on each page. */
void page_table(Pages *pages, const PageColumn *columns, unsigned count, const GPtrArray *rows);

/* ---- pictures ---- */

typedef struct PagePicture {
    const Buffer *jpeg;      /* goes into the file as it is */
    const char *captions[2]; /* a line each; NULL: none */
} PagePicture;

/* In rows of two. The JPEGs may be freed afterwards. */
void page_pictures(Pages *pages, const PagePicture *pictures, unsigned count);

/* ---- a plan ---- */

typedef struct PagePlanCamera {
    double east_m, north_m;
    const char *label;
    double heading_deg, fov_deg, reach_m; /* fov_deg 0: not known where it looks */
} PagePlanCamera;

/* North is up; with a scale. Whether each wedge is as long as its reach: a short one is drawn
 * longer, to be seen. */
bool page_plan(Pages *pages, const PagePlanCamera *cameras, unsigned count, const char *north);
