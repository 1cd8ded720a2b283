#include "media/redaction.h"

#include <string.h>

enum { LIST_MOST = 64 };

/* Times come from anyone: differences of plausible ones stay far from overflow. */
#define LATEST_US (INT64_C(1) << 55)

Redaction *redaction_new(void)
{
    Redaction *redaction = g_new0(Redaction, 1);
    redaction->boxes = g_array_new(FALSE, TRUE, sizeof(RedactionBox));
    redaction->moments = g_array_new(FALSE, TRUE, sizeof(RedactionMoment));
    return redaction;
}

Redaction *redaction_copy(const Redaction *redaction)
{
    Redaction *copy = g_memdup2(redaction, sizeof *redaction);
    copy->boxes = g_array_copy(redaction->boxes);
    copy->moments = g_array_copy(redaction->moments);
    return copy;
}

void redaction_free(Redaction *redaction)
{
    if (!redaction)
        return;
    g_array_unref(redaction->boxes);
    g_array_unref(redaction->moments);
    g_free(redaction);
}

void redaction_add_box(Redaction *redaction, bool stays)
{
    const RedactionBox box = {.stays = stays, .first = redaction->moments->len};
    g_array_append_val(redaction->boxes, box);
}

void redaction_add_moment(Redaction *redaction, const RedactionMoment *moment)
{
    g_assert(redaction->boxes->len > 0);
    g_array_append_val(redaction->moments, *moment);
    g_array_index(redaction->boxes, RedactionBox, redaction->boxes->len - 1).count++;
}

static const RedactionMoment *moment_of(const Redaction *redaction, const RedactionBox *box,
                                        unsigned index)
{
    return &g_array_index(redaction->moments, RedactionMoment, box->first + index);
}

/* ---- what can be made ---- */

static bool fits(int64_t begin, int64_t length)
{
    return begin >= 0 && begin <= REDACTION_WHOLE && length >= REDACTION_LEAST &&
           length <= REDACTION_WHOLE - begin;
}

static bool check_box(const Redaction *redaction, unsigned index, GError **error)
{
    const RedactionBox *box = &g_array_index(redaction->boxes, RedactionBox, index);
    int64_t before_us = -1;
    if (box->count == 0)
        return err_set(error, ERR_INVALID, "box %u has no key moment", index + 1);
    for (unsigned i = 0; i < box->count; i++) {
        const RedactionMoment *moment = moment_of(redaction, box, i);
        if (!fits(moment->x, moment->width) || !fits(moment->y, moment->height))
            return err_set(error, ERR_INVALID,
                           "key moment %u of box %u: x, y, width and height are parts of %d of the "
                           "picture; it must lie within it, %d wide and high at least",
                           i + 1, index + 1, REDACTION_WHOLE, REDACTION_LEAST);
        if (moment->at_us < redaction->from_us || moment->at_us > redaction->to_us)
            return err_set(error, ERR_INVALID,
                           "key moment %u of box %u is not between ‘from’ and ‘to’", i + 1,
                           index + 1);
        if (moment->at_us <= before_us)
            return err_set(error, ERR_INVALID,
                           "key moment %u of box %u is not later than the one before", i + 1,
                           index + 1);
        before_us = moment->at_us;
    }
    return true;
}

bool redaction_check(const Redaction *redaction, GError **error)
{
    if (redaction->from_us < 0 || redaction->to_us > LATEST_US ||
        redaction->from_us >= redaction->to_us ||
        redaction->to_us - redaction->from_us > REDACTION_MOST_US)
        return err_set(error, ERR_INVALID,
                       "a redacted copy is at most 1 hour long, ‘from’ before ‘to’");
    if (redaction->boxes->len == 0 || redaction->boxes->len > REDACTION_BOXES_MOST)
        return err_set(error, ERR_INVALID, "a redacted copy has 1 to %d boxes",
                       REDACTION_BOXES_MOST);
    if (redaction->moments->len > REDACTION_MOMENTS_MOST)
        return err_set(error, ERR_INVALID, "all boxes together have at most %d key moments",
                       REDACTION_MOMENTS_MOST);
    for (unsigned i = 0; i < redaction->boxes->len; i++)
        if (!check_box(redaction, i, error))
            return false;
    return true;
}

/* ---- where a box is ---- */

