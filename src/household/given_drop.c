#include "household/given_drop.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "household/footage_given.h"
#include "household/given_finish.h"
#include "household/household_desk_state.h"

#include <errno.h>
#include <unistd.h>

int64_t given_half_until_us(const HouseholdRequestRow *request, const HouseholdFileRow *file)
{
    return MIN(file->piece_us + GIVEN_SILENT_US, request->deadline_us + GIVEN_LATE_US);
}

bool given_delete(const HouseholdDesk *desk, const Uuid *household, const Uuid *id, GError **error)
{
    g_autofree char *path = given_path(desk, household, id), *folder = g_path_get_dirname(path);
    if (unlink(path) == 0)
        return folder_sync(folder, error);
    return errno == ENOENT || err_errno(error, errno, "what was given cannot be deleted");
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Dropping {
    const Uuid *id;
    const int64_t *stale_at_us; /* only if it did not become whole by then; NULL: whatever it is */
    bool half;
    int64_t now_us, ref;
} Dropping;

/* A piece may have come since it was found. */
static bool find_stale(CatalogDb *db, Dropping *dropping, GError **error)
{
    const int64_t *at_us = dropping->stale_at_us;
    return !at_us || household_files_is_stale(db, dropping->id, *at_us - GIVEN_SILENT_US,
                                              *at_us - GIVEN_LATE_US, &dropping->half, error);
}

static bool write_dropping(CatalogDb *db, void *data, GError **error)
{
    Dropping *dropping = data;
    HouseholdFileRow row;
    Uuid household, request;
    g_autofree char *number = NULL;
    g_autoptr(GError) missing = NULL;
    dropping->half = true;
    dropping->ref = 0;
    if (!household_files_get(db, dropping->id, &row, &household, &request, &number, &missing)) {
        if (g_error_matches(missing, ERR, ERR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    dropping->half = !row.done_us;
    dropping->ref = row.ref;
    if (!find_stale(db, dropping, error))
        return false;
    if (!dropping->half || row.withdrawn_us)
        return true;
    row.withdrawn_us = dropping->now_us;
    return household_files_put(db, &row, error);
}

static bool write_dropped(CatalogDb *db, void *data, GError **error)
{
    return household_files_remove(db, ((const Dropping *)data)->ref, error);
}

static bool drop(HouseholdDesk *desk, const Uuid *household, Dropping *dropping, GError **error)
{
    if (!catalog_write_wait(desk->catalog, write_dropping, dropping, error))
        return false;
    return !dropping->half || (given_delete(desk, household, dropping->id, error) &&
                               catalog_write_wait(desk->catalog, write_dropped, dropping, error));
}

bool given_drop(HouseholdDesk *desk, const Uuid *household, const Uuid *id, GError **error)
{
    Dropping dropping = {.id = id, .now_us = clock_now_us()};
    return drop(desk, household, &dropping, error);
}

bool given_drop_one_stale(HouseholdDesk *desk, const Uuid *household, const Uuid *id,
                          int64_t now_us, GError **error)
{
    char text[UUID_TEXT];
    bool stays;
    Dropping dropping = {.id = id, .stale_at_us = &now_us, .now_us = clock_now_us()};
    if (!given_finish(desk, household, id, &stays, error))
        return false;
    if (stays)
        return true;
    if (!drop(desk, household, &dropping, error))
        return false;
    if (dropping.half)
        log_info("household.half", "file=%s", uuid_text(id, text));
    return true;
}

bool given_drop_stale(HouseholdDesk *desk, int64_t now_us, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GArray) rows =
        db ? household_files_stale(db, now_us - GIVEN_SILENT_US, now_us - GIVEN_LATE_US, error)
           : NULL;
    if (!rows)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    bool all = true;
    for (guint i = 0; i < rows->len; i++) {
        const HouseholdAgedRow *row = &g_array_index(rows, HouseholdAgedRow, i);
        all = given_drop_one_stale(desk, &row->household, &row->id, now_us, all ? error : NULL) &&
              all;
    }
    return all;
}
