#include "archive/held.h"

static bool is_key(const AccessUnit *unit)
{
    return unit->track == TRACK_VIDEO && unit->key;
}

AccessUnit *held_take(Held *held)
{
    AccessUnit *unit = g_queue_pop_head(&held->units);
    if (unit)
        held->bytes -= unit->size;
    return unit;
}

void held_clear(Held *held)
{
    AccessUnit *unit;
    while ((unit = held_take(held)))
        access_unit_unref(unit);
}

/* Lets go what stands before `key`; NULL: all. */
static void drop_until(Held *held, const AccessUnit *key)
{
    while (held->units.head && held->units.head->data != key)
        access_unit_unref(held_take(held));
}

static AccessUnit *next_key(const Held *held)
{
    GList *at = held->units.head ? held->units.head->next : NULL;
    while (at && !is_key(at->data))
        at = at->next;
    return at ? at->data : NULL;
}

void held_begin_at(Held *held, int64_t from_us)
{
    AccessUnit *key;
    while ((key = next_key(held)) && key->capture_us <= from_us)
        drop_until(held, key);
}

void held_push(Held *held, AccessUnit *unit)
{
    g_queue_push_tail(&held->units, unit);
    held->bytes += unit->size;
}

void held_add(Held *held, AccessUnit *unit, int64_t keep_us)
{
    if (held->units.length == 0 && !is_key(unit)) {
        access_unit_unref(unit);
        return;
    }
    held_push(held, unit);
    if (is_key(unit))
        held_begin_at(held, unit->capture_us - keep_us);
    while (held->bytes > HELD_BYTES_MOST)
        drop_until(held, next_key(held));
}
