#include "cli/node.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/thread.h"
#include "camera/device_record.h"
#include "cli/serve.h"
#include "config/site_day.h"
#include "http/api/public_page.h"
#include "http/case_notice.h"
#include "http/event_notice.h"
#include "http/given_notice.h"
#include "http/live_socket.h"
#include "http/package_notice.h"
#include "http/report_notice.h"

#include <libwebsockets.h>
#include <string.h>
#include <unistd.h>

enum { POOL_THREADS = 4, CODER_NICE = 15, THUMBNAIL_WIDTH_PX = 240 };
#define THUMBNAIL_US (10 * SECOND_US)

/* ---- cameras follow the site ---- */

static void stop_recording(Node *node, const Uuid *id, StreamKind kind)
{
    Hub *hub = g_hash_table_lookup(node->recorded[kind], id);
    if (hub)
        archive_unrecord(node->archive, hub);
    g_hash_table_remove(node->recorded[kind], id);
}

static void start_recording(Node *node, const Uuid *id, StreamKind kind)
{
    g_autoptr(Hub) hub = cameras_hub(node->cameras, *id, kind);
    if (!hub || g_hash_table_lookup(node->recorded[kind], id) == hub)
        return;
    stop_recording(node, id, kind);
    archive_record(node->archive, hub);
    g_hash_table_insert(node->recorded[kind], g_memdup2(id, sizeof *id), g_steal_pointer(&hub));
}

static void follow_sub_stream(Node *node, const CameraRow *row)
{
    if (row->record_sub)
        start_recording(node, &row->id, STREAM_SUB);
    else
        stop_recording(node, &row->id, STREAM_SUB);
}

static void look_at(Node *node, const Uuid *id)
{
    g_autoptr(Hub) main_hub = cameras_hub(node->cameras, *id, STREAM_MAIN);
    g_autoptr(Hub) sub_hub = cameras_hub(node->cameras, *id, STREAM_SUB);
    if (node->eye)
        eye_watch(node->eye, id, main_hub, sub_hub);
}

static void apply_schedule(Node *node, const CameraRow *row)
{
    Schedule schedule;
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) zone = site_zone(node->site);
    if (!schedule_parse(row->schedule, &schedule, &error))
        log_error("camera.schedule", "cause=\"%s\" advice=\"it is recorded always\"",
                  error->message);
    archive_set_schedule(node->archive, &row->id, &schedule, zone);
}

/* What was noticed opens the schedule of cameras that are recorded on events. Any thread; quick. */
static void on_event(void *data, const Event *event)
{
    Node *node = data;
    if (event->kind != EVENT_MOTION && event->kind != EVENT_TAMPER)
        return;
    if (event->to_us)
        archive_event_ends(node->archive, &event->camera, &event->id, event->to_us);
    else
        archive_event_begins(node->archive, &event->camera, &event->id, event->from_us);
}

static void apply_schedules(Node *node)
{
    g_autoptr(GPtrArray) rows = site_camera_list(node->site);
    for (guint i = 0; i < rows->len; i++)
        apply_schedule(node, g_ptr_array_index(rows, i));
}

static void apply_camera(Node *node, const CameraRow *row)
{
    g_autoptr(GError) error = NULL;
    secret_auto char *password = NULL;
    if (!site_camera_secret(node->site, &row->id, &password, &error))
        log_error("camera.secret", "cause=\"%s\"", error->message);
    CameraSource source = {.id = row->id,
                           .name = row->name,
                           .url = {row->url, row->sub_url},
                           .user = row->user,
                           .password = password,
                           .fingerprint = row->fingerprint,
                           .transport = camera_transport(row->transport),
                           .audio = row->audio,
                           .connections = (unsigned)row->connections,
                           .paused = row->paused};
    cameras_set(node->cameras, &source);
    OnvifDeviceSource device = {.camera = row->id,
                                .address = row->onvif,
                                .url = row->url,
                                .user = row->user,
                                .password = password};
    onvif_devices_set(node->devices, &device);
    apply_schedule(node, row);
    start_recording(node, &row->id, STREAM_MAIN);
    follow_sub_stream(node, row);
    views_set(node->views, &row->id, row->view_off);
    look_at(node, &row->id);
}

