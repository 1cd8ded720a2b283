#include "archive/fragment.h"

static void unref_unit(void *unit)
{
    access_unit_unref(unit);
}

void fragment_init(Fragment *fragment)
{
    *fragment = (Fragment){0};
    for (int i = 0; i < TRACKS; i++)
        fragment->units[i] = g_ptr_array_new_with_free_func(unref_unit);
}

void fragment_clear(Fragment *fragment)
{
    for (int i = 0; i < TRACKS; i++)
        g_clear_pointer(&fragment->units[i], g_ptr_array_unref);
}

void fragment_empty_track(Fragment *fragment, Track track)
{
    g_ptr_array_set_size(fragment->units[track], 0);
    fragment->bytes[track] = 0;
}

void fragment_empty(Fragment *fragment)
{
    for (int i = 0; i < TRACKS; i++)
        fragment_empty_track(fragment, (Track)i);
}

void fragment_add(Fragment *fragment, AccessUnit *unit)
{
    if (unit->track == TRACK_VIDEO) {
        bool first = fragment_pictures(fragment) == 0;
        fragment->first_pts = first ? unit->pts : MIN(fragment->first_pts, unit->pts);
        fragment->last_pts = first ? unit->pts : MAX(fragment->last_pts, unit->pts);
    }
    fragment->bytes[unit->track] += unit->size;
    g_ptr_array_add(fragment->units[unit->track], unit);
}

bool fragment_ends_before(const Fragment *fragment, const AccessUnit *unit)
{
    if (fragment_pictures(fragment) == 0)
        return false;
    if (fragment_pictures(fragment) >= FRAGMENT_UNITS_MOST ||
        fragment->units[TRACK_AUDIO]->len >= FRAGMENT_UNITS_MOST ||
        fragment->bytes[TRACK_VIDEO] + unit->size > FRAGMENT_BYTES_MOST)
        return true;
    bool reordered =
        unit->pts <= fragment->last_pts && unit->pts > fragment->first_pts - FRAGMENT_STRAY_TICKS;
    /* One that lost its place beside the key pictures would never again begin with one: nothing
     * could be played from it. */
    const AccessUnit *first = g_ptr_array_index(fragment->units[TRACK_VIDEO], 0);
    bool strays = unit->key && !first->key;
    return !reordered && (strays || fragment_time_is_up(fragment->first_pts, unit));
}

int64_t fragment_interval(const Fragment *fragment)
{
    const GPtrArray *units = fragment->units[TRACK_VIDEO];
    if (units->len < 3)
        return 0;
    const AccessUnit *const *newest = (const AccessUnit *const *)(void *)units->pdata + units->len;
    int64_t last = newest[-1]->pts - newest[-2]->pts, before = newest[-2]->pts - newest[-3]->pts;
    bool regular = ABS(last - before) <= FRAGMENT_SLACK_TICKS;
    bool in_order = newest[-1]->pts == fragment->last_pts;
    return regular && in_order && last > 0 && last <= FRAGMENT_APART_TICKS ? last : 0;
}

bool fragment_is_full(const Fragment *fragment, unsigned spare)
{
    int64_t interval = fragment_interval(fragment);
    const GPtrArray *units = fragment->units[TRACK_VIDEO];
    return interval > 0 && fragment_nearly_up(fragment->first_pts, interval * (1 + spare),
                                              g_ptr_array_index(units, units->len - 1));
}

static const AccessUnit *picture_at(const Fragment *fragment, int64_t pts)
{
    const GPtrArray *units = fragment->units[TRACK_VIDEO];
    for (guint i = 0; i < units->len; i++) {
        const AccessUnit *unit = g_ptr_array_index(units, i);
        if (unit->pts == pts)
            return unit;
    }
    g_assert_not_reached();
}

const AccessUnit *fragment_first(const Fragment *fragment)
{
    return picture_at(fragment, fragment->first_pts);
}

const AccessUnit *fragment_last(const Fragment *fragment)
{
    const GPtrArray *units = fragment->units[TRACK_VIDEO];
    const AccessUnit *newest = g_ptr_array_index(units, units->len - 1);
    return newest->pts == fragment->last_pts ? newest : picture_at(fragment, fragment->last_pts);
}
