#include "archive/stores.h"

#include "archive/known_volumes.h"
#include "base/log.h"
#include "catalog/settings.h"

#define FLOOR_PART 50 /* of the disk … */
#define FLOOR_MOST_BYTES (INT64_C(10) << 30)

/* What catalogs of before volumes.json remember of the folder: of the only volume without its
 * folder's name. Of use until that file is there: a line taken out of it is to be forgotten. */
static bool id_of_old(Archive *archive, const char *path, const ArchiveSettings *settings, Uuid *id,
                      GError **error)
{
    bool alone = settings->more_count == 0;
    g_autofree char *name = g_strdup_printf(VOLUME_SETTING ":%s", path), *text = NULL;
    g_autoptr(CatalogDb) db = catalog_read(archive->catalog, error);
    if (!db || !settings_get(db, name, &text, error) ||
        (!text && alone && !settings_get(db, VOLUME_SETTING, &text, error)))
        return false;
    return !text || uuid_parse(text, id) ||
           err_set(error, ERR_CORRUPT, "the catalog's setting %s is no UUID: rebuild the catalog",
                   name);
}

bool store_remember_volume(Store *store, GError **error)
{
    if (!store->remembered)
        store->remembered = known_volume_put(store->archive->data_path, store->volume.path,
                                             &store->volume.id, error);
    return store->remembered;
}

/* At the start: that the list cannot be written, for want of room, keeps nobody from recording. The
 * sync thread tries again. */
static void remember(Store *store)
{
    g_autoptr(GError) error = NULL;
    if (!store_remember_volume(store, &error))
        log_error("archive.volume_not_remembered", "volume=%s error=\"%s\"", store->volume.path,
                  error->message);
}

bool store_note_space(Store *store)
{
    int64_t free_bytes, total_bytes, floor_bytes = MAX(store->floor_asked, 0);
    if (!atomic_load(&store->volume.present) ||
        !volume_space(&store->volume, &free_bytes, &total_bytes))
        return false;
    if (store->floor_asked == 0)
        floor_bytes = MIN(total_bytes / FLOOR_PART, FLOOR_MOST_BYTES);
    atomic_store(&store->free_bytes, free_bytes);
    atomic_store(&store->total_bytes, total_bytes);
    atomic_store(&store->floor_bytes, floor_bytes);
    return true;
}

static bool find_volume(Store *store, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    if (volume_check(&store->volume, &trouble)) {
        remember(store);
        return true;
    }
    if (g_error_matches(trouble, ERR, ERR_VERSION)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    atomic_store(&store->trouble, (int)GAP_VOLUME_MISSING);
    log_error("archive.volume_missing", "volume=%s error=\"%s\"", store->volume.path,
              trouble->message);
    return true;
}

static bool is_new_here(const Archive *archive, const Store *store, GError **error)
{
    for (unsigned i = 0; i < store->index; i++) {
        const Volume *other = &archive->stores[i]->volume;
        if (!uuid_is_nil(&other->id) && uuid_equal(&other->id, &store->volume.id))
            return err_set(error, ERR_INVALID, "%s and %s are the same volume: name it once",
                           other->path, store->volume.path);
    }
    return true;
}

static bool open_one(Archive *archive, const ArchiveSettings *settings, const char *path, bool old,
                     GError **error)
{
    Uuid id = {0};
    /* A damaged volumes.json keeps nobody from recording where a volume is; it is not written to
     * until somebody has looked. */
    g_autoptr(GError) damaged = NULL;
    if (!known_volume_find(archive->data_path, path, &id, &damaged))
        log_error("archive.volumes_unknown", "folder=%s error=\"%s\"", path, damaged->message);
    else if (uuid_is_nil(&id) && old && !id_of_old(archive, path, settings, &id, error))
        return false;
    Store *store = g_new0(Store, 1);
    store->archive = archive;
    store->index = archive->store_count;
    store->floor_asked = settings->floor_bytes;
    archive->stores[archive->store_count++] = store;
    volume_init(&store->volume, path, &id, &settings->node);
    store->volume.may_be_used = damaged != NULL;
    store->remembered = damaged || (!old && !uuid_is_nil(&id));
    if (old && !uuid_is_nil(&id))
        remember(store);
    store->journal = journal_open(path);
    if (!find_volume(store, error) || !is_new_here(archive, store, error))
        return false;
    store_note_space(store);
    return true;
}

bool stores_open(Archive *archive, const ArchiveSettings *settings, GError **error)
{
    g_autofree char *own = g_build_filename(settings->data_path, "footage", NULL);
    if (settings->more_count >= VOLUMES_MOST)
        return err_set(error, ERR_UNSUPPORTED, "%u volumes are named: %d is the most",
                       settings->more_count + 1, VOLUMES_MOST);
    bool old = !known_volumes_kept(archive->data_path);
    const char *first = settings->volume_path ? settings->volume_path : own;
    if (!open_one(archive, settings, first, old, error))
        return false;
    for (unsigned i = 0; i < settings->more_count; i++)
        if (!open_one(archive, settings, settings->more_paths[i], old, error))
            return false;
    return true;
}

void store_free(Store *store)
{
    journal_close(store->journal);
    volume_clear(&store->volume);
    g_free(store);
}

Store *archive_store_of(Archive *archive, const Uuid *volume)
{
    for (unsigned i = 0; i < archive->store_count; i++)
        if (uuid_equal(&archive->stores[i]->volume.id, volume))
            return archive->stores[i];
    return NULL;
}

GapCause archive_trouble(const Archive *archive)
{
    GapCause first = GAP_UNKNOWN;
    for (unsigned i = 0; i < archive->store_count; i++) {
        GapCause trouble =
            (GapCause)atomic_load_explicit(&archive->stores[i]->trouble, memory_order_relaxed);
        if (trouble == GAP_UNKNOWN)
            return GAP_UNKNOWN;
        first = first == GAP_UNKNOWN ? trouble : first;
    }
    return first;
}

bool archive_any_present(const Archive *archive)
{
    for (unsigned i = 0; i < archive->store_count; i++)
        if (atomic_load(&archive->stores[i]->volume.present))
            return true;
    return false;
}
