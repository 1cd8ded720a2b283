#include "media/mask.h"

#include "base/digest.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- geometry: whole numbers, doubled where a middle is needed ---- */

/* Which side of the line from `a` to `b` is `c` on? 0: on it. */
static int side(MaskPoint a, MaskPoint b, MaskPoint c)
{
    int64_t turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    return turn > 0 ? 1 : turn < 0 ? -1 : 0;
}

static bool is_between(int64_t a, int64_t b, int64_t c)
{
    return MIN(a, b) <= c && c <= MAX(a, b);
}

static bool is_on(MaskPoint a, MaskPoint b, MaskPoint c)
{
    return side(a, b, c) == 0 && is_between(a.x, b.x, c.x) && is_between(a.y, b.y, c.y);
}

/* In one point that is an end of neither. */
static bool cross(MaskPoint a, MaskPoint b, MaskPoint c, MaskPoint d)
{
    return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

static bool touch(MaskPoint a, MaskPoint b, MaskPoint c, MaskPoint d)
{
    return cross(a, b, c, d) || is_on(a, b, c) || is_on(a, b, d) || is_on(c, d, a) ||
           is_on(c, d, b);
}

static MaskPoint corner(const MaskShape *shape, unsigned index)
{
    return shape->points[index % shape->count];
}

static bool is_on_edge(const MaskShape *shape, MaskPoint point)
{
    for (unsigned i = 0; i < shape->count; i++)
        if (is_on(corner(shape, i), corner(shape, i + 1), point))
            return true;
    return false;
}

/* Not on its edge: a ray to the right crosses the edges an odd number of times. */
static bool is_within(const MaskShape *shape, MaskPoint point)
{
    bool within = false;
    if (is_on_edge(shape, point))
        return false;
    for (unsigned i = 0; i < shape->count; i++) {
        MaskPoint a = corner(shape, i), b = corner(shape, i + 1);
        if ((a.y > point.y) == (b.y > point.y))
            continue;
        MaskPoint low = a.y < b.y ? a : b, high = a.y < b.y ? b : a;
        within ^= side(low, high, point) > 0;
    }
    return within;
}

static MaskShape doubled(const MaskShape *shape)
{
    MaskShape twice = {.count = shape->count};
    for (unsigned i = 0; i < shape->count; i++)
        twice.points[i] = (MaskPoint){2 * shape->points[i].x, 2 * shape->points[i].y};
    return twice;
}

static int along(const void *a, const void *b)
{
    const MaskPoint *one = a, *other = b;
    return one->x != other->x ? (one->x > other->x) - (one->x < other->x)
                              : (one->y > other->y) - (one->y < other->y);
}

/* Does the edge stay in `shape`, corners that it passes through included? Both are doubled. */
static bool edge_stays(const MaskShape *shape, MaskPoint from, MaskPoint to)
{
    MaskPoint stops[MASK_POINTS_MOST + 2] = {from, to};
    size_t count = 2;
    for (unsigned i = 0; i < shape->count; i++) {
        if (cross(from, to, corner(shape, i), corner(shape, i + 1)))
            return false;
        if (is_on(from, to, corner(shape, i)))
            stops[count++] = corner(shape, i);
    }
    qsort(stops, count, sizeof *stops, along);
    for (size_t i = 0; i + 1 < count; i++) {
        const MaskPoint middle = {(stops[i].x + stops[i + 1].x) / 2,
                                  (stops[i].y + stops[i + 1].y) / 2};
        if (!is_within(shape, middle) && !is_on_edge(shape, middle))
            return false;
    }
    return true;
}

bool mask_shape_covers(const MaskShape *shape, const MaskShape *part)
{
    const MaskShape all = doubled(shape), some = doubled(part);
    for (unsigned i = 0; i < all.count; i++)
        if (is_within(&some, corner(&all, i)))
            return false;
    for (unsigned i = 0; i < some.count; i++)
        if (!edge_stays(&all, corner(&some, i), corner(&some, i + 1)))
            return false;
    return true;
}

/* ---- what can be ---- */

static bool crosses_itself(const MaskShape *shape)
{
    for (unsigned i = 0; i < shape->count; i++)
        for (unsigned j = i + 1; j < shape->count; j++) {
            MaskPoint a = corner(shape, i), b = corner(shape, i + 1);
            MaskPoint c = corner(shape, j), d = corner(shape, j + 1);
            bool next = j == i + 1, before = i == 0 && j == shape->count - 1;
            if (next ? is_on(a, b, d) || is_on(c, d, a)
                     : (before ? is_on(a, b, c) || is_on(c, d, b) : touch(a, b, c, d)))
                return true;
        }
    return false;
}

static bool is_large_enough(const MaskShape *shape)
{
    MaskPoint least = shape->points[0], most = least;
    for (unsigned i = 1; i < shape->count; i++) {
        const MaskPoint *point = &shape->points[i];
        least = (MaskPoint){MIN(least.x, point->x), MIN(least.y, point->y)};
        most = (MaskPoint){MAX(most.x, point->x), MAX(most.y, point->y)};
    }
    return most.x - least.x >= MASK_LEAST && most.y - least.y >= MASK_LEAST;
}

bool mask_shape_check(const MaskShape *shape, GError **error)
{
    if (shape->count < MASK_POINTS_LEAST || shape->count > MASK_POINTS_MOST)
        return err_set(error, ERR_INVALID, "a mask has %d to %d points", MASK_POINTS_LEAST,
                       MASK_POINTS_MOST);
    for (unsigned i = 0; i < shape->count; i++) {
        const MaskPoint *point = &shape->points[i];
        if (point->x < 0 || point->x > MASK_WHOLE || point->y < 0 || point->y > MASK_WHOLE)
            return err_set(error, ERR_INVALID, "point %u lies outside of the picture: 0 to %d",
                           i + 1, MASK_WHOLE);
    }
    if (!is_large_enough(shape))
        return err_set(error, ERR_INVALID, "a mask is %d parts of %d wide and high at least",
                       MASK_LEAST, MASK_WHOLE);
    return !crosses_itself(shape) ||
           err_set(error, ERR_INVALID, "the edges of a mask must not cross or touch each other");
}

/* ---- as text ---- */

char *mask_shape_text(const MaskShape *shape)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < shape->count; i++)
        g_string_append_printf(text, "%s%d,%d", i ? " " : "", (int)shape->points[i].x,
                               (int)shape->points[i].y);
    return g_string_free(text, FALSE);
}

