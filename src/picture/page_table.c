/* Tables, and columns of centred lines. */
#include "picture/page_draw.h"

#define PAD 3.5
#define RULE_SHARE 0.45 /* of a column's width */
#define SIGNATURE 62.0  /* room for one */

/* ---- tables ---- */

typedef struct Row {
    PangoLayout **cells; /* one a column, owned */
    double height;
} Row;

static Row lay_row(Pages *pages, const PageColumn *columns, unsigned count,
                   const char *const *texts)
{
    Row row = {.cells = g_new0(PangoLayout *, count)};
    for (unsigned i = 0; i < count; i++) {
        double width = columns[i].share * PAGE_INNER - 2 * PAD;
        row.cells[i] = page_layout(pages, columns[i].style, width, columns[i].align, texts[i]);
        row.height = MAX(row.height, page_layout_height(row.cells[i]) + 2 * PAD);
    }
    return row;
}

static void draw_row(Pages *pages, const PageColumn *columns, unsigned count, const Row *row,
                     bool head)
{
    double x = PAGE_LEFT_EDGE;
    for (unsigned i = 0; i < count; i++) {
        double width = columns[i].share * PAGE_INNER;
        cairo_rectangle(pages->pen, x, pages->y, width, row->height);
        page_grey(pages, head ? 0.92 : 1);
        cairo_fill_preserve(pages->pen);
        page_grey(pages, 0.45);
        cairo_set_line_width(pages->pen, 0.5);
        cairo_stroke(pages->pen);
        page_grey(pages, 0);
        page_show(pages, row->cells[i], x + PAD, pages->y + PAD);
        x += width;
    }
    pages->y += row->height;
}

static void row_clear(Row *row, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        g_object_unref(row->cells[i]);
    g_free(row->cells);
}

/* The line of heads; its height is 0 without heads. */
static Row lay_heads(Pages *pages, const PageColumn *columns, unsigned count)
{
    g_autofree const char **heads = g_new0(const char *, count);
    g_autofree PageColumn *strong = g_memdup2(columns, count * sizeof *columns);
    for (unsigned i = 0; i < count; i++) {
        heads[i] = columns[i].head ? columns[i].head : "";
        strong[i].align = PAGE_CENTRE;
    }
    Row row = lay_row(pages, strong, count, heads);
    if (!columns[0].head)
        row.height = 0;
    return row;
}

void page_table(Pages *pages, const PageColumn *columns, unsigned count, const GPtrArray *rows)
{
    Row heads = lay_heads(pages, columns, count);
    bool heads_wanted = heads.height > 0;
    for (guint i = 0; i < rows->len; i++) {
        Row row = lay_row(pages, columns, count, rows->pdata[i]);
        unsigned page = pages->number;
        page_keep(pages, row.height + (heads_wanted ? heads.height : 0));
        if (heads.height > 0 && (heads_wanted || pages->number != page))
            draw_row(pages, columns, count, &heads, true);
        heads_wanted = false;
        draw_row(pages, columns, count, &row, false);
        row_clear(&row, count);
    }
    row_clear(&heads, count);
    page_gap(pages, 7);
}

/* ---- columns ---- */

/* Height of the lines; with `draw` they are drawn from `y` on. */
static double lines(Pages *pages, const PageLine *line, double x, double y, double width,
                    PageAlign align, bool draw)
{
    double at = y;
    for (; line->text; line++) {
        if (line->style == PAGE_SPACE) {
            at += SIGNATURE;
        } else if (line->style == PAGE_RULE) {
            if (draw) {
                cairo_set_line_width(pages->pen, 0.6);
                cairo_move_to(pages->pen, x + width * (1 - RULE_SHARE) / 2, at + 2);
                cairo_rel_line_to(pages->pen, width * RULE_SHARE, 0);
                cairo_stroke(pages->pen);
            }
            at += 6;
        } else {
            g_autoptr(PangoLayout) layout =
                page_layout(pages, line->style, width, align, line->text);
            if (draw)
                page_show(pages, layout, x, at);
            at += page_layout_height(layout) + 1;
        }
    }
    return at - y;
}

void page_columns(Pages *pages, const PageLine *const *columns, const double *shares,
                  unsigned count)
{
    double height = 0, x = PAGE_LEFT_EDGE;
    for (unsigned i = 0; i < count; i++)
        height = MAX(
            height, lines(pages, columns[i], 0, 0, shares[i] * PAGE_INNER - 8, PAGE_CENTRE, false));
    page_keep(pages, height);
    page_grey(pages, 0);
    for (unsigned i = 0; i < count; i++) {
        double width = shares[i] * PAGE_INNER;
        lines(pages, columns[i], x + 4, pages->y, width - 8, PAGE_CENTRE, true);
        x += width;
    }
    pages->y += height + 6;
}
