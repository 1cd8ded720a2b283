/* The ids that a volume bears, for who only reads it. */
#include "archive/volume.h"
#include "base/file.h"
#include "base/json.h"

enum { VOLUME_FILE_MOST_BYTES = 64 << 10 };

bool volume_read_ids(const char *folder, Uuid *volume, Uuid *node, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "volume.json", NULL);
    size_t size = 0;
    g_autofree char *text = file_read(path, VOLUME_FILE_MOST_BYTES, &size, error);
    g_autoptr(Json) json = text ? json_parse(text, size, error) : NULL;
    const char *name = NULL, *owner = NULL;
    int64_t format = 0;
    if (!json || !json_get_text(json, "volume", &name, error) ||
        !json_get_text(json, "node", &owner, error) ||
        !json_get_int(json, "format", &format, error))
        return false;
    if (format != 1)
        return err_set(error, ERR_VERSION, "%s: format %" G_GINT64_FORMAT " is not known here",
                       path, format);
    *node = (Uuid){0};
    if (owner)
        uuid_parse(owner, node);
    return (name && uuid_parse(name, volume)) ||
           err_set(error, ERR_CORRUPT, "%s names no volume", path);
}
