#include "config/masks_state.h"

#include "config/text_rules.h"

#include <string.h>

/* ---- opening ---- */

void lifting_free(void *data)
{
    Lifting *lifting = data;
    lifting_row_free(lifting->row);
    g_free(lifting);
}

/* What ran when the server ended has ended with it. */
static bool end_running(CatalogDb *db, void *data, GError **error)
{
    const int64_t now_us = clock_now_us();
    GPtrArray *rows = data;
    for (guint i = 0; i < rows->len; i++) {
        LiftingRow *row = rows->pdata[i];
        if (lifting_state(row, now_us) != LIFTING_RUNNING)
            continue;
        row->until_us = now_us;
        if (!liftings_put(db, row, error))
            return false;
    }
    return true;
}

static bool load(Masks *masks, GError **error)
{
    CatalogDb *db = catalog_read(masks->catalog, error);
    g_autoptr(GPtrArray) rows = db ? masks_list(db, error) : NULL;
    g_autoptr(GPtrArray) liftings =
        rows ? liftings_since(db, clock_now_us() - LIFTING_LISTED_US, error) : NULL;
    if (db)
        catalog_read_end(db);
    if (!liftings || !catalog_write_wait(masks->catalog, end_running, liftings, error))
        return false;
    masks->rows = g_steal_pointer(&rows);
    for (guint i = 0; i < liftings->len; i++) {
        Lifting *lifting = g_new0(Lifting, 1);
        lifting->row = lifting_row_copy(liftings->pdata[i]);
        g_ptr_array_add(masks->liftings, lifting);
    }
    return true;
}

Masks *masks_open(Catalog *catalog, GError **error)
{
    g_autoptr(Masks) masks = g_new0(Masks, 1);
    masks->catalog = catalog;
    turn_init(&masks->change);
    pthread_mutex_init(&masks->lock, NULL);
    masks->liftings = g_ptr_array_new_with_free_func(lifting_free);
    return load(masks, error) ? g_steal_pointer(&masks) : NULL;
}

void masks_free(Masks *masks)
{
    if (!masks)
        return;
    g_clear_pointer(&masks->rows, g_ptr_array_unref);
    g_ptr_array_unref(masks->liftings);
    g_free(masks->path);
    pthread_mutex_destroy(&masks->lock);
    turn_clear(&masks->change);
    g_free(masks);
}

void masks_listen(Masks *masks, MasksListener listener, void *data)
{
    turn_begin(&masks->change);
    masks->listener = listener;
    masks->listener_data = data;
    turn_end(&masks->change);
}

void masks_tell(Masks *masks, const Uuid *camera)
{
    if (masks->listener)
        masks->listener(masks->listener_data, camera);
}

bool masks_check_person(const Uuid *by, GError **error)
{
    return !uuid_is_nil(by) || err_set(error, ERR_DENIED,
                                       "this takes two persons with accounts of their own: neither "
                                       "the console nor a token is one");
}

/* ---- what is covered ---- */

static bool counts(const MaskRow *row, int64_t from_us, int64_t to_us)
{
    return !row->until_us || (row->since_us <= to_us && row->until_us > from_us);
}

/* A shape that cannot be read covers everything. */
static MaskShape shape_of(const MaskRow *row)
{
    MaskShape shape;
    const MaskShape whole = {4,
                             {{0, 0}, {MASK_WHOLE, 0}, {MASK_WHOLE, MASK_WHOLE}, {0, MASK_WHOLE}}};
    return mask_shape_parse(row->points, &shape) ? shape : whole;
}

MaskSet *masks_over(Masks *masks, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    g_autoptr(GArray) shapes = g_array_new(FALSE, FALSE, sizeof(MaskShape));
    pthread_mutex_lock(&masks->lock);
    for (guint i = 0; i < masks->rows->len; i++) {
        const MaskRow *row = masks->rows->pdata[i];
        if (!uuid_equal(&row->camera, camera) || !counts(row, from_us, to_us))
            continue;
        const MaskShape shape = shape_of(row);
        g_array_append_val(shapes, shape);
    }
    pthread_mutex_unlock(&masks->lock);
    return mask_set_new((const MaskShape *)(const void *)shapes->data, shapes->len);
}

bool masks_any(Masks *masks, const Uuid *camera)
{
    g_autoptr(MaskSet) now = masks_over(masks, camera, INT64_MAX, INT64_MAX);
    return now != NULL;
}

GPtrArray *masks_of(Masks *masks, const Uuid *camera)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)mask_row_free);
    pthread_mutex_lock(&masks->lock);
    for (guint i = 0; i < masks->rows->len; i++) {
        const MaskRow *row = masks->rows->pdata[i];
        if (!camera || uuid_equal(&row->camera, camera))
            g_ptr_array_add(rows, mask_row_copy(row));
    }
    pthread_mutex_unlock(&masks->lock);
    return rows;
}

/* ---- changing; in a turn ---- */

static bool write_row(CatalogDb *db, void *data, GError **error)
{
    return masks_put(db, data, error);
}

