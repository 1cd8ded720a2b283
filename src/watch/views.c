#include "watch/views.h"

#include "base/file.h"
#include "base/log.h"
#include "picture/picture.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { EVENT_PICTURE_PX = 640 };

static const EventKind KINDS[VIEW_VERDICTS] = {
    [VIEW_BLACK] = EVENT_BLACK,     [VIEW_FROZEN] = EVENT_FROZEN,
    [VIEW_COVERED] = EVENT_COVERED, [VIEW_OUT_OF_FOCUS] = EVENT_OUT_OF_FOCUS,
    [VIEW_MOVED] = EVENT_MOVED,
};

/* One camera. It outlives its analyser's state: a stream that comes back in another size goes on
 * with what was known. `lock` of Views guards what other threads see. */
typedef struct View {
    struct Views *views;
    Uuid camera;
    ViewHealth *health;         /* the eye's thread only */
    unsigned kept;              /* version of the reference in the file; the eye's thread only */
    Uuid events[VIEW_VERDICTS]; /* guarded by the lock of Views, as what follows */
    unsigned standing;
    bool looked_at, accept, steered, off, gone;
    bool was_off; /* since the last picture */
} View;

struct Views {
    char *folder;
    Cameras *cameras;
    OnvifDevices *devices;
    Events *events;
    bool off;
    pthread_mutex_t lock;
    GHashTable *all; /* Uuid in the View → View */
};

const char *view_verdict_text(ViewVerdict verdict)
{
    return event_kind_text(KINDS[verdict]);
}

static void view_free(void *data)
{
    View *view = data;
    view_health_free(view->health);
    g_free(view);
}

Views *views_new(const ViewsSource *source)
{
    Views *views = g_new0(Views, 1);
    views->folder = g_strdup(source->folder);
    views->cameras = source->cameras;
    views->devices = source->devices;
    views->events = source->events;
    views->off = source->off;
    views->all = g_hash_table_new_full(uuid_hash, uuid_equal_keys, NULL, view_free);
    pthread_mutex_init(&views->lock, NULL);
    return views;
}

void views_free(Views *views)
{
    if (!views)
        return;
    g_hash_table_unref(views->all);
    pthread_mutex_destroy(&views->lock);
    g_free(views->folder);
    g_free(views);
}

/* Lock held. */
static View *view_of(Views *views, const Uuid *camera)
{
    View *view = g_hash_table_lookup(views->all, camera);
    if (view)
        return view;
    view = g_new0(View, 1);
    view->views = views;
    view->camera = *camera;
    g_hash_table_insert(views->all, &view->camera, view);
    return view;
}

static char *reference_path(const char *folder, const Uuid *camera)
{
    char id[UUID_TEXT];
    return g_strdup_printf("%s/%s.view", folder, uuid_text(camera, id));
}

void views_delete_reference(const char *folder, const Uuid *camera)
{
    g_autofree char *path = reference_path(folder, camera);
    if (unlink(path) != 0 && errno != ENOENT)
        log_warning("view.file", "path=%s cause=\"cannot be deleted: %s\"", path,
                    g_strerror(errno));
}

/* ---- the eye's thread ---- */

/* What cannot be read is learnt anew. */
static ViewHealth *health_of(const View *view)
{
    g_autofree char *path = reference_path(view->views->folder, &view->camera);
    g_autofree ViewReference *reference = g_new(ViewReference, 1);
    size_t size = 0;
    g_autofree char *bytes = file_read(path, VIEW_FILE_MOST_BYTES, &size, NULL);
    const bool known = bytes && view_reference_read((const uint8_t *)bytes, size, reference);
    if (bytes && !known)
        log_warning("view.file", "path=%s cause=\"it is damaged; the view is learnt anew\"", path);
    return view_health_new(known ? reference : NULL);
}

static void keep_reference(View *view)
{
    unsigned version;
    const ViewReference *reference = view_health_reference(view->health, &version);
    if (version == view->kept)
        return;
    view->kept = version;
    g_autofree char *path = reference_path(view->views->folder, &view->camera);
    g_autoptr(GError) error = NULL;
    g_auto(ByteWriter) file = {0};
    view_reference_write(reference, &file);
    if (!folder_make(view->views->folder, &error) ||
        !file_write_atomic(path, file.data, file.size, 0640, &error))
        log_warning("view.file", "cause=\"%s\"", error->message);
}

static void add_picture(const View *view, const Uuid *event)
{
    g_autoptr(AccessUnit) unit = NULL;
    for (int i = 0; i < STREAM_KINDS && !unit; i++) { /* the sub stream's costs less */
        g_autoptr(Hub) hub =
            cameras_hub(view->views->cameras, view->camera, (StreamKind)(STREAM_SUB - i));
        unit = hub ? hub_key_picture(hub) : NULL;
    }
    g_autoptr(Buffer) jpeg = NULL;
    g_autoptr(GError) error = NULL;
    if (!unit)
        return;
    if (picture_jpeg_from_unit(unit, EVENT_PICTURE_PX, NULL, &jpeg, &error))
        events_picture(view->views->events, event, jpeg->data, jpeg->size);
    else
        log_warning("view.picture", "cause=\"%s\"", error->message);
}

