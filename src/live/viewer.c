#include "live/viewer.h"

#include "base/clock.h"
#include "live/message.h"
#include "live/private.h"
#include "live/view.h"

#include <string.h>

/* Cameras one socket may carry; texts that may wait for a client that reads none, some of each. */
enum { VIEWS_MOST = 64, TEXTS_MOST = 1024 };

/* A picture that comes meanwhile waits for so much filler at most. */
enum { FILLER_MOST = 4 << 10 };

typedef struct Item {
    Buffer *message; /* holds a reference */
    LiveView *view;  /* NULL: a text, or the view is gone */
    int64_t at_us;
    bool binary, picture;
} Item;

static void item_free(Item *item)
{
    buffer_unref(item->message);
    g_free(item);
}

LiveViewer *live_viewer_new(Live *live, const void *account, void *viewer_data)
{
    LiveViewer *viewer = g_new0(LiveViewer, 1);
    viewer->live = live;
    viewer->account = account;
    viewer->person = live_source(live)->person(live_source(live)->data, account);
    viewer->data = viewer_data;
    viewer->views = g_ptr_array_new();
    g_queue_init(&viewer->queue);
    live_add_viewer(live, viewer);
    return viewer;
}

static void tell_viewed(const LiveViewer *viewer, const Uuid *camera, LiveMark mark)
{
    const LiveSource *source = live_source(viewer->live);
    source->viewed(source->data, viewer->account, *camera, mark);
}

static void view_over(LiveViewer *viewer, LiveView *view)
{
    if (view->bare)
        tell_viewed(viewer, &view->camera, LIVE_BARE_ENDS);
    if (view->audio)
        tell_viewed(viewer, &view->camera, LIVE_SOUND_ENDS);
    tell_viewed(viewer, &view->camera, LIVE_ENDS);
    g_ptr_array_remove_fast(viewer->views, view);
    live_view_free(view);
}

void live_viewer_free(LiveViewer *viewer)
{
    if (!viewer)
        return;
    while (viewer->views->len)
        view_over(viewer, viewer->views->pdata[0]);
    for (Item *item; (item = g_queue_pop_head(&viewer->queue));)
        item_free(item);
    g_ptr_array_unref(viewer->views);
    live_remove_viewer(viewer->live, viewer);
    live_sweep(viewer->live);
    g_free(viewer);
}

/* --- the queue --- */

static void tell_ready(LiveViewer *viewer)
{
    if (viewer->told)
        return;
    viewer->told = true;
    live_ready(viewer->live, viewer->data);
}

static void append(LiveViewer *viewer, Item item)
{
    viewer->texts += !item.binary;
    if (item.view)
        item.view->queued++;
    item.at_us = clock_mono_us();
    g_queue_push_tail(&viewer->queue, g_memdup2(&item, sizeof item));
    tell_ready(viewer);
}

void live_viewer_filler(LiveViewer *viewer, size_t bytes)
{
    if (!viewer->filler)
        viewer->filler_us = clock_mono_us();
    viewer->filler = bytes ? viewer->filler + bytes : 0;
    if (bytes)
        tell_ready(viewer);
}

int64_t live_viewer_filler_us(const LiveViewer *viewer)
{
    return viewer->filler ? viewer->filler_us : INT64_MAX;
}

static Buffer *next_filler(LiveViewer *viewer)
{
    size_t bytes = MIN(viewer->filler, FILLER_MOST);
    viewer->filler -= bytes;
    return bytes ? live_message_filler(live_head_room(viewer->live), bytes) : NULL;
}

void live_viewer_text(LiveViewer *viewer, Json *json)
{
    if (live_viewer_overrun(viewer)) {
        json_decref(json);
        return;
    }
    append(viewer, (Item){.message = live_message_text(live_head_room(viewer->live), json)});
}

void live_viewer_binary(LiveViewer *viewer, LiveView *view, Buffer *message, bool picture)
{
    append(viewer, (Item){buffer_ref(message), view, 0, true, picture});
}

void live_viewer_drop(LiveViewer *viewer, LiveView *view, unsigned *pictures)
{
    for (GList *link = viewer->queue.head; link;) {
        GList *next = link->next;
        Item *item = link->data;
        if (item->view == view) {
            if (pictures)
                *pictures += item->picture;
            item_free(item);
            g_queue_delete_link(&viewer->queue, link);
        }
        link = next;
    }
    view->queued = 0;
}

int64_t live_viewer_oldest_us(const LiveViewer *viewer)
{
    return viewer->queue.head ? ((Item *)viewer->queue.head->data)->at_us : INT64_MAX;
}

Buffer *live_viewer_next(LiveViewer *viewer, bool *binary, size_t *size)
{
    viewer->told = false;
    live_review_masks(viewer->live);
    Item *item = g_queue_pop_head(&viewer->queue);
    if (!item) {
        Buffer *filler = next_filler(viewer);
        *binary = true;
        *size = filler ? filler->size - live_head_room(viewer->live) : 0;
        return filler;
    }
    if (item->view)
        item->view->queued--;
    viewer->texts -= !item->binary;
    Buffer *message = item->message;
    *binary = item->binary;
    *size = message->size - live_head_room(viewer->live);
    live_count_sent(viewer->live, *size);
    g_free(item);
    return message;
}

bool live_viewer_overrun(const LiveViewer *viewer)
{
    return viewer->texts >= TEXTS_MOST;
}

bool live_viewer_waiting(const LiveViewer *viewer)
{
    return viewer->queue.length > 0 || viewer->filler > 0;
}

/* --- what the client asks --- */

