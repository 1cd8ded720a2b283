#include "watch/motion_watch.h"

struct MotionWatch {
    MotionStore *store;
    Events *events;
};

/* One camera under the eye. The eye's thread. */
typedef struct Watched {
    MotionWatch *watch;
    Uuid camera;
    Motion *motion;
    int64_t moved_s; /* the newest second with motion; 0: none */
    bool told;       /* `event` goes on */
    Uuid event;
} Watched;

MotionWatch *motion_watch_new(MotionStore *store, Events *events)
{
    MotionWatch *watch = g_new0(MotionWatch, 1);
    *watch = (MotionWatch){store, events};
    return watch;
}

void motion_watch_free(MotionWatch *watch)
{
    g_free(watch);
}

static int cells_of(const MotionSecond *second)
{
    int count = 0;
    for (int i = 0; i < GRID_BYTES; i++)
        count += __builtin_popcount(second->moved[i]);
    return count;
}

static void end_event(Watched *watched)
{
    if (watched->told)
        events_end(watched->watch->events, &watched->event, (watched->moved_s + 1) * SECOND_US);
    watched->told = false;
}

static void on_second(void *data, const MotionSecond *second)
{
    Watched *watched = data;
    motion_store_add(watched->watch->store, &watched->camera, second);
    if (second->second - watched->moved_s > MOTION_EVENT_HOLD_S)
        end_event(watched);
    if (cells_of(second) < MOTION_EVENT_CELLS)
        return;
    /* By key pictures alone, the seconds between two of them show nothing. */
    const int apart_s = second->seen == SEEN_SPARSE ? MOTION_EVENT_HOLD_S : 1;
    if (!watched->told && second->second - watched->moved_s <= apart_s) {
        watched->event = events_begin(watched->watch->events, &watched->camera, EVENT_MOTION,
                                      watched->moved_s * SECOND_US, NULL);
        watched->told = true;
    }
    watched->moved_s = second->second;
}

static void *on_begin(void *data, const Uuid *camera, int width, int height)
{
    Watched *watched = g_new0(Watched, 1);
    watched->watch = data;
    watched->camera = *camera;
    watched->motion = motion_new(on_second, watched);
    return watched;
}

static void on_picture(void *state, const LumaPicture *picture)
{
    motion_picture(((Watched *)state)->motion, picture);
}

static void on_end(void *state)
{
    Watched *watched = state;
    end_event(watched);
    motion_store_flush(watched->watch->store, &watched->camera);
    motion_free(watched->motion);
    g_free(watched);
}

EyeAnalyser motion_watch_analyser(MotionWatch *watch)
{
    return (EyeAnalyser){on_begin, on_picture, on_end, watch};
}
