/* fragment.h — access units on their way into one fragment, and where it ends (FOOTAGE §2).
 *
 * A fragment ends at 1 s, and before a key picture once it holds 0.5 s. It is only ever cut before
 * a picture shown after all those it holds, so that B-pictures stay on their side of the cut.
 */
#pragma once

#include "media/access_unit.h"

#include <glib.h>

enum {
    FRAGMENT_TICKS = VIDEO_TIMESCALE,
    FRAGMENT_KEY_TICKS = VIDEO_TIMESCALE / 2,
    FRAGMENT_SLACK_TICKS = VIDEO_TIMESCALE / 1000, /* what a regular stream may be off by */
    FRAGMENT_APART_TICKS = VIDEO_TIMESCALE / 5,    /* pictures further apart are waited for */
    FRAGMENT_STRAY_TICKS = 10 * VIDEO_TIMESCALE,   /* so far back in time nothing is reordered */
    FRAGMENT_UNITS_MOST = 480, /* of a track: one gathered write, whatever comes */
    FRAGMENT_BYTES_MOST = 12 << 20,
    FRAGMENT_AUDIO_BYTES_MOST = 1 << 20, /* while no picture comes */
};

typedef struct Fragment {
    GPtrArray *units[TRACKS]; /* AccessUnit, a reference each; in the order they came */
    size_t bytes[TRACKS];
    int64_t first_pts, last_pts; /* of the pictures: smallest and largest */
} Fragment;

/* What is known of a fragment that is to be written. */
typedef struct FragmentFacts {
    const AccessUnit *next; /* the picture that follows without a break, or NULL */
    int64_t most_us;        /* how long the last picture can have lasted, when `next` is NULL */
    int64_t apart_us;       /* how long a lone one is to last then; 0: as long as the last known */
    int64_t ends_us;        /* when the next one is due, which has not come yet; 0: unknown */
} FragmentFacts;

void fragment_init(Fragment *fragment);
void fragment_clear(Fragment *fragment); /* frees what it holds */
void fragment_empty(Fragment *fragment); /* lets the units go, keeps the memory */

void fragment_empty_track(Fragment *fragment, Track track);

/* Takes `unit`. */
void fragment_add(Fragment *fragment, AccessUnit *unit);

/* Whether a fragment that began at `start_pts` has its time when picture `unit` comes. */
static inline bool fragment_time_is_up(int64_t start_pts, const AccessUnit *unit)
{
    int64_t held = unit->pts - start_pts;
    return held >= (unit->key ? FRAGMENT_KEY_TICKS : FRAGMENT_TICKS) ||
           held < -FRAGMENT_STRAY_TICKS;
}

/* The same when picture `unit` is likely its last: the next one would come `interval` ticks later
 * (0: that is not known). */
static inline bool fragment_nearly_up(int64_t start_pts, int64_t interval, const AccessUnit *unit)
{
    return interval > 0 &&
           unit->pts + interval - start_pts >= FRAGMENT_TICKS - FRAGMENT_SLACK_TICKS;
}

/* Ticks from one picture to the next, when the newest three came at equal distances, in the order
 * they are shown, and not far apart; else 0. */
int64_t fragment_interval(const Fragment *fragment);

/* Whether the next picture will not belong to it, by the distance of those it holds. `spare`: so
 * many further ones are to be left out of it. */
bool fragment_is_full(const Fragment *fragment, unsigned spare);

/* Whether it ends before picture `unit`. */
bool fragment_ends_before(const Fragment *fragment, const AccessUnit *unit);

static inline guint fragment_pictures(const Fragment *fragment)
{
    return fragment->units[TRACK_VIDEO]->len;
}

/* The picture that is shown first; there must be one. Borrowed. */
const AccessUnit *fragment_first(const Fragment *fragment);
/* … and last. */
const AccessUnit *fragment_last(const Fragment *fragment);
