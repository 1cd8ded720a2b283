#include "household/given_room.h"

#include "base/file.h"
#include "household/household_desk_state.h"

#include <errno.h>
#include <sys/statvfs.h>

static const struct {
    ErrCode code;
    const char *message;
} refusals[] = {
    [GIVEN_REFUSED_LARGE] = {ERR_INVALID, "at most 2 GiB are taken: bring it on a stick"},
    [GIVEN_REFUSED_MANY] = {ERR_INVALID, "at most 20 files are taken: take one back first"},
    [GIVEN_REFUSED_ALL] = {ERR_FULL, "what is kept of households is full: bring it on a stick"},
    [GIVEN_REFUSED_DISK] = {ERR_FULL, "the disk of the server is full: try later"},
    [GIVEN_REFUSED_KIND] = {ERR_UNSUPPORTED, "only films (MP4, MOV, WebM) and pictures (JPEG, PNG, "
                                             "WebP) are taken"},
    [GIVEN_REFUSED_GONE] = {ERR_NOT_FOUND, "of this file nothing is there: begin it anew"},
};

GivenRefusal given_refuse(GivenRefusal refusal, GError **error)
{
    err_set(error, refusals[refusal].code, "%s", refusals[refusal].message);
    return refusal;
}

bool given_counts(const HouseholdFileRow *file)
{
    return (!file->withdrawn_us && !file->expired_us) || file->evidence_us;
}

int64_t given_room(const HouseholdAskRow *ask)
{
    int64_t room = GIVEN_BYTES_MOST;
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *file = &g_array_index(ask->files, HouseholdFileRow, i);
        if (given_counts(file))
            room -= file->room;
    }
    return MAX(room, 0);
}

bool given_free_bytes(const HouseholdDesk *desk, int64_t *bytes, GError **error)
{
    struct statvfs facts;
    if (!folder_make(desk->folder, error))
        return false;
    if (statvfs(desk->folder, &facts) != 0)
        return err_errno(error, errno, "%s cannot be looked at", desk->folder);
    *bytes = (int64_t)facts.f_bavail * (int64_t)facts.f_frsize;
    return true;
}

/* What is left for files besides what is set aside, by each bound. */
typedef struct Left {
    int64_t own, all, disk;
} Left;

static bool read_left(CatalogDb *db, const HouseholdAskRow *ask, int64_t free_bytes, Left *left,
                      GError **error)
{
    HouseholdRoom taken;
    if (!household_files_room(db, &taken, error))
        return false;
    *left = (Left){.own = given_room(ask),
                   .all = GIVEN_ALL_BYTES_MOST - taken.bytes,
                   .disk = free_bytes - taken.ahead - GIVEN_ROOM_LEAST};
    return true;
}

static GivenRefusal lacking(const Left *left, int64_t bytes)
{
    return bytes > left->own    ? GIVEN_REFUSED_LARGE
           : bytes > left->all  ? GIVEN_REFUSED_ALL
           : bytes > left->disk ? GIVEN_REFUSED_DISK
                                : GIVEN_FINE;
}

static bool too_many(const HouseholdAskRow *ask)
{
    guint files = 0;
    for (guint i = 0; i < ask->files->len; i++)
        files += given_counts(&g_array_index(ask->files, HouseholdFileRow, i));
    return files >= GIVEN_FILES_MOST || ask->files->len >= GIVEN_ROWS_MOST;
}

bool given_may_begin(CatalogDb *db, const HouseholdAskRow *ask, HouseholdFileRow *row,
                     int64_t free_bytes, GivenRefusal *refusal, GError **error)
{
    Left left;
    if (!read_left(db, ask, free_bytes, &left, error))
        return false;
    *refusal = too_many(ask) ? GIVEN_REFUSED_MANY : lacking(&left, row->bytes);
    if (*refusal)
        return given_refuse(*refusal, error) == GIVEN_FINE;
    row->room = MIN(row->bytes, GIVEN_AHEAD_BYTES);
    return true;
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Coming {
    const Uuid *ask;
    int64_t bytes, free_bytes;
    HouseholdFileRow *row;
    GivenRefusal *refusal;
} Coming;

static bool set_aside(CatalogDb *db, const HouseholdAskRow *ask, const Coming *coming,
                      GError **error)
{
    Left left;
    HouseholdFileRow *row = coming->row;
    int64_t more = row->got + coming->bytes - row->room;
    if (!read_left(db, ask, coming->free_bytes, &left, error))
        return false;
    *coming->refusal = lacking(&left, more);
    if (*coming->refusal)
        return given_refuse(*coming->refusal, error) == GIVEN_FINE;
    int64_t wanted = MIN(row->bytes - row->room, more + GIVEN_AHEAD_BYTES);
    row->room += MIN(wanted, MIN(left.own, MIN(left.all, left.disk)));
    return household_files_put(db, row, error);
}

static bool write_coming(CatalogDb *db, void *data, GError **error)
{
    const Coming *coming = data;
    Uuid household, request;
    g_autofree char *number = NULL;
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(HouseholdAskRow) ask = household_asks_get(db, coming->ask, &of, error);
    return ask &&
           household_files_get(db, &coming->row->id, coming->row, &household, &request, &number,
                               error) &&
           (coming->row->got + coming->bytes <= coming->row->room ||
            set_aside(db, ask, coming, error));
}

bool given_make_room(HouseholdDesk *desk, const Uuid *ask, int64_t bytes, HouseholdFileRow *row,
                     GivenRefusal *refusal, GError **error)
{
    Coming coming = {.ask = ask, .bytes = bytes, .row = row, .refusal = refusal};
    if (!given_free_bytes(desk, &coming.free_bytes, error))
        return false;
    if (coming.free_bytes - bytes < GIVEN_ROOM_LEAST) {
        *refusal = given_refuse(GIVEN_REFUSED_DISK, error);
        return false;
    }
    return row->got + bytes <= row->room ||
           catalog_write_wait(desk->catalog, write_coming, &coming, error);
}
