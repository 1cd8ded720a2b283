#include "commune.h"

#include "base/file.h"
#include "camera.h"

static const size_t FILE_MOST_BYTES = 4 << 20;

static bool name_one(GPtrArray *cameras, const Json *entry, GError **error)
{
    const char *sim = NULL, *name = NULL;
    if (!json_get_text(entry, "sim", &sim, error) || !json_get_text(entry, "name", &name, error))
        return false;
    if (!sim || !name)
        return err_set(error, ERR_INVALID, "a camera without ‘sim’ or ‘name’");
    Camera *camera = camera_find(cameras, sim);
    if (camera) {
        g_free(camera->place);
        camera->place = g_strdup(name);
    }
    return true;
}

bool commune_name(GPtrArray *cameras, const char *file, GError **error)
{
    size_t size = 0;
    g_autofree char *text = file_read(file, FILE_MOST_BYTES, &size, error);
    g_autoptr(Json) commune = text ? json_parse(text, size, error) : NULL;
    bool ok = commune != NULL;
    size_t index;
    Json *entry;
    json_array_foreach(json_object_get(commune, "cameras"), index, entry) ok =
        ok && name_one(cameras, entry, error);
    if (!ok)
        g_prefix_error(error, "--commune ‘%s’: ", file);
    return ok;
}