static void on_site_change(void *data, SiteChange change, const Uuid *id)
{
    Node *node = data;
    if (!node->cameras) { /* no server runs */
        if (change == SITE_CAMERA_REMOVED)
            views_delete_reference(node->folder->views, id);
        return;
    }
    if (change == SITE_SETTINGS_CHANGED) { /* the time zone, perhaps, or what is kept */
        const SiteRetention retention = site_retention(node->site);
        archive_set_retention(node->archive, retention.days * DAY_US, retention.bytes);
        events_keep_pictures(node->events, retention.days);
        apply_schedules(node);
    } else if (change == SITE_CAMERA_REMOVED) {
        for (int kind = 0; kind < STREAM_KINDS; kind++)
            stop_recording(node, id, (StreamKind)kind);
        views_forget(node->views, id);
        if (node->eye)
            eye_unwatch(node->eye, id);
        cameras_remove(node->cameras, *id);
        onvif_devices_remove(node->devices, id);
        live_camera_changed(node->live, *id);
    } else if (change == SITE_CAMERA_ADDED || change == SITE_CAMERA_CHANGED) {
        g_autoptr(CameraRow) row = site_camera_get(node->site, id);
        if (row)
            apply_camera(node, row);
    }
}

static void on_masks(void *data, const Uuid *camera)
{
    const Node *node = data;
    live_masks_changed(node->live);
}

static void on_camera_state(void *data, Uuid camera, StreamKind kind, const StreamStatus *status)
{
    Node *node = data;
    if (node->live)
        live_camera_changed(node->live, camera);
}

/* ---- opening ---- */

static Config *read_config(const DataFolder *folder, const char *file, GError **error)
{
    if (file)
        return config_read(file, error);
    if (access(folder->config, F_OK) == 0)
        return config_read(folder->config, error);
    return config_default();
}

bool node_open(Node *node, const char *data, const char *config_file, GError **error)
{
    *node = (Node){0};
    g_autoptr(DataFolder) paths = data_folder_paths(data);
    node->config = read_config(paths, config_file, error);
    node->folder = node->config ? data_folder_open(data, error) : NULL;
    if (!node->folder)
        return false;
    rebuild_from(&node->rebuild, node->folder, (const char *const *)node->config->storage.footage,
                 node->config->storage.footage_count);
    node->catalog = rebuild_open(node->folder, &node->rebuild, error);
    if (!node->catalog)
        return false;
    SiteOptions options = {.site_file = node->folder->site,
                           .secrets_key = node->folder->secrets_key,
                           .listener = on_site_change,
                           .listener_data = node};
    node->site = site_open(node->catalog, &options, error);
    if (!node->site || !site_apply(node->site, node->config, error))
        return false;
    g_autofree char *masks = g_build_filename(node->folder->path, "masks.json", NULL);
    node->masks = masks_open(node->catalog, error);
    if (!node->masks || !masks_keep_at(node->masks, masks, error))
        return false;
    node->key = node_key_open(node->folder->path, error);
    if (!node->key)
        return false;
    node->audit = audit_open(node->folder->audit, node->key, error);
    if (!node->audit)
        return false;
    node->people = people_open(node->catalog, node->site, error);
    node->duty = node->people ? duty_open(node->catalog, node->site, node->people, error) : NULL;
    if (!node->duty)
        return false;
    node->grants = grants_new();
    node->events = events_open(node->catalog, node->folder->events, node->folder->alive_us, error);
    if (!node->events)
        return false;
    events_keep_pictures(node->events, site_retention(node->site).days);
    node->pool = pool_new("pool", POOL_THREADS);
    node->api = (ApiContext){.catalog = node->catalog,
                             .map_file = node->folder->map,
                             .site = node->site,
                             .masks = node->masks,
                             .people = node->people,
                             .duty = node->duty,
                             .grants = node->grants,
                             .audit = node->audit,
                             .events = node->events,
                             .pool = node->pool,
                             .start_us = clock_now_us()};
    return true;
}

/* As the archive takes it: 0 is its own choice, less is none. */
static int64_t free_space_floor(const ConfigStorage *storage)
{
    if (storage->free_space_floor == CONFIG_FREE_SPACE_FLOOR_DEFAULT)
        return 0;
    return storage->free_space_floor ? (int64_t)MIN(storage->free_space_floor, INT64_MAX) : -1;
}