/* Durable first, then in force, then told. Takes `row`; returns a copy, owned, or NULL. */
static MaskRow *put(Masks *masks, MaskRow *row, GError **error)
{
    g_autoptr(MaskRow) mine = row;
    guint at = 0;
    if (!catalog_write_wait(masks->catalog, write_row, row, error))
        return NULL;
    pthread_mutex_lock(&masks->lock);
    while (at < masks->rows->len && !uuid_equal(&((MaskRow *)masks->rows->pdata[at])->id, &row->id))
        at++;
    if (at < masks->rows->len) {
        mask_row_free(masks->rows->pdata[at]);
        masks->rows->pdata[at] = mask_row_copy(row);
    } else {
        g_ptr_array_add(masks->rows, mask_row_copy(row));
    }
    pthread_mutex_unlock(&masks->lock);
    masks_write_file(masks);
    masks_tell(masks, &row->camera);
    return g_steal_pointer(&mine);
}

/* A copy of one that is in force; returned owned. */
static MaskRow *find(Masks *masks, const Uuid *camera, const Uuid *id, GError **error)
{
    g_autoptr(GPtrArray) rows = masks_of(masks, camera);
    for (guint i = 0; i < rows->len; i++) {
        const MaskRow *row = rows->pdata[i];
        if (!row->until_us && uuid_equal(&row->id, id))
            return mask_row_copy(row);
    }
    err_set(error, ERR_NOT_FOUND, "the camera has no such mask");
    return NULL;
}

static bool has_room(Masks *masks, const Uuid *camera, GError **error)
{
    unsigned standing = 0;
    g_autoptr(GPtrArray) rows = masks_of(masks, camera);
    for (guint i = 0; i < rows->len; i++)
        standing += !((const MaskRow *)rows->pdata[i])->until_us;
    return standing < MASKS_MOST ||
           err_set(error, ERR_INVALID, "a camera has %d masks at most: make one of them larger",
                   MASKS_MOST);
}

MaskRow *masks_draw(Masks *masks, const Uuid *camera, const char *name, const MaskShape *shape,
                    const Uuid *by, GError **error)
{
    MaskRow *drawn = NULL;
    g_autoptr(MaskRow) row = mask_row_new();
    if (!mask_shape_check(shape, error) ||
        !text_rule(&row->name, "name", name, 1, MASK_NAME_MOST, error))
        return NULL;
    row->id = uuid_new();
    row->camera = *camera;
    row->by = *by;
    row->since_us = clock_now_us();
    g_free(row->points);
    row->points = mask_shape_text(shape);
    turn_begin(&masks->change);
    if (has_room(masks, camera, error))
        drawn = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return drawn;
}

static bool grow(MaskRow *row, const MaskShape *shape, GError **error)
{
    const MaskShape before = shape_of(row);
    if (!mask_shape_check(shape, error))
        return false;
    if (!mask_shape_covers(shape, &before))
        return err_set(error, ERR_EXISTS,
                       "it would cover less than it does: draw another mask, and ask for this one "
                       "to be taken away");
    g_free(row->points);
    row->points = mask_shape_text(shape);
    return true;
}

MaskRow *masks_change(Masks *masks, const Uuid *camera, const Uuid *id, const char *name,
                      const MaskShape *shape, GError **error)
{
    MaskRow *changed = NULL;
    turn_begin(&masks->change);
    g_autoptr(MaskRow) row = find(masks, camera, id, error);
    if (row && (!name || text_rule(&row->name, "name", name, 1, MASK_NAME_MOST, error)) &&
        (!shape || grow(row, shape, error)))
        changed = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return changed;
}

static bool ask(MaskRow *row, const char *reason, const Uuid *by, GError **error)
{
    if (row->asked_us)
        return err_set(error, ERR_EXISTS, "somebody has asked to take it away already");
    if (!masks_check_person(by, error) ||
        !text_rule(&row->ask_reason, "reason", reason, MASK_WORDS_LEAST, MASK_WORDS_MOST, error))
        return false;
    row->asked_us = clock_now_us();
    row->asked_by = *by;
    return true;
}

MaskRow *masks_ask_end(Masks *masks, const Uuid *camera, const Uuid *id, const char *reason,
                       const Uuid *by, GError **error)
{
    MaskRow *asked = NULL;
    turn_begin(&masks->change);
    g_autoptr(MaskRow) row = find(masks, camera, id, error);
    if (row && ask(row, reason, by, error))
        asked = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return asked;
}

/* Whoever asked may say that it stays. */
static bool decide(MaskRow *row, bool approve, const Uuid *by, GError **error)
{
    if (!row->asked_us)
        return err_set(error, ERR_EXISTS, "nobody has asked to take it away");
    if (approve && !masks_check_person(by, error))
        return false;
    if (approve && uuid_equal(&row->asked_by, by))
        return err_set(error, ERR_DENIED, "it is taken away by another person than who asked");
    row->until_us = approve ? clock_now_us() : 0;
    row->until_by = approve ? *by : (Uuid){0};
    if (!approve) {
        row->asked_us = 0;
        row->asked_by = (Uuid){0};
        g_free(row->ask_reason);
        row->ask_reason = g_strdup("");
    }
    return true;
}

MaskRow *masks_decide_end(Masks *masks, const Uuid *camera, const Uuid *id, bool approve,
                          const Uuid *by, GError **error)
{
    MaskRow *decided = NULL;
    turn_begin(&masks->change);
    g_autoptr(MaskRow) row = find(masks, camera, id, error);
    if (row && decide(row, approve, by, error))
        decided = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return decided;
}
