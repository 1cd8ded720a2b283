#include "live/recent.h"

#include <pthread.h>
#include <string.h>

typedef struct Window {
    Uuid camera;
    StreamKind stream;
    GArray *parts; /* RecentPart */
    uint64_t next, break_count;
    int64_t newest_us; /* when the newest part of all began */
    int64_t longest_us;
} Window;

struct Recent {
    pthread_mutex_t lock;
    GPtrArray *windows; /* Window: of the few streams that were ever asked for */
};

void recent_part_clear(void *part)
{
    g_free(((RecentPart *)part)->file);
}

static GArray *new_parts(void)
{
    GArray *parts = g_array_new(FALSE, TRUE, sizeof(RecentPart));
    g_array_set_clear_func(parts, recent_part_clear);
    return parts;
}

static void free_window(void *data)
{
    Window *window = data;
    g_array_unref(window->parts);
    g_free(window);
}

Recent *recent_new(void)
{
    Recent *recent = g_new0(Recent, 1);
    pthread_mutex_init(&recent->lock, NULL);
    recent->windows = g_ptr_array_new_with_free_func(free_window);
    return recent;
}

void recent_free(Recent *recent)
{
    if (!recent)
        return;
    g_ptr_array_unref(recent->windows);
    pthread_mutex_destroy(&recent->lock);
    g_free(recent);
}

static Window *window_of(Recent *recent, const Uuid *camera, StreamKind stream)
{
    for (guint i = 0; i < recent->windows->len; i++) {
        Window *window = recent->windows->pdata[i];
        if (window->stream == stream && uuid_equal(&window->camera, camera))
            return window;
    }
    Window *window = g_new0(Window, 1);
    *window = (Window){.camera = *camera, .stream = stream, .parts = new_parts()};
    window->newest_us = INT64_MIN;
    g_ptr_array_add(recent->windows, window);
    return window;
}

static bool is_last(const Window *window, const RecentPart *part)
{
    if (!window->parts->len)
        return false;
    const RecentPart *last = &g_array_index(window->parts, RecentPart, window->parts->len - 1);
    return strcmp(last->file, part->file) == 0 && last->offset <= part->offset;
}

static RecentPart copy_of(const RecentPart *part)
{
    RecentPart copy = *part;
    copy.file = g_strdup(part->file);
    return copy;
}

/* `before`: what stands before it in the file is the newest part of the window. */
static void append(Window *window, const RecentPart *found, bool before)
{
    RecentPart part = copy_of(found);
    if (window->next > 0 && !(before && found->joins))
        window->break_count++;
    part.number = window->next++;
    part.break_count = window->break_count;
    window->newest_us = part.time_us;
    window->longest_us = MAX(window->longest_us, part.duration_us);
    g_array_append_val(window->parts, part);
}

/* Whether the window has it, as its newest part or before. */
static bool holds(const Window *window, const RecentPart *found)
{
    for (guint i = window->parts->len; i-- > 0;) {
        const RecentPart *part = &g_array_index(window->parts, RecentPart, i);
        if (part->offset == found->offset && strcmp(part->file, found->file) == 0)
            return true;
    }
    return false;
}

static void drop_old(Window *window, int64_t from_us, int64_t to_us)
{
    guint old = 0;
    while (old < window->parts->len) {
        const RecentPart *part = &g_array_index(window->parts, RecentPart, old);
        if (part->time_us + part->duration_us > from_us && part->time_us <= to_us)
            break;
        old++;
    }
    if (old)
        g_array_remove_range(window->parts, 0, old);
}

GArray *recent_slide(Recent *recent, const Uuid *camera, StreamKind stream, const GArray *found,
                     int64_t from_us, int64_t to_us, int64_t *longest_us)
{
    GArray *shown = new_parts();
    pthread_mutex_lock(&recent->lock);
    Window *window = window_of(recent, camera, stream);
    if (window->newest_us > to_us)
        window->newest_us = INT64_MIN;
    for (guint i = 0; i < found->len; i++) {
        const RecentPart *part = &g_array_index(found, RecentPart, i);
        if (part->time_us > window->newest_us && part->time_us <= to_us && !holds(window, part))
            append(window, part, is_last(window, part));
    }
    drop_old(window, from_us, to_us);
    for (guint i = 0; i < window->parts->len; i++) {
        RecentPart copy = copy_of(&g_array_index(window->parts, RecentPart, i));
        g_array_append_val(shown, copy);
    }
    *longest_us = window->longest_us;
    pthread_mutex_unlock(&recent->lock);
    return shown;
}
