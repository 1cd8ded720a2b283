/* What a rule of retention would do, told before it is set; what holds keep. */
#include "archive/keeper.h"
#include "archive/retention.h"
#include "archive/store.h"
#include "base/clock.h"
#include "catalog/cameras.h"
#include "catalog/segments.h"

typedef struct Rule {
    int64_t days, bytes; /* 0 bytes: no bound */
} Rule;

/* Of one camera: bytes until `to_us` that holds keep. A segment under two holds counts once. */
static bool held_bytes(CatalogDb *db, const GArray *holds, const Uuid *camera, int64_t to_us,
                       int64_t *bytes, GError **error)
{
    *bytes = 0;
    for (guint i = 0; i < holds->len; i++) {
        const Hold *hold = &g_array_index(holds, Hold, i);
        if (!uuid_equal(&hold->camera, camera))
            continue;
        GArray before = {.data = holds->data, .len = i};
        for (int kind = 0; kind < STREAM_KINDS; kind++) {
            g_autoptr(GPtrArray) rows = segments_in(db, camera, (StreamKind)kind, hold->from_us,
                                                    MIN(hold->to_us, to_us), 0, error);
            if (!rows)
                return false;
            for (guint r = 0; r < rows->len; r++) {
                const SegmentRow *row = g_ptr_array_index(rows, r);
                if (row->to_us <= to_us && !holds_cover(&before, camera, row->from_us, row->to_us))
                    *bytes += row->bytes;
            }
        }
    }
    return true;
}

/* How many days of footage the rule lets a camera have that brings `day_bytes` a day. */
static int64_t days_of(const Rule *rule, int64_t day_bytes)
{
    return rule->bytes && day_bytes ? MIN(rule->days, rule->bytes / day_bytes) : rule->days;
}

/* Bytes that came in the newest day, made up to a whole one where there is less. */
static bool day_bytes_of(CatalogDb *db, const Uuid *camera, int64_t now_us, int64_t *bytes,
                         GError **error)
{
    SegmentSums day;
    if (!segments_sums(db, camera, now_us - DAY_US, INT64_MAX, &day, error))
        return false;
    int64_t span_us = day.oldest_us ? now_us - day.oldest_us : 0;
    *bytes = span_us <= 0 ? 0 : (int64_t)((double)day.bytes * (double)DAY_US / (double)span_us);
    return true;
}

/* What there is of the camera, from kept sums and the index: nothing is read through. */
static bool footage_of(CatalogDb *db, const GArray *usage, const Uuid *camera, SegmentSums *all,
                       GError **error)
{
    *all = (SegmentSums){0};
    for (guint i = 0; i < usage->len; i++) {
        const SegmentUsage *one = &g_array_index(usage, SegmentUsage, i);
        if (!uuid_equal(&one->camera, camera))
            continue;
        g_autoptr(GPtrArray) rows =
            segments_oldest(db, camera, one->stream, &one->volume, INT64_MIN, 1, error);
        if (!rows)
            return false;
        int64_t from_us = rows->len ? ((const SegmentRow *)g_ptr_array_index(rows, 0))->from_us : 0;
        all->bytes += one->bytes;
        if (from_us && (!all->oldest_us || from_us < all->oldest_us))
            all->oldest_us = from_us;
    }
    return true;
}

static bool add_camera(RetentionEffect *effect, CatalogDb *db, const GArray *usage,
                       const GArray *holds, const CameraRow *camera, const Rule *rule,
                       int64_t now_us, GError **error)
{
    int64_t old_us = now_us - rule->days * DAY_US, old_held, held, day_bytes;
    SegmentSums all, old;
    if (!footage_of(db, usage, &camera->id, &all, error) ||
        !segments_sums(db, &camera->id, 0, old_us, &old, error) ||
        !held_bytes(db, holds, &camera->id, old_us, &old_held, error) ||
        !held_bytes(db, holds, &camera->id, INT64_MAX, &held, error) ||
        !day_bytes_of(db, &camera->id, now_us, &day_bytes, error))
        return false;
    int64_t by_age = old.bytes - old_held, left = all.bytes - by_age;
    int64_t over = rule->bytes ? MAX(left - rule->bytes, 0) : 0;
    int64_t by_bytes = MIN(over, MAX(left - held, 0));
    effect->footage_bytes += all.bytes;
    if (all.oldest_us && (!effect->oldest_us || all.oldest_us < effect->oldest_us))
        effect->oldest_us = all.oldest_us;
    effect->day_bytes += day_bytes;
    effect->deletes_bytes += by_age + by_bytes;
    effect->held_bytes += old_held + (over - by_bytes);
    effect->rule_days = MIN(effect->rule_days, days_of(rule, day_bytes));
    return true;
}

