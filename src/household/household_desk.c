#include "base/clock.h"
#include "household/household_desk_state.h"
#include "household/household_left.h"

/* A film comes in hundreds of pieces. */
static const GateRule of_address = {600, SECOND_US / 4}, of_all = {3000, SECOND_US / 50};

HouseholdDesk *household_desk_new(Catalog *catalog, const char *folder)
{
    HouseholdDesk *desk = g_new0(HouseholdDesk, 1);
    desk->catalog = catalog;
    desk->folder = g_strdup(folder);
    desk->guests = gate_new(of_address, of_all);
    household_clear_left(desk);
    return desk;
}

void household_desk_free(HouseholdDesk *desk)
{
    if (!desk)
        return;
    gate_free(desk->guests);
    g_free(desk->folder);
    g_free(desk);
}

char *household_folder_of(const HouseholdDesk *desk, const Uuid *id)
{
    char text[UUID_TEXT];
    return g_build_filename(desk->folder, uuid_text(id, text), NULL);
}

/* ---- entering ---- */

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Adding {
    HouseholdRow *row;
    HouseholdRow *known; /* with the same key */
} Adding;

static bool write_adding(CatalogDb *db, void *data, GError **error)
{
    Adding *adding = data;
    g_autoptr(GError) missing = NULL;
    g_clear_pointer(&adding->known, household_row_free);
    if (uuid_is_nil(&adding->row->key))
        return households_add(db, adding->row, error);
    adding->known = households_get_key(db, &adding->row->key, &missing);
    if (adding->known)
        return (uuid_equal(&adding->known->agreed_by, &adding->row->agreed_by) &&
                !household_is_revoked(adding->known)) ||
               err_set(error, ERR_EXISTS, "‘key’ is of another household: make a new one");
    if (!g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    return households_add(db, adding->row, error);
}

HouseholdRow *household_desk_add(HouseholdDesk *desk, const HouseholdTold *told, const Uuid *by,
                                 bool *again, GError **error)
{
    g_autoptr(HouseholdRow) row = household_of(told, by, clock_now_us(), error);
    if (!row)
        return NULL;
    Adding adding = {.row = row};
    bool written = catalog_write_wait(desk->catalog, write_adding, &adding, error);
    g_autoptr(HouseholdRow) known = adding.known;
    if (!written)
        return NULL;
    *again = known != NULL;
    return known ? g_steal_pointer(&known) : g_steal_pointer(&row);
}

/* ---- changing ---- */

typedef struct Changing {
    const Uuid *id, *by;
    const HouseholdTold *told; /* NULL: they are taken out */
    int64_t now_us;
    HouseholdRow *before, *after;
} Changing;

static bool write_change(CatalogDb *db, void *data, GError **error)
{
    Changing *change = data;
    g_clear_pointer(&change->before, household_row_free);
    g_clear_pointer(&change->after, household_row_free);
    change->before = households_get(db, change->id, error);
    change->after = change->before ? households_get(db, change->id, error) : NULL;
    if (!change->after)
        return false;
    if (!change->told && household_is_revoked(change->after))
        return true;
    if (!change->told)
        household_erase(change->after, change->by, change->now_us);
    else if (!household_change(change->after, change->told, change->by, change->now_us, error))
        return false;
    return households_put(db, change->after, error);
}

HouseholdRow *household_desk_change(HouseholdDesk *desk, const Uuid *id, const HouseholdTold *told,
                                    const Uuid *by, HouseholdRow **before, GError **error)
{
    Changing change = {.id = id, .by = by, .told = told, .now_us = clock_now_us()};
    bool changed = catalog_write_wait(desk->catalog, write_change, &change, error);
    g_autoptr(HouseholdRow) was = change.before, after = change.after;
    *before = changed ? g_steal_pointer(&was) : NULL;
    return changed ? g_steal_pointer(&after) : NULL;
}

bool household_desk_revoke(HouseholdDesk *desk, const Uuid *id, const Uuid *by, GError **error)
{
    Changing change = {.id = id, .by = by, .now_us = clock_now_us()};
    bool changed = catalog_write_wait(desk->catalog, write_change, &change, error);
    if (changed)
        household_drop_photo(desk, change.before);
    household_row_free(change.before);
    household_row_free(change.after);
    return changed;
}
