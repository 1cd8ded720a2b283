#include "picture/page.h"

#include "base/time_text.h"
#include "picture/page_draw.h"

#include <cairo-pdf.h>
#include <string.h>

/* Vietnamese papers are set in Times; Liberation Serif has its widths and all Vietnamese marks. */
#define SERIF "Liberation Serif, DejaVu Serif, serif"
#define DIGITS "Liberation Mono, DejaVu Sans Mono, monospace"

static const struct {
    const char *font;
    double size, after;
    PangoWeight weight;
    PangoStyle slant;
} styles[] = {
    [PAGE_PLAIN] = {SERIF, 11.5, 5, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
    [PAGE_SMALL] = {SERIF, 9.5, 4, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
    [PAGE_STRONG] = {SERIF, 11.5, 5, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
    [PAGE_SLANTED] = {SERIF, 11.5, 5, PANGO_WEIGHT_NORMAL, PANGO_STYLE_ITALIC},
    [PAGE_DIGITS] = {DIGITS, 9.5, 4, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
    [PAGE_TITLE] = {SERIF, 14, 4, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
    [PAGE_HEADING] = {SERIF, 12, 4, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
    [PAGE_RULE] = {SERIF, 11.5, 0, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
    [PAGE_SPACE] = {SERIF, 11.5, 0, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
};

static cairo_status_t take_bytes(void *data, const unsigned char *bytes, unsigned int size)
{
    g_byte_array_append(data, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

static void name_file(cairo_surface_t *surface, const PagesRules *rules)
{
    char made[TIME_TEXT];
    time_text(rules->made_us, made);
    char *fraction = strchr(made, '.');
    if (fraction) /* ISO 8601 to the second is what Cairo reads */
        memcpy(fraction, "Z", sizeof "Z");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, rules->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, rules->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

Pages *pages_new(const PagesRules *rules)
{
    Pages *pages = g_new0(Pages, 1);
    pages->bytes = g_byte_array_new();
    pages->surface =
        cairo_pdf_surface_create_for_stream(take_bytes, pages->bytes, PAGE_WIDTH, PAGE_HEIGHT);
    name_file(pages->surface, rules);
    pages->pen = cairo_create(pages->surface);
    pages->fonts = pango_cairo_font_map_new();
    pages->context = pango_font_map_create_context(pages->fonts);
    pango_cairo_update_context(pages->pen, pages->context);
    pages->foot = rules->foot;
    pages->page_word = rules->page_word;
    pages->total = rules->total;
    pages->number = 1;
    pages->y = PAGE_TOP;
    return pages;
}

void pages_free(Pages *pages)
{
    if (!pages)
        return;
    cairo_destroy(pages->pen);
    cairo_surface_destroy(pages->surface);
    g_object_unref(pages->context);
    g_object_unref(pages->fonts);
    g_byte_array_unref(pages->bytes);
    g_free(pages);
}

unsigned pages_count(const Pages *pages)
{
    return pages->number;
}

/* Composed letters, one line, and nothing that turns the order of what is read around. */
static char *clean(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    GString *kept = g_string_new(NULL);
    for (const char *at = composed; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (letter == '\n' || letter == '\t')
            g_string_append_c(kept, ' ');
        else if (!g_unichar_iscntrl(letter) && g_unichar_type(letter) != G_UNICODE_FORMAT)
            g_string_append_unichar(kept, letter);
    }
    return g_string_free(kept, FALSE);
}

/* A number that is parted by the end of a line gets no hyphen, which would be read as its own. */
static void part_without_hyphens(PangoLayout *layout)
{
    PangoAttrList *rules = pango_attr_list_new();
    pango_attr_list_insert(rules, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(layout, rules);
    pango_attr_list_unref(rules);
}

PangoLayout *page_layout(Pages *pages, PageStyle style, double width, PageAlign align,
                         const char *text)
{
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT};
    g_autofree char *cleaned = clean(text);
    PangoLayout *layout = pango_layout_new(pages->context);
    PangoFontDescription *font = pango_font_description_from_string(styles[style].font);
    pango_font_description_set_absolute_size(font, styles[style].size * PANGO_SCALE);
    pango_font_description_set_weight(font, styles[style].weight);
    pango_font_description_set_style(font, styles[style].slant);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[align]);
    pango_layout_set_auto_dir(layout, FALSE);
    part_without_hyphens(layout);
    pango_layout_set_text(layout, cleaned, -1);
    return layout;
}

double page_layout_height(PangoLayout *layout)
{
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

void page_show(Pages *pages, PangoLayout *layout, double x, double y)
{
    cairo_move_to(pages->pen, x, y);
    pango_cairo_show_layout(pages->pen, layout);
}

void page_grey(Pages *pages, double light)
{
    cairo_set_source_rgb(pages->pen, light, light, light);
}

static void draw_foot(Pages *pages)
{
    g_autofree char *number =
        pages->total > 0
            ? g_strdup_printf("%s %u/%u", pages->page_word, pages->number, pages->total)
            : g_strdup_printf("%s %u", pages->page_word, pages->number);
    const double y = PAGE_BOTTOM + 16, number_width = 110;
    g_autoptr(PangoLayout) left =
        page_layout(pages, PAGE_SMALL, PAGE_INNER - number_width, PAGE_LEFT, pages->foot);
    g_autoptr(PangoLayout) right = page_layout(pages, PAGE_SMALL, number_width, PAGE_RIGHT, number);
    pango_layout_set_height(left, -1);
    pango_layout_set_ellipsize(left, PANGO_ELLIPSIZE_END);
    page_grey(pages, 0.6);
    cairo_set_line_width(pages->pen, 0.5);
    cairo_move_to(pages->pen, PAGE_LEFT_EDGE, y - 4);
    cairo_rel_line_to(pages->pen, PAGE_INNER, 0);
    cairo_stroke(pages->pen);
    page_grey(pages, 0.25);
    page_show(pages, left, PAGE_LEFT_EDGE, y);
    page_show(pages, right, PAGE_LEFT_EDGE + PAGE_INNER - number_width, y);
    page_grey(pages, 0);
}

void page_break(Pages *pages)
{
    if (pages->y <= PAGE_TOP)
        return;
    draw_foot(pages);
    cairo_show_page(pages->pen);
    pages->number++;
    pages->y = PAGE_TOP;
}

void page_gap(Pages *pages, double height)
{
    if (pages->y > PAGE_TOP)
        pages->y += height;
}

void page_keep(Pages *pages, double height)
{
    if (pages->y + height > PAGE_BOTTOM)
        page_break(pages);
}

GByteArray *pages_end(Pages *pages, GError **error)
{
    draw_foot(pages);
    cairo_show_page(pages->pen);
    cairo_status_t drawn = cairo_status(pages->pen);
    cairo_surface_finish(pages->surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(pages->surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        return g_byte_array_ref(pages->bytes);
    err_set(error, ERR_IO, "a page cannot be drawn: %s", cairo_status_to_string(drawn));
    return NULL;
}

/* Line by line, so that a paragraph may be parted by the end of a page. */
void page_text(Pages *pages, PageStyle style, PageAlign align, const char *text)
{
    g_autoptr(PangoLayout) layout = page_layout(pages, style, PAGE_INNER, align, text);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    page_grey(pages, 0);
    do {
        PangoRectangle line;
        int top, bottom;
        pango_layout_iter_get_line_extents(at, NULL, &line);
        pango_layout_iter_get_line_yrange(at, &top, &bottom);
        double height = (double)(bottom - top) / PANGO_SCALE;
        page_keep(pages, height);
        double baseline = (double)(pango_layout_iter_get_baseline(at) - top) / PANGO_SCALE;
        cairo_move_to(pages->pen, PAGE_LEFT_EDGE + (double)line.x / PANGO_SCALE,
                      pages->y + baseline);
        pango_cairo_show_layout_line(pages->pen, pango_layout_iter_get_line_readonly(at));
        pages->y += height;
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    pages->y += styles[style].after;
}

void page_heading(Pages *pages, const char *text)
{
    page_gap(pages, 8);
    page_keep(pages, 70);
    g_autofree char *place =
        g_strdup_printf("page=%u pos=[%d %d]", pages->number, (int)PAGE_LEFT_EDGE, (int)pages->y);
    cairo_pdf_surface_add_outline(pages->surface, CAIRO_PDF_OUTLINE_ROOT, text, place, 0);
    page_text(pages, PAGE_HEADING, PAGE_LEFT, text);
}