/* A camera's own rule comes before the site's. */
static Rule rule_of(const CameraRow *camera, const Rule *asked, bool of_site)
{
    if (!of_site)
        return *asked;
    return (Rule){camera->retention_days ? camera->retention_days : asked->days,
                  camera->retention_bytes ? camera->retention_bytes : asked->bytes};
}

/* Bytes that footage may still take on all disks. */
static int64_t free_for_footage(const Archive *archive)
{
    int64_t room = 0;
    for (unsigned i = 0; i < archive->store_count; i++) {
        const Store *store = archive->stores[i];
        room += atomic_load(&store->free_bytes) - atomic_load(&store->floor_bytes);
    }
    return room;
}

/* The disks are shared: what all cameras bring in a day fills them. */
static void tell_room(Archive *archive, int64_t footage_bytes, int64_t day_bytes,
                      RetentionEffect *effect)
{
    for (unsigned i = 0; i < archive->store_count; i++) {
        effect->free_bytes += atomic_load(&archive->stores[i]->free_bytes);
        effect->total_bytes += atomic_load(&archive->stores[i]->total_bytes);
    }
    int64_t room = MAX(footage_bytes + free_for_footage(archive), 0);
    effect->room_days = day_bytes ? room / day_bytes : -1;
}

bool archive_retention_effect(Archive *archive, const Uuid *camera, int64_t days, int64_t bytes,
                              RetentionEffect *effect, GError **error)
{
    const Rule asked = {days, bytes};
    const int64_t now_us = clock_now_us();
    g_autoptr(GArray) holds =
        holds_load(archive->data_path, due_time_of_holds_us(archive->due), error);
    g_autoptr(CatalogDb) db = holds ? catalog_read(archive->catalog, error) : NULL;
    g_autoptr(GArray) usage = db ? segments_usage(db, error) : NULL;
    g_autoptr(GPtrArray) cameras = usage ? cameras_list(db, error) : NULL;
    if (!cameras)
        return false;
    RetentionEffect all = {.rule_days = days}, its = {.rule_days = days};
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *row = g_ptr_array_index(cameras, i);
        bool is_it = camera && uuid_equal(&row->id, camera);
        const Rule rule = rule_of(row, &asked, !is_it);
        int64_t rule_days = all.rule_days;
        if (!add_camera(is_it ? &its : &all, db, usage, holds, row, &rule, now_us, error))
            return false;
        if (!is_it && (row->retention_days || row->retention_bytes))
            all.rule_days = rule_days; /* the asked rule says nothing of it */
    }
    *effect = camera ? its : all;
    tell_room(archive, all.footage_bytes + its.footage_bytes, all.day_bytes + its.day_bytes,
              effect);
    return true;
}

bool archive_held(Archive *archive, ArchiveHeld *held, GError **error)
{
    ArchiveHeld all = {.room_bytes = free_for_footage(archive)};
    g_autoptr(GArray) holds =
        holds_load(archive->data_path, due_time_of_holds_us(archive->due), error);
    g_autoptr(CatalogDb) db = holds ? catalog_read(archive->catalog, error) : NULL;
    g_autoptr(GArray) usage = db ? segments_usage(db, error) : NULL;
    g_autoptr(GPtrArray) cameras = usage ? cameras_list(db, error) : NULL;
    if (!cameras)
        return false;
    for (guint i = 0; i < usage->len; i++)
        all.room_bytes += g_array_index(usage, SegmentUsage, i).bytes;
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *camera = g_ptr_array_index(cameras, i);
        int64_t bytes;
        if (!held_bytes(db, holds, &camera->id, INT64_MAX, &bytes, error))
            return false;
        all.held_bytes += bytes;
    }
    atomic_store(&archive->held_bytes, all.held_bytes);
    *held = all;
    return true;
}