/* The last moment that is not later than `at_us`; the first one where all are later. */
static unsigned last_until(const Redaction *redaction, const RedactionBox *box, int64_t at_us)
{
    unsigned low = 0, high = box->count;
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if (moment_of(redaction, box, middle)->at_us <= at_us)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int64_t between(int64_t from, int64_t to, int64_t done, int64_t whole)
{
    return from + (to - from) * done / whole;
}

bool redaction_at(const Redaction *redaction, unsigned index, int64_t at_us, RedactionMoment *where)
{
    const RedactionBox *box = &g_array_index(redaction->boxes, RedactionBox, index);
    const RedactionMoment *first = moment_of(redaction, box, 0);
    const RedactionMoment *last = moment_of(redaction, box, box->count - 1);
    if (!box->stays && (at_us < first->at_us || at_us > last->at_us))
        return false;
    unsigned at = last_until(redaction, box, at_us);
    const RedactionMoment *from = moment_of(redaction, box, at);
    *where = *from;
    where->at_us = at_us;
    if (at + 1 == box->count || at_us <= from->at_us)
        return true;
    const RedactionMoment *to = from + 1;
    int64_t done = at_us - from->at_us, whole = to->at_us - from->at_us;
    where->x = between(from->x, to->x, done, whole);
    where->y = between(from->y, to->y, done, whole);
    where->width = between(from->x + from->width, to->x + to->width, done, whole) - where->x;
    where->height = between(from->y + from->height, to->y + to->height, done, whole) - where->y;
    return true;
}

/* ---- as text ---- */

#define INT "%" G_GINT64_FORMAT

static void put_box(GString *text, const Redaction *redaction, const RedactionBox *box)
{
    g_string_append_printf(text, "[%d,[", box->stays);
    for (unsigned i = 0; i < box->count; i++) {
        const RedactionMoment *moment = moment_of(redaction, box, i);
        g_string_append_printf(text, "%s[" INT "," INT "," INT "," INT "," INT "]",
                               i > 0 ? "," : "", moment->at_us, moment->x, moment->y, moment->width,
                               moment->height);
    }
    g_string_append(text, "]]");
}

void redaction_put(GString *text, const Redaction *redaction)
{
    char camera[UUID_TEXT];
    g_string_append_printf(text, "[\"%s\"," INT "," INT ",%d,[",
                           uuid_text(&redaction->camera, camera), redaction->from_us,
                           redaction->to_us, redaction->sound);
    for (unsigned i = 0; i < redaction->boxes->len; i++) {
        g_string_append(text, i > 0 ? "," : "");
        put_box(text, redaction, &g_array_index(redaction->boxes, RedactionBox, i));
    }
    g_string_append(text, "]]");
}

static int64_t next_int(LineReader *reader)
{
    line_read_next(reader);
    return line_read_int(reader, NULL);
}

static bool next_flag(LineReader *reader)
{
    int64_t value = next_int(reader);
    if (value != 0 && value != 1)
        reader->failed = true;
    return value == 1;
}

static void next_array(LineReader *reader)
{
    line_read_next(reader);
    line_read_array(reader, NULL);
}

static void read_moment(LineReader *reader, Redaction *redaction)
{
    RedactionMoment moment;
    line_read_array(reader, NULL);
    moment.at_us = next_int(reader);
    moment.x = next_int(reader);
    moment.y = next_int(reader);
    moment.width = next_int(reader);
    moment.height = next_int(reader);
    line_read_close(reader);
    if (redaction->moments->len == REDACTION_MOMENTS_MOST)
        reader->failed = true;
    redaction_add_moment(redaction, &moment);
}

static void read_box(LineReader *reader, Redaction *redaction)
{
    line_read_array(reader, NULL);
    redaction_add_box(redaction, next_flag(reader));
    next_array(reader);
    while (line_read_item(reader))
        read_moment(reader, redaction);
    line_read_close(reader);
    if (redaction->boxes->len > REDACTION_BOXES_MOST)
        reader->failed = true;
}

Redaction *redaction_read(LineReader *reader)
{
    g_autoptr(Redaction) redaction = redaction_new();
    line_read_array(reader, NULL);
    line_read_next(reader);
    redaction->camera = line_read_uuid(reader, NULL);
    redaction->from_us = next_int(reader);
    redaction->to_us = next_int(reader);
    redaction->sound = next_flag(reader);
    next_array(reader);
    while (line_read_item(reader))
        read_box(reader, redaction);
    line_read_close(reader);
    if (reader->failed || !redaction_check(redaction, NULL)) {
        reader->failed = true;
        return NULL;
    }
    return g_steal_pointer(&redaction);
}

char *redactions_text(const GPtrArray *redactions)
{
    if (!redactions || redactions->len == 0)
        return g_strdup("");
    g_autoptr(GString) text = g_string_new("[");
    for (guint i = 0; i < redactions->len; i++) {
        g_string_append(text, i > 0 ? "," : "");
        redaction_put(text, redactions->pdata[i]);
    }
    g_string_append_c(text, ']');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

GPtrArray *redactions_parse(const char *text, size_t size)
{
    LineReader reader = line_reader(text, size);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)redaction_free);
    if (size == 0)
        return g_steal_pointer(&all);
    line_read_array(&reader, NULL);
    while (line_read_item(&reader)) {
        Redaction *one = redaction_read(&reader);
        if (!one || all->len == LIST_MOST) {
            redaction_free(one);
            return NULL;
        }
        g_ptr_array_add(all, one);
    }
    return !reader.failed && reader.at == size && all->len > 0 ? g_steal_pointer(&all) : NULL;
}
