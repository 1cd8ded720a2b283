#include "archive/volume.h"

#include "base/file.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { VOLUME_FORMAT = 1, VOLUME_JSON_MOST = 4096 };

void volume_init(Volume *volume, const char *path, const Uuid *id, const Uuid *node)
{
    *volume = (Volume){.path = g_strdup(path), .id = *id, .node = *node, .root_fd = -1};
    atomic_init(&volume->present, false);
}

void volume_clear(Volume *volume)
{
    fd_clear(&volume->root_fd);
    g_clear_pointer(&volume->path, g_free);
}

static bool make_volume(Volume *volume, const char *path, GError **error)
{
    char id[UUID_TEXT], node[UUID_TEXT];
    Uuid fresh = uuid_new();
    g_autofree char *text =
        g_strdup_printf("{\"format\":%d,\"volume\":\"%s\",\"node\":\"%s\"}\n", VOLUME_FORMAT,
                        uuid_text(&fresh, id), uuid_text(&volume->node, node));
    return folder_make(volume->path, error) &&
           file_write_atomic(path, text, strlen(text), 0640, error);
}

static bool read_ids(const char *path, const char *data, size_t size, Uuid *id, Uuid *node,
                     GError **error)
{
    g_autoptr(Json) json = json_parse(data, size, error);
    const char *id_text = NULL, *node_text = NULL;
    int64_t format = 0;
    if (!json || !json_get_int(json, "format", &format, error) ||
        !json_get_text(json, "volume", &id_text, error) ||
        !json_get_text(json, "node", &node_text, error)) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    if (format > VOLUME_FORMAT)
        return err_set(
            error, ERR_VERSION,
            "%s has format %d, this vonglau knows formats up to %d: install the newer vonglau "
            "that made it",
            path, (int)format, VOLUME_FORMAT);
    if (format != VOLUME_FORMAT || !id_text || !uuid_parse(id_text, id) || !node_text ||
        !uuid_parse(node_text, node))
        return err_set(error, ERR_CORRUPT, "%s is damaged; nothing is written to this volume",
                       path);
    return true;
}

static bool accept(Volume *volume, const char *path, GError **error)
{
    size_t size;
    g_autofree char *data = file_read(path, VOLUME_JSON_MOST, &size, error);
    Uuid id, node;
    if (!data || !read_ids(path, data, size, &id, &node, error))
        return false;
    if (!uuid_equal(&node, &volume->node))
        return err_set(
            error, ERR_CORRUPT,
            "%s is a volume of another node, and nothing is written to it: mount this node's own "
            "disk there, or name another folder as storage.footage in the configuration",
            path);
    if (!uuid_is_nil(&volume->id) && !uuid_equal(&id, &volume->id))
        return err_set(error, ERR_CORRUPT,
                       "%s is another volume of this node than the one used so far", path);
    if (uuid_is_nil(&volume->id))
        volume->id = id; /* before `present`: whoever sees that may read this */
    return true;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool check(Volume *volume, GError **error)
{
    g_autofree char *path = g_build_filename(volume->path, "volume.json", NULL);
    struct stat facts;
    if (stat(path, &facts) < 0) {
        if (errno == ENOENT && (volume->may_be_used || !uuid_is_nil(&volume->id)))
            return err_set(error, ERR_NOT_FOUND,
                           "%s is missing: mount the disk; if it is gone for good, stop the server "
                           "and take its line out of volumes.json in the data folder",
                           path);
        if (errno != ENOENT)
            return err_errno(error, errno, "volume %s", path);
        if (!make_volume(volume, path, error))
            return false;
        if (stat(path, &facts) < 0)
            return err_errno(error, errno, "volume %s", path);
    }
    if (volume->root_fd >= 0 && same_file(&facts, &volume->seen))
        return true;
    fd_clear(&volume->root_fd);
    if (!accept(volume, path, error))
        return false;
    volume->root_fd = open(volume->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (volume->root_fd < 0)
        return err_errno(error, errno, "volume %s", volume->path);
    volume->seen = facts;
    return true;
}

bool volume_check(Volume *volume, GError **error)
{
    bool present = check(volume, error);
    if (!present)
        fd_clear(&volume->root_fd);
    atomic_store(&volume->present, present);
    return present;
}

bool volume_space(const Volume *volume, int64_t *free_bytes, int64_t *total_bytes)
{
    struct statvfs facts;
    if (statvfs(volume->path, &facts) < 0)
        return false;
    *free_bytes = (int64_t)(facts.f_bavail * facts.f_frsize);
    *total_bytes = (int64_t)(facts.f_blocks * facts.f_frsize);
    return true;
}
