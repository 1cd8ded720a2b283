#include "people/saved_view.h"

#include "base/error.h"

#include <string.h>

/* Places on a page that a wall may have; 0: all on one page. */
static const int64_t layouts[] = {0, 1, 4, 9, 16, 32};

static bool is_own(const Identity *who, const ViewRow *row)
{
    return !uuid_is_nil(&who->account) && uuid_equal(&who->account, &row->account);
}

bool view_may_see(const Identity *who, const ViewRow *row)
{
    return row->shared || is_own(who, row);
}

bool view_may_change(const Identity *who, const ViewRow *row)
{
    return is_own(who, row) || (row->shared && rights_allow(who->role, ACTION_SHARE));
}

static bool is_layout(int64_t layout)
{
    for (size_t i = 0; i < G_N_ELEMENTS(layouts); i++)
        if (layouts[i] == layout)
            return true;
    return false;
}

static bool is_sound(const Identity *who, const ViewEdit *edit, GError **error)
{
    if (edit->name && (!*edit->name || g_utf8_strlen(edit->name, -1) > VIEW_NAME_MOST))
        return err_set(error, ERR_INVALID, "‘name’ must have 1 to %d letters", VIEW_NAME_MOST);
    if (edit->layout && !is_layout(*edit->layout))
        return err_set(error, ERR_INVALID, "‘layout’ must be 0, 1, 4, 9, 16 or 32");
    if (edit->turn_s && (*edit->turn_s < VIEW_TURN_LEAST_S || *edit->turn_s > VIEW_TURN_MOST_S))
        return err_set(error, ERR_INVALID, "‘turn_s’ must be from %d to %d", VIEW_TURN_LEAST_S,
                       VIEW_TURN_MOST_S);
    if (edit->shared && *edit->shared && !rights_allow(who->role, ACTION_SHARE))
        return err_set(error, ERR_DENIED, "no right to share a view with others");
    return true;
}

static void set_text(char **value, const char *wanted)
{
    if (!wanted)
        return;
    g_free(*value);
    *value = g_strdup(wanted);
}

static void apply(ViewRow *row, const ViewEdit *edit, int64_t now_us)
{
    set_text(&row->name, edit->name);
    set_text(&row->places, edit->places);
    row->layout = edit->layout ? *edit->layout : row->layout;
    row->turn_s = edit->turn_s ? *edit->turn_s : row->turn_s;
    row->shared = edit->shared ? *edit->shared : row->shared;
    row->changed_us = now_us;
}

/* On the writer's thread, so that of two who change a view at once none undoes what the other did.
 */
typedef struct Write {
    const Identity *who;
    const Uuid *id;
    const ViewEdit *edit;
    int64_t now_us;
    ViewRow *before, *after;
} Write;

static bool write_new(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    int64_t count = 0;
    if (!views_count(db, &write->who->account, &count, error))
        return false;
    if (count >= VIEWS_MOST)
        return err_set(error, ERR_INVALID, "an account has at most %d views: remove one first",
                       VIEWS_MOST);
    return views_put(db, write->after, error);
}

ViewRow *view_add(Catalog *catalog, const Identity *who, const ViewEdit *edit, int64_t now_us,
                  GError **error)
{
    if (uuid_is_nil(&who->account)) {
        err_set(error, ERR_DENIED, "views belong to people: sign in instead of using a token");
        return NULL;
    }
    if (!edit->name || !edit->places) {
        err_set(error, ERR_INVALID, "a view must have a ‘name’ and ‘places’");
        return NULL;
    }
    if (!is_sound(who, edit, error))
        return NULL;
    g_autoptr(ViewRow) row = g_new0(ViewRow, 1);
    row->id = uuid_new();
    row->account = who->account;
    row->turn_s = VIEW_TURN_DEFAULT_S;
    apply(row, edit, now_us);
    Write write = {.who = who, .after = row};
    return catalog_write_wait(catalog, write_new, &write, error) ? g_steal_pointer(&row) : NULL;
}

/* The view, for whoever may change it. */
static ViewRow *get_own(CatalogDb *db, const Write *write, GError **error)
{
    g_autoptr(ViewRow) row = views_get(db, write->id, error);
    if (!row)
        return NULL;
    if (view_may_change(write->who, row))
        return g_steal_pointer(&row);
    if (view_may_see(write->who, row))
        err_set(error, ERR_DENIED, "this view is shared with you: save one of your own instead");
    else
        err_set(error, ERR_NOT_FOUND, "no such view");
    return NULL;
}

static bool write_change(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    write->before = get_own(db, write, error);
    write->after = write->before ? views_get(db, write->id, error) : NULL;
    if (!write->after)
        return false;
    apply(write->after, write->edit, write->now_us);
    return views_put(db, write->after, error);
}

ViewRow *view_change(Catalog *catalog, const Identity *who, const Uuid *id, const ViewEdit *edit,
                     int64_t now_us, ViewRow **before, GError **error)
{
    if (!is_sound(who, edit, error))
        return NULL;
    Write write = {.who = who, .id = id, .edit = edit, .now_us = now_us};
    bool written = catalog_write_wait(catalog, write_change, &write, error);
    g_autoptr(ViewRow) was = write.before;
    g_autoptr(ViewRow) is = write.after;
    if (!written)
        return NULL;
    *before = g_steal_pointer(&was);
    return g_steal_pointer(&is);
}

static bool write_removal(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    g_autoptr(ViewRow) row = get_own(db, write, error);
    return row && views_remove(db, write->id, error);
}

bool view_remove(Catalog *catalog, const Identity *who, const Uuid *id, GError **error)
{
    Write write = {.who = who, .id = id};
    return catalog_write_wait(catalog, write_removal, &write, error);
}