bool node_open_archive(Node *node, GError **error)
{
    const Config *config = node->config;
    unsigned several = config->storage.footage_count;
    SiteRetention retention = site_retention(node->site);
    ArchiveSettings settings = {
        .data_path = node->folder->path,
        .volume_path = several ? config->storage.footage[0] : NULL,
        .more_paths = several ? (const char *const *)config->storage.footage + 1 : NULL,
        .more_count = several ? several - 1 : 0,
        .node = site_node(node->site),
        .segment_us = (int64_t)config->storage.segment_minutes * MINUTE_US,
        .floor_bytes = free_space_floor(&config->storage),
        .retention_us = retention.days * DAY_US,
        .retention_bytes = retention.bytes,
    };
    node->api.archive = node->archive = archive_open(&settings, node->catalog, node->key, error);
    return node->archive != NULL;
}

static void on_steered(void *data, const Uuid *camera)
{
    const Node *node = data;
    views_steered(node->views, camera);
}

/* What was seen is kept and told by the store even where nothing is looked at now. */
static void open_eye(Node *node)
{
    const ConfigEye *config = &node->config->eye;
    node->motion = motion_store_new(node->folder->motion, config->motion_days);
    node->motion_watch = motion_watch_new(node->motion, node->events);
    const ViewsSource source = {.folder = node->folder->views,
                                .cameras = node->cameras,
                                .devices = node->devices,
                                .events = node->events,
                                .off = config->view_off};
    node->views = views_new(&source);
    node->steering = steering_new(node->devices, on_steered, node);
    if (config->off)
        return;
    node->thumbnails = thumbnails_new(node->archive);
    EyeSettings settings = {
        .pictures_s = config->pictures,
        .budget_percent = config->budget,
        .thumbnails = {thumbnails_put, node->thumbnails, THUMBNAIL_US, THUMBNAIL_WIDTH_PX},
    };
    node->eye = eye_new(&settings);
    const EyeAnalyser motion = motion_watch_analyser(node->motion_watch);
    eye_add_analyser(node->eye, &motion);
    const EyeAnalyser views = views_analyser(node->views);
    eye_add_analyser(node->eye, &views);
    eye_start(node->eye);
}

/* Without them everything else goes on. */
static void open_exports(Node *node)
{
    g_autoptr(GError) error = NULL;
    const ExportsOptions options = {
        .folder = node->folder->exports, .archive = node->archive, .site = node->site};
    node->api.exports = node->exports = exports_open(&options, &error);
    if (!node->exports)
        log_error("export.start", "cause=\"%s\"", error->message);
}

/* Without them everything else goes on. */
static void open_packages(Node *node)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *page = serve_verify_page();
    const PackageDeskOptions options = {.data = node->folder->path,
                                        .folder = node->folder->packages,
                                        .catalog = node->catalog,
                                        .site = node->site,
                                        .masks = node->masks,
                                        .archive = node->archive,
                                        .people = node->people,
                                        .audit = node->audit,
                                        .cases = node->cases,
                                        .motion = node->motion,
                                        .households = node->households,
                                        .usb = node->config->storage.hand_over,
                                        .page = page,
                                        .key = node->key};
    node->api.packages = node->packages = package_desk_open(&options, &error);
    if (!node->packages)
        log_error("package.start", "cause=\"%s\"", error->message);
    else
        package_desk_listen(node->packages, package_notice_tell, &node->api);
}

static Wanted wanted_of(void *data, const CameraRow *camera, StreamKind kind)
{
    const Node *node = data;
    if (camera->paused || (kind != STREAM_MAIN && !camera->record_sub))
        return WANTED_NOT;
    if (archive_should_record(node->archive, &camera->id, clock_now_us()))
        return WANTED_ON_DISK;
    return archive_waits_for_events(node->archive, &camera->id) ? WANTED_READY : WANTED_NOT;
}

static void tell_phones(void *push, const Event *event)
{
    if (event_kind_is_trouble(event->kind))
        push_event(push, event);
}

/* Without it everything else goes on. */
static void start_push(Node *node)
{
    g_autoptr(GError) error = NULL;
    const ConfigNotify *notify = &node->config->notify;
    const PushOptions options = {
        .catalog = node->catalog,
        .site = node->site,
        .people = node->people,
        .duty = node->duty,
        .services = (const char *const *)notify->push_services,
        .contact = notify->push_contact,
    };
    node->api.push = node->push = push_new(&options, &error);
    if (node->push)
        events_listen(node->events, tell_phones, node->push);
    else
        log_error("push.start", "cause=\"%s\"", error->message);
}

