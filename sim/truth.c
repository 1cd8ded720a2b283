#include "truth.h"

#include "base/bytes.h"
#include "base/file.h"
#include "parameter_sets.h"

#include <string.h>

static const uint8_t START[] = {0, 0, 0, 1};

/* Lengths before the NAL units become start codes; key pictures bring their parameter sets. */
static void put_unit(ByteWriter *to, const Clip *clip, const ClipUnit *unit)
{
    ByteReader from = byte_reader(clip_bytes(clip, unit), unit->size);
    while (byte_reader_left(&from) > 0 && !from.failed) {
        const uint32_t size = read_u32(&from);
        const uint8_t *nal = read_bytes(&from, size);
        if (!nal)
            return;
        write_bytes(to, START, sizeof START);
        write_bytes(to, nal, size);
    }
}

static bool write_stream(const Scene *scene, const char *folder, GError **error)
{
    const Clip *clip = scene->clips[RENDITION_SUB];
    g_auto(ByteWriter) stream = {0};
    for (uint32_t i = 0; i < clip_count(clip); i++)
        put_unit(&stream, clip, clip_unit(clip, i));
    g_autofree char *path = g_strdup_printf("%s/%s.h264", folder, scene->name);
    return file_write_atomic(path, stream.data, stream.size, 0640, error);
}

static bool write_cover(const Scene *scene, const char *folder, GError **error)
{
    Json *seconds = json_array();
    for (int second = 0; second < (int)scene->kind->pictures / FPS; second++)
        json_array_append_new(seconds, scene->kind->cover(second));
    g_autoptr(Json) truth = json_pack("{s:s, s:i, s:i, s:o}", "scene", scene->name, "columns", 32,
                                      "rows", 18, "seconds", seconds);
    g_autofree char *line = json_line(truth);
    g_autofree char *path = g_strdup_printf("%s/%s.json", folder, scene->name);
    return file_write_atomic(path, line, strlen(line), 0640, error);
}

bool truth_write(GPtrArray *scenes, const char *folder, GError **error)
{
    if (!folder_make(folder, error))
        return false;
    for (guint i = 0; i < scenes->len; i++) {
        const Scene *scene = g_ptr_array_index(scenes, i);
        if (scene->kind->cover && scene->clips[RENDITION_SUB] &&
            (!write_stream(scene, folder, error) || !write_cover(scene, folder, error)))
            return false;
    }
    return true;
}
