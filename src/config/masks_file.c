/* masks_file.c — DATA/masks.json: the masks once more, beside the catalog. One that is lost is made
 * anew from a copy that may be an hour old, or from nothing; what nobody was to see would then be
 * shown. What the file has and the catalog does not is in force again. */
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "config/masks_state.h"

#include <string.h>
#include <unistd.h>

enum { FILE_MOST_BYTES = 16 << 20 };

static void set_id(Json *json, const char *name, const Uuid *id)
{
    char text[UUID_TEXT];
    if (!uuid_is_nil(id))
        json_object_set_new(json, name, json_string(uuid_text(id, text)));
}

static Json *row_json(const MaskRow *row)
{
    Json *json =
        json_pack("{s:s, s:s, s:I, s:I}", "name", row->name, "points", row->points, "since_us",
                  (json_int_t)row->since_us, "until_us", (json_int_t)row->until_us);
    set_id(json, "id", &row->id);
    set_id(json, "camera", &row->camera);
    set_id(json, "by", &row->by);
    set_id(json, "until_by", &row->until_by);
    return json;
}

void masks_write_file(Masks *masks)
{
    if (!masks->path)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = masks_of(masks, NULL);
    g_autoptr(Json) json = json_object();
    Json *list = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, row_json(rows->pdata[i]));
    json_object_set_new(json, "masks", list);
    g_autofree char *text = json_lines(json);
    if (!file_write_atomic(masks->path, text, strlen(text), 0600, &error))
        log_error("masks.file", "cause=\"%s\"", error->message);
}

static void get_id(const Json *json, const char *name, Uuid *id)
{
    const char *text = NULL;
    if (!json_get_text(json, name, &text, NULL) || !text || !uuid_parse(text, id))
        *id = (Uuid){0};
}

/* Returns owned; NULL: it is none. */
static MaskRow *row_of(const Json *json)
{
    const char *name = "", *points = "";
    g_autoptr(MaskRow) row = mask_row_new();
    get_id(json, "id", &row->id);
    get_id(json, "camera", &row->camera);
    get_id(json, "by", &row->by);
    get_id(json, "until_by", &row->until_by);
    if (uuid_is_nil(&row->id) || uuid_is_nil(&row->camera) ||
        !json_get_text(json, "name", &name, NULL) ||
        !json_get_text(json, "points", &points, NULL) ||
        !json_get_int(json, "since_us", &row->since_us, NULL) ||
        !json_get_int(json, "until_us", &row->until_us, NULL))
        return NULL;
    g_free(row->name);
    row->name = g_strdup(name);
    g_free(row->points);
    row->points = g_strdup(points);
    return g_steal_pointer(&row);
}

static MaskRow *known(const GPtrArray *rows, const Uuid *id)
{
    for (guint i = 0; i < rows->len; i++)
        if (uuid_equal(&((MaskRow *)rows->pdata[i])->id, id))
            return rows->pdata[i];
    return NULL;
}

/* It was made larger since the catalog's copy. */
static bool is_larger(const MaskRow *row, const MaskRow *before)
{
    MaskShape one, other;
    return mask_shape_parse(row->points, &one) && mask_shape_parse(before->points, &other) &&
           strcmp(row->points, before->points) != 0 && mask_shape_covers(&one, &other);
}

static bool write_rows(CatalogDb *db, void *data, GError **error)
{
    GPtrArray *rows = data;
    for (guint i = 0; i < rows->len; i++)
        if (!masks_put(db, rows->pdata[i], error))
            return false;
    return true;
}

/* What the catalog lacks of the file; MaskRow *, returned owned. */
static GPtrArray *lacking(const Masks *masks, const Json *json)
{
    size_t i;
    Json *one;
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)mask_row_free);
    json_array_foreach((json_t *)json_object_get(json, "masks"), i, one)
    {
        g_autoptr(MaskRow) row = row_of(one);
        MaskRow *before = row ? known(masks->rows, &row->id) : NULL;
        if (row && (!before || (!before->until_us && is_larger(row, before))))
            g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return rows;
}

/* At the start, when nobody else knows the masks yet. */
static bool take_over(Masks *masks, const Json *json, GError **error)
{
    g_autoptr(GPtrArray) rows = lacking(masks, json);
    if (!rows->len)
        return true;
    if (!catalog_write_wait(masks->catalog, write_rows, rows, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        const MaskRow *row = rows->pdata[i];
        MaskRow *before = known(masks->rows, &row->id);
        if (before)
            g_ptr_array_remove(masks->rows, before);
        g_ptr_array_add(masks->rows, mask_row_copy(row));
    }
    log_warning("masks.file", "masks=%u cause=\"the catalog did not know them\"", rows->len);
    return true;
}

bool masks_keep_at(Masks *masks, const char *path, GError **error)
{
    size_t size;
    g_autoptr(GError) trouble = NULL;
    masks->path = g_strdup(path);
    bool there = access(path, F_OK) == 0;
    g_autofree char *text = there ? file_read(path, FILE_MOST_BYTES, &size, &trouble) : NULL;
    g_autoptr(Json) json = text ? json_parse(text, size, &trouble) : NULL;
    if (json && !take_over(masks, json, error))
        return false;
    if (there && !json) /* recording goes first: the catalog knows them, mostly */
        log_error("masks.file", "cause=\"%s\" advice=\"look whether all masks are there\"",
                  trouble->message);
    if (masks->rows->len && (json || !there))
        masks_write_file(masks);
    return true;
}
