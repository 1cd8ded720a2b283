/* The photo of what a household's camera sees: one each, taken by whoever entered it. */
#include "household/household_desk_state.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *path_of(const HouseholdDesk *desk, const Uuid *id, const uint8_t sha256[SHA256_BYTES])
{
    char digest[SHA256_HEX];
    g_autofree char *folder = household_folder_of(desk, id);
    hex_encode(sha256, SHA256_BYTES, digest);
    g_autofree char *name = g_strconcat(HOUSEHOLD_VIEW_PREFIX, digest, NULL);
    return g_build_filename(folder, name, NULL);
}

void household_drop_photo(const HouseholdDesk *desk, const HouseholdRow *row)
{
    if (!row || !*row->photo_type)
        return;
    g_autofree char *path = path_of(desk, &row->id, row->photo_sha256);
    unlink(path);
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Keeping {
    const Uuid *id;
    const HouseholdUpload *upload;
    const char *type;
    HouseholdRow *before;
} Keeping;

static bool write_photo(CatalogDb *db, void *data, GError **error)
{
    Keeping *keeping = data;
    g_clear_pointer(&keeping->before, household_row_free);
    keeping->before = households_get(db, keeping->id, error);
    g_autoptr(HouseholdRow) row = keeping->before ? households_get(db, keeping->id, error) : NULL;
    if (!row)
        return false;
    if (household_is_revoked(row))
        return err_set(error, ERR_INVALID, "this household is no longer in the register");
    g_strlcpy(row->photo_type, keeping->type, sizeof row->photo_type);
    row->photo_bytes = keeping->upload->bytes;
    memcpy(row->photo_sha256, keeping->upload->sha256, SHA256_BYTES);
    return households_put(db, row, error);
}

static const char *type_of(const HouseholdUpload *upload, GError **error)
{
    FileKind kind = file_kind(upload->first, upload->first_bytes);
    if (kind == FILE_UNKNOWN || file_kind_is_video(kind)) {
        err_set(error, ERR_UNSUPPORTED, "only a picture (JPEG, PNG, WebP) is taken");
        return NULL;
    }
    if (upload->bytes > HOUSEHOLD_PHOTO_BYTES_MOST) {
        err_set(error, ERR_INVALID, "a picture may have at most 8 MiB");
        return NULL;
    }
    return file_kind_type(kind);
}

static bool move(const char *from, const char *to, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(to);
    return folder_make(folder, error) &&
           (rename(from, to) == 0 ||
            err_errno(error, errno, "a picture cannot be put at %s", to)) &&
           folder_sync(folder, error);
}

bool household_desk_keep_photo(HouseholdDesk *desk, const Uuid *id, const HouseholdUpload *upload,
                               GError **error)
{
    const char *type = type_of(upload, error);
    if (!type)
        return false;
    g_autofree char *path = path_of(desk, id, upload->sha256);
    if (!move(upload->path, path, error))
        return false;
    Keeping keeping = {.id = id, .upload = upload, .type = type};
    bool kept = catalog_write_wait(desk->catalog, write_photo, &keeping, error);
    g_autoptr(HouseholdRow) before = keeping.before;
    bool same = before && memcmp(before->photo_sha256, upload->sha256, SHA256_BYTES) == 0;
    if (kept && !same)
        household_drop_photo(desk, before);
    if (!kept && !same)
        unlink(path);
    return kept;
}

int household_desk_open_photo(HouseholdDesk *desk, const HouseholdRow *row, GError **error)
{
    g_autofree char *path = path_of(desk, &row->id, row->photo_sha256);
    int fd = *row->photo_type ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd < 0)
        err_set(error, ERR_NOT_FOUND, "there is no photo of this view");
    return fd;
}
