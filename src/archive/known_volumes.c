#include "archive/known_volumes.h"

#include "base/file.h"
#include "base/json.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { KNOWN_FORMAT = 1, KNOWN_FILE_MOST = 1 << 20 };

/* Between reading the file and writing it anew: sync threads of several volumes may meet here, each
 * once in the life of its volume. */
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

static char *known_path(const char *data_path)
{
    return g_build_filename(data_path, "volumes.json", NULL);
}

bool known_volumes_kept(const char *data_path)
{
    g_autofree char *path = known_path(data_path);
    return access(path, F_OK) == 0;
}

/* Returns owned, empty when there is no file yet; NULL on error. */
static Json *known_read(const char *data_path, GError **error)
{
    size_t size = 0;
    int64_t format = 0;
    g_autofree char *path = known_path(data_path);
    if (!known_volumes_kept(data_path))
        return json_pack("{s:i, s:{}}", "format", KNOWN_FORMAT, "volumes");
    g_autofree char *text = file_read(path, KNOWN_FILE_MOST, &size, error);
    if (!text)
        return NULL;
    g_autoptr(Json) known = json_parse(text, size, NULL);
    if (known && json_get_int(known, "format", &format, NULL) && format == KNOWN_FORMAT &&
        json_is_object(json_object_get(known, "volumes")))
        return g_steal_pointer(&known);
    err_set(error, ERR_CORRUPT,
            "%s is damaged: mount all disks of the footage, delete it, and start again; it is made "
            "anew from them",
            path);
    return NULL;
}

bool known_volume_find(const char *data_path, const char *folder, Uuid *id, GError **error)
{
    *id = (Uuid){{0}};
    g_autoptr(Json) known = known_read(data_path, error);
    if (!known)
        return false;
    const Json *text = json_object_get(json_object_get(known, "volumes"), folder);
    return !text || (json_is_string(text) && uuid_parse(json_string_value(text), id)) ||
           err_set(error, ERR_CORRUPT, "volumes.json: what stands for %s is no UUID", folder);
}

static bool put(const char *data_path, const char *folder, const Uuid *id, GError **error)
{
    char text[UUID_TEXT];
    g_autoptr(Json) known = known_read(data_path, error);
    if (!known)
        return false;
    json_object_set_new(json_object_get(known, "volumes"), folder,
                        json_string(uuid_text(id, text)));
    g_autofree char *content = json_lines(known), *path = known_path(data_path);
    return file_write_atomic(path, content, strlen(content), 0640, error);
}

bool known_volume_put(const char *data_path, const char *folder, const Uuid *id, GError **error)
{
    pthread_mutex_lock(&writing);
    bool written = put(data_path, folder, id, error);
    pthread_mutex_unlock(&writing);
    return written;
}