static void open_cases(Node *node)
{
    const CaseDeskOptions options = {
        .catalog = node->catalog,
        .site = node->site,
        .people = node->people,
        .reports = node->reports,
        .archive = node->archive,
    };
    node->api.cases = node->cases = case_desk_new(&options);
    case_desk_listen(node->cases, case_notice_tell, &node->api);
}

/* The journal's listeners, then who notices. */
static void start_telling(Node *node)
{
    const WatchdogSettings settings = {
        .late_us = (int64_t)node->config->notify.not_recorded_after * SECOND_US,
        .wanted = wanted_of,
        .data = node,
    };
    node->api.notify = node->notify = notify_new(node->site);
    events_listen(node->events, notify_event, node->notify);
    events_listen(node->events, event_notice_tell, &node->api);
    start_push(node);
    node->api.public_page = public_page_new();
    node->api.reports = node->reports =
        report_desk_new(node->catalog, node->site, node->archive, node->folder->reports);
    node->api.upload_folder = report_desk_incoming(node->reports);
    report_desk_listen(node->reports, report_notice_tell, &node->api);
    node->api.households = node->households =
        household_desk_new(node->catalog, node->folder->household);
    node->given_keep = (GivenKeep){.catalog = node->catalog,
                                   .site = node->site,
                                   .archive = node->archive,
                                   .desk = node->households,
                                   .told = given_notice_tell,
                                   .data = &node->api};
    open_cases(node);
    node->watchdog =
        watchdog_start(node->site, node->cameras, node->archive, node->events, &settings);
}

static void stand_back(void *data)
{
    thread_stand_back(CODER_NICE);
}

bool node_start(Node *node, GError **error)
{
    if (!node_open_archive(node, error))
        return false;
    node->api.coder = node->coder = pool_new("coder", 1);
    pool_run(node->coder, stand_back, NULL, 0);
    LiveSource source = live_socket_source(&node->api);
    source.transcodings_most = node->config->live.transcodings;
    node->live = live_new(&source, LWS_PRE);
    masks_listen(node->masks, on_masks, node);
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        node->recorded[kind] =
            g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, (GDestroyNotify)hub_unref);
    events_listen(node->events, on_event, node);
    node->cameras = cameras_new(0);
    node->devices = onvif_devices_new(device_record_keep, node->catalog);
    node->told = onvif_events_new(node->devices, node->events);
    cameras_watch(node->cameras, on_camera_state, node);
    open_eye(node);
    g_autoptr(GPtrArray) rows = site_camera_list(node->site);
    for (guint i = 0; i < rows->len; i++)
        apply_camera(node, g_ptr_array_index(rows, i));
    node->api.cameras = node->cameras;
    node->api.devices = node->devices;
    node->api.steering = node->steering;
    node->api.live = node->live;
    node->api.eye = node->eye;
    node->api.motion = node->motion;
    node->api.views = node->views;
    open_exports(node);
    start_telling(node);
    open_packages(node);
    return true;
}

void node_close(Node *node)
{
    watchdog_stop(node->watchdog);      /* before what it watches stops by our own will */
    pool_free(node->pool);              /* its jobs answer requests: they need all that follows */
    pool_free(node->coder);             /* and this one's */
    package_desk_close(node->packages); /* before its cases */
    household_desk_free(node->households);
    case_desk_free(node->cases);
    public_page_free(node->api.public_page);
    report_desk_free(node->reports);
    exports_close(node->exports);  /* before what it reads */
    eye_free(node->eye);           /* before what its analysers tell */
    steering_free(node->steering); /* before whom it tells */
    motion_watch_free(node->motion_watch);
    views_free(node->views);
    motion_store_free(node->motion);
    onvif_events_free(node->told);
    onvif_devices_free(node->devices);
    cameras_free(node->cameras); /* hubs close; what was published is still written */
    thumbnails_free(node->thumbnails);
    archive_close(node->archive);
    live_free(node->live);
    for (int kind = 0; kind < STREAM_KINDS; kind++)
        g_clear_pointer(&node->recorded[kind], g_hash_table_unref);
    events_close(node->events);
    push_free(node->push);
    notify_free(node->notify);
    duty_free(node->duty);
    people_free(node->people);
    grants_free(node->grants);
    audit_close(node->audit);
    node_key_free(node->key);
    masks_free(node->masks);
    site_free(node->site);
    catalog_close(node->catalog);
    config_free(node->config);
    data_folder_close(node->folder);
    *node = (Node){0};
}