static bool parse_part(const char **text, char end, int64_t *part)
{
    *part = 0;
    if (!g_ascii_isdigit(**text))
        return false;
    while (g_ascii_isdigit(**text) && *part <= MASK_WHOLE)
        *part = *part * 10 + (*(*text)++ - '0');
    if (**text != end)
        return false;
    *text += end != '\0';
    return true;
}

bool mask_shape_parse(const char *text, MaskShape *shape)
{
    *shape = (MaskShape){0};
    do {
        MaskPoint point;
        if (shape->count == MASK_POINTS_MOST || !parse_part(&text, ',', &point.x) ||
            !parse_part(&text, strchr(text, ' ') ? ' ' : '\0', &point.y))
            return false;
        shape->points[shape->count++] = point;
    } while (*text);
    return mask_shape_check(shape, NULL);
}

/* ---- sets ---- */

struct MaskSet {
    atomic_uint references;
    uint64_t key;
    unsigned count;
    MaskShape shapes[];
};

static uint64_t key_of(const MaskShape *shapes, unsigned count)
{
    uint8_t digest[SHA256_BYTES];
    uint64_t key = 0;
    g_autoptr(GString) all = g_string_new(NULL);
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *text = mask_shape_text(&shapes[i]);
        g_string_append_printf(all, "%s;", text);
    }
    sha256(all->str, all->len, digest);
    memcpy(&key, digest, sizeof key);
    return key ? key : 1;
}

MaskSet *mask_set_new(const MaskShape *shapes, unsigned count)
{
    if (!count)
        return NULL;
    MaskSet *set = g_malloc(sizeof *set + count * sizeof *shapes);
    atomic_init(&set->references, 1);
    set->key = key_of(shapes, count);
    set->count = count;
    memcpy(set->shapes, shapes, count * sizeof *shapes);
    return set;
}

MaskSet *mask_set_ref(MaskSet *set)
{
    if (set)
        atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    return set;
}

void mask_set_unref(MaskSet *set)
{
    /* Whoever frees it sees all that others did with it. */
    if (set && atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) == 1)
        g_free(set);
}

unsigned mask_set_count(const MaskSet *set)
{
    return set ? set->count : 0;
}

const MaskShape *mask_set_shape(const MaskSet *set, unsigned index)
{
    return &set->shapes[index];
}

uint64_t mask_set_key(const MaskSet *set)
{
    return set ? set->key : 0;
}