static void tell(View *view, const ViewChange *change)
{
    Uuid *event = &view->events[change->verdict];
    if (!change->begins) {
        events_end(view->views->events, event, change->at_us);
        return;
    }
    const Uuid begun = events_begin(view->views->events, &view->camera, KINDS[change->verdict],
                                    change->at_us, NULL);
    pthread_mutex_lock(&view->views->lock);
    *event = begun;
    pthread_mutex_unlock(&view->views->lock);
    add_picture(view, &begun);
}

static void *on_begin(void *data, const Uuid *camera, int width, int height)
{
    Views *views = data;
    pthread_mutex_lock(&views->lock);
    View *view = view_of(views, camera);
    const bool gone = view->gone;
    view->looked_at = !gone;
    pthread_mutex_unlock(&views->lock);
    return gone ? NULL : view;
}

/* Any thread: no picture may come any more. */
static void end_standing(View *view)
{
    Uuid events[VIEW_VERDICTS];
    pthread_mutex_lock(&view->views->lock);
    const unsigned ending = view->standing;
    memcpy(events, view->events, sizeof events);
    view->standing = 0;
    pthread_mutex_unlock(&view->views->lock);
    for (ViewVerdict verdict = 0; verdict < VIEW_VERDICTS; verdict++)
        if (ending & 1U << verdict)
            events_end(view->views->events, &events[verdict], clock_now_us());
}

/* Ends what stands, and forgets what was seen; a reference that is in its file is read again. */
static void stop_judging(View *view)
{
    end_standing(view);
    g_clear_pointer(&view->health, view_health_free);
    view->kept = 0;
}

static bool turns_by_itself(const View *view)
{
    OnvifDeviceFacts facts;
    OnvifDevices *devices = view->views->devices;
    return devices && onvif_devices_facts(devices, &view->camera, &facts) && facts.turns;
}

static void judge(View *view, const LumaPicture *picture, bool accept, bool steered)
{
    ViewChange changes[VIEW_VERDICTS];
    if (!view->health)
        view->health = health_of(view);
    view_health_roams(view->health, turns_by_itself(view));
    if (steered)
        view_health_steered(view->health);
    const size_t count = view_health_see(view->health, picture, changes);
    if (accept)
        view_health_accept(view->health);
    for (size_t i = 0; i < count; i++)
        tell(view, &changes[i]);
    if (count) {
        pthread_mutex_lock(&view->views->lock);
        view->standing = view_health_standing(view->health);
        pthread_mutex_unlock(&view->views->lock);
    }
    keep_reference(view);
}

static void on_picture(void *state, const LumaPicture *picture)
{
    View *view = state;
    pthread_mutex_lock(&view->views->lock);
    const bool accept = view->accept, steered = view->steered, off = view->off || view->gone;
    const bool anew = off || view->was_off;
    view->accept = view->steered = view->was_off = false;
    pthread_mutex_unlock(&view->views->lock);
    if (anew && view->health)
        stop_judging(view);
    if (!off)
        judge(view, picture, accept, steered);
}

static void on_end(void *state)
{
    View *view = state;
    pthread_mutex_lock(&view->views->lock);
    view->looked_at = false;
    const bool gone = view->gone;
    pthread_mutex_unlock(&view->views->lock);
    if (!gone)
        return;
    stop_judging(view);
    /* Again: a picture that was on its way may have kept it anew. */
    views_delete_reference(view->views->folder, &view->camera);
}

EyeAnalyser views_analyser(Views *views)
{
    return (EyeAnalyser){on_begin, on_picture, on_end, views};
}

/* ---- any thread ---- */

unsigned views_standing(Views *views, const Uuid *camera)
{
    pthread_mutex_lock(&views->lock);
    const View *view = g_hash_table_lookup(views->all, camera);
    const unsigned standing = view ? view->standing : 0;
    pthread_mutex_unlock(&views->lock);
    return standing;
}

bool views_accept(Views *views, const Uuid *camera)
{
    pthread_mutex_lock(&views->lock);
    View *view = g_hash_table_lookup(views->all, camera);
    const bool looked_at = view && view->looked_at && !view->off;
    if (looked_at)
        view->accept = true;
    pthread_mutex_unlock(&views->lock);
    return looked_at;
}

void views_set(Views *views, const Uuid *camera, bool off)
{
    pthread_mutex_lock(&views->lock);
    View *view = view_of(views, camera);
    view->off = off || views->off;
    view->was_off |= view->off;
    view->gone = false;
    const bool ends = view->off;
    pthread_mutex_unlock(&views->lock);
    if (ends)
        end_standing(view);
}

void views_steered(Views *views, const Uuid *camera)
{
    pthread_mutex_lock(&views->lock);
    view_of(views, camera)->steered = true;
    pthread_mutex_unlock(&views->lock);
}

void views_forget(Views *views, const Uuid *camera)
{
    pthread_mutex_lock(&views->lock);
    View *view = view_of(views, camera);
    view->gone = true;
    pthread_mutex_unlock(&views->lock);
    views_delete_reference(views->folder, camera);
}
