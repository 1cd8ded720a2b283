#include "archive/retention.h"

#include "base/json.h"
#include "ledger/chain.h"

#include <string.h>

typedef struct HoldsReading {
    GArray *holds;        /* Hold, those that were released as well */
    GHashTable *released; /* id, owned -> how many holds there were by then */
    int64_t now_us;
    GError *error;
} HoldsReading;

static bool take_line(HoldsReading *reading, const ChainLine *line, GError **error)
{
    g_autoptr(Json) json = json_parse(line->text, line->size, error);
    const char *id = NULL, *camera = NULL, *basis = "";
    Hold hold = {.from_us = INT64_MIN, .to_us = INT64_MAX, .until_us = INT64_MAX};
    if (!json || !json_get_text(json, "id", &id, error))
        return false;
    if (id && strcmp(line->head.type, "release") == 0) {
        g_hash_table_replace(reading->released, g_strdup(id),
                             GUINT_TO_POINTER(reading->holds->len));
        return true;
    }
    if (!json_get_text(json, "camera", &camera, error) ||
        !json_get_int(json, "from_us", &hold.from_us, error) ||
        !json_get_int(json, "to_us", &hold.to_us, error) ||
        !json_get_int(json, "until_us", &hold.until_us, error) ||
        !json_get_text(json, "basis", &basis, error))
        return false;
    if (strcmp(line->head.type, "hold") != 0 || !id || !camera ||
        !uuid_parse(camera, &hold.camera) || hold.from_us == INT64_MIN || hold.to_us == INT64_MAX)
        return err_set(error, ERR_CORRUPT, "%s:%u is no hold that this program understands",
                       line->path, line->number);
    g_strlcpy(hold.id, id, sizeof hold.id);
    g_strlcpy(hold.basis, basis, sizeof hold.basis);
    if (hold.until_us > reading->now_us)
        g_array_append_val(reading->holds, hold);
    return true;
}

static bool visit_line(void *data, const ChainLine *line)
{
    HoldsReading *reading = data;
    return take_line(reading, line, &reading->error);
}

/* A release ends what was held under its id by then, in one pass over all: there may be many. */
static GArray *without_released(const HoldsReading *reading)
{
    GArray *holds = reading->holds;
    guint kept = 0;
    for (guint i = 0; i < holds->len; i++) {
        const Hold hold = g_array_index(holds, Hold, i);
        if (i >= GPOINTER_TO_UINT(g_hash_table_lookup(reading->released, hold.id)))
            g_array_index(holds, Hold, kept++) = hold;
    }
    return g_array_set_size(holds, kept);
}

GArray *holds_load(const char *data_path, int64_t now_us, GError **error)
{
    g_autofree char *path = g_build_filename(data_path, "ledger", "holds.jsonl", NULL);
    g_autoptr(GHashTable) released = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    HoldsReading reading = {g_array_new(FALSE, FALSE, sizeof(Hold)), released, now_us, NULL};
    bool read = chain_each(path, 0, visit_line, &reading, error);
    if (read && !reading.error)
        return without_released(&reading);
    if (reading.error && read)
        g_propagate_error(error, reading.error);
    else
        g_clear_error(&reading.error);
    g_array_unref(reading.holds);
    return NULL;
}

bool holds_cover(const GArray *holds, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    for (guint i = 0; i < holds->len; i++) {
        const Hold *hold = &g_array_index(holds, Hold, i);
        if (uuid_equal(&hold->camera, camera) && hold->from_us < to_us && hold->to_us > from_us)
            return true;
    }
    return false;
}
