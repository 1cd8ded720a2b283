#include "household/household_left.h"

#include "base/file.h"
#include "base/log.h"
#include "catalog/household_files.h"
#include "household/footage_given.h"
#include "household/household_desk_state.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Taken back, thrown away or deleted by age, and no evidence. */
static bool is_gone(CatalogDb *db, const char *id)
{
    HouseholdFileRow row;
    Uuid file, household, request;
    g_autofree char *case_number = NULL;
    return uuid_parse(id, &file) &&
           household_files_get(db, &file, &row, &household, &request, &case_number, NULL) &&
           !given_counts(&row);
}

/* Another photo has taken its place, or they left the register. */
static bool is_no_view(CatalogDb *db, const Uuid *household, const char *digest)
{
    char hex[SHA256_HEX];
    g_autoptr(HouseholdRow) row = households_get(db, household, NULL);
    if (!row)
        return false;
    hex_encode(row->photo_sha256, SHA256_BYTES, hex);
    return !*row->photo_type || strcmp(hex, digest) != 0;
}

static void clear(const char *path, const char *name)
{
    if (unlink(path) == 0)
        log_info("household.left", "file=%s", name);
    else if (errno != ENOENT)
        log_error("household.left", "file=%s cause=\"%s\"", name, g_strerror(errno));
}

static void clear_folder(CatalogDb *db, HouseholdDesk *desk, const Uuid *household, bool views)
{
    g_autofree char *folder = household_folder_of(desk, household);
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename(folder, name, NULL);
        bool goes =
            (g_str_has_prefix(name, GIVEN_PREFIX) && is_gone(db, name + strlen(GIVEN_PREFIX))) ||
            (views && g_str_has_prefix(name, HOUSEHOLD_VIEW_PREFIX) &&
             is_no_view(db, household, name + strlen(HOUSEHOLD_VIEW_PREFIX)));
        if (goes)
            clear(path, name);
    }
}

static void clear_all(HouseholdDesk *desk, bool views)
{
    g_autoptr(GPtrArray) names = folder_names(desk->folder);
    for (guint i = 0; i < names->len; i++) {
        Uuid household;
        g_autoptr(CatalogDb) db = NULL;
        if (uuid_parse(names->pdata[i], &household) && (db = catalog_read(desk->catalog, NULL)))
            clear_folder(db, desk, &household, views);
    }
}

void household_clear_left(HouseholdDesk *desk)
{
    clear_all(desk, true);
}

void household_clear_given(HouseholdDesk *desk)
{
    clear_all(desk, false);
}