LiveView *live_viewer_find(const LiveViewer *viewer, const Uuid *camera)
{
    for (guint i = 0; i < viewer->views->len; i++) {
        LiveView *view = viewer->views->pdata[i];
        if (uuid_equal(&view->camera, camera))
            return view;
    }
    return NULL;
}

void live_viewer_state(LiveViewer *viewer, const Uuid *camera)
{
    const LiveSource *source = live_source(viewer->live);
    g_autoptr(Json) state = source->state(source->data, *camera);
    if (!state)
        return;
    Json *json = live_op("state", camera);
    json_object_update(json, state);
    live_viewer_text(viewer, json);
}

void live_viewer_end(LiveViewer *viewer, LiveView *view)
{
    live_viewer_text(viewer, live_op("unsubscribed", &view->camera));
    view_over(viewer, view);
}

void live_viewer_refuse(LiveViewer *viewer, const Uuid *camera, const char *cause,
                        const char *detail)
{
    Json *json = camera ? live_op("error", camera) : json_pack("{s:s}", "op", "error");
    json_object_set_new(json, "detail", json_string(detail));
    if (cause)
        json_object_set_new(json, "cause", json_string(cause));
    live_viewer_text(viewer, json);
}

static void say_error(LiveViewer *viewer, const Uuid *camera, const char *detail)
{
    live_viewer_refuse(viewer, camera, NULL, detail);
}

/* What is asked for, if the viewer has the right to it. */
static bool may_listen(const LiveViewer *viewer, const Uuid *camera, bool audio)
{
    const LiveSource *source = live_source(viewer->live);
    bool may = audio && source->may_watch(source->data, viewer->account, *camera, true);
    if (audio && !may)
        tell_viewed(viewer, camera, LIVE_SOUND_REFUSED);
    return may;
}

/* What a client asks for. */
typedef struct Wish {
    StreamKind kind;
    bool audio;
    bool h264; /* it knows no other */
} Wish;

static void subscribe(LiveViewer *viewer, const Uuid *camera, const Wish *wish)
{
    const LiveSource *source = live_source(viewer->live);
    LiveView *view = live_viewer_find(viewer, camera);
    if (!source->may_watch(source->data, viewer->account, *camera, false)) {
        tell_viewed(viewer, camera, LIVE_REFUSED);
        say_error(viewer, camera, "no right to watch this camera");
        return;
    }
    if (!view && viewer->views->len >= VIEWS_MOST) {
        say_error(viewer, camera, "one socket carries at most 64 cameras");
        return;
    }
    LiveStream *stream = live_stream_get(viewer->live, *camera, wish->kind);
    if (!stream) {
        g_autoptr(Json) state = source->state(source->data, *camera);
        say_error(viewer, camera, state ? "this camera has no such stream" : "unknown camera");
        return;
    }
    bool audio = may_listen(viewer, camera, wish->audio);
    if (!view) {
        view = live_view_new(viewer, *camera);
        g_ptr_array_add(viewer->views, view);
        tell_viewed(viewer, camera, LIVE_BEGINS);
        live_viewer_state(viewer, camera);
    }
    if (audio != view->audio)
        tell_viewed(viewer, camera, audio ? LIVE_SOUND_BEGINS : LIVE_SOUND_ENDS);
    view->h264 = wish->h264;
    view->asked = wish->kind;
    view->told_limit = false;
    live_view_remask(view);
    live_view_change(view, live_ladder_begin(view, stream), audio, INT64_MAX);
    live_ladder_tell(view);
}

static void unsubscribe(LiveViewer *viewer, const Uuid *camera)
{
    LiveView *view = live_viewer_find(viewer, camera);
    if (view)
        live_viewer_end(viewer, view);
}

void live_viewer_review(LiveViewer *viewer)
{
    const LiveSource *source = live_source(viewer->live);
    for (guint i = viewer->views->len; i-- > 0;) {
        LiveView *view = viewer->views->pdata[i];
        if (source->may_watch(source->data, viewer->account, view->camera, false)) {
            if (live_view_remask(view))
                live_view_begin_again(view);
            continue;
        }
        say_error(viewer, &view->camera, "no right to watch this camera any more");
        live_viewer_end(viewer, view);
    }
    live_sweep(viewer->live);
}

static bool parse_stream(const char *text, StreamKind *kind)
{
    for (int i = 0; i < STREAM_KINDS; i++)
        if (strcmp(text, stream_kind_text((StreamKind)i)) == 0) {
            *kind = (StreamKind)i;
            return true;
        }
    return false;
}

void live_viewer_message(LiveViewer *viewer, const char *text, size_t size)
{
    g_autoptr(GError) error = NULL;
    const char *op = "", *camera_text = "", *stream_text = "main";
    Wish wish = {0};
    Uuid camera;
    g_autoptr(Json) json = json_parse(text, size, &error);
    if (!json || !json_get_text(json, "op", &op, &error) ||
        !json_get_text(json, "camera", &camera_text, &error) ||
        !json_get_text(json, "stream", &stream_text, &error) ||
        !json_get_bool(json, "audio", &wish.audio, &error) ||
        !json_get_bool(json, "h264", &wish.h264, &error))
        say_error(viewer, NULL, error->message);
    else if (!uuid_parse(camera_text, &camera))
        say_error(viewer, NULL, "‘camera’ must be the id of a camera");
    else if (strcmp(op, "unsubscribe") == 0)
        unsubscribe(viewer, &camera);
    else if (strcmp(op, "subscribe") != 0)
        say_error(viewer, &camera, "‘op’ must be subscribe or unsubscribe");
    else if (!parse_stream(stream_text, &wish.kind))
        say_error(viewer, &camera, "‘stream’ must be main or sub");
    else
        subscribe(viewer, &camera, &wish);
    live_sweep(viewer->live);
}
