#include "http/api/household_json.h"

#include <string.h>

/* ---- who sees what ---- */

bool household_may(const ApiCall *call, Action action, const HouseholdRow *row)
{
    return rights_allow_village(&call->identity, action, row->village);
}

HouseholdRow *household_find(ApiCall *call, Action action, GError **error)
{
    Uuid id;
    if (!call_id(call, "household", &id, error))
        return NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(HouseholdRow) row = db ? households_get(db, &id, error) : NULL;
    if (!row || household_may(call, action, row))
        return g_steal_pointer(&row);
    err_set(error, ERR_NOT_FOUND, "no such household");
    return NULL;
}

GPtrArray *households_within_reach(ApiCall *call, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    GPtrArray *rows = db ? households_list(db, error) : NULL;
    for (guint i = rows ? rows->len : 0; i-- > 0;)
        if (!household_may(call, ACTION_HOUSEHOLDS, rows->pdata[i]))
            g_ptr_array_remove_index(rows, i);
    return rows;
}

/* ---- telling ---- */

static Json *consent_json(const ApiCall *call, const HouseholdRow *row)
{
    Account by = {0};
    Json *json =
        json_pack("{s:i, s:o}", "level", household_level(row), "pin_at", json_time(row->pin_us));
    if (row->asked_us)
        json_object_set_new(json, "asked_at", json_time(row->asked_us));
    if (people_account(call->api->people, &row->agreed_by, &by))
        json_object_set_new(json, "by", json_string(by.name));
    return json;
}

Json *household_json(const ApiCall *call, const HouseholdRow *row)
{
    char id[UUID_TEXT];
    Json *json =
        json_pack("{s:s, s:s, s:o, s:o}", "id", uuid_text(&row->id, id), "village", row->village,
                  "added_at", json_time(row->added_us), "consent", consent_json(call, row));
    if (household_is_revoked(row)) {
        json_object_set_new(json, "revoked_at", json_time(row->revoked_us));
        return json;
    }
    json_object_set_new(json, "place",
                        json_pack("{s:f, s:f}", "lat", row->latitude, "lon", row->longitude));
    if (*row->view)
        json_object_set_new(json, "view", json_string(row->view));
    if (row->heading_deg >= 0)
        json_object_set_new(json, "heading", json_integer(row->heading_deg));
    if (row->days_kept)
        json_object_set_new(json, "days_kept", json_integer(row->days_kept));
    json_object_set_new(json, "photo", json_boolean(*row->photo_type));
    return json;
}

/* ---- taking ---- */

/* A whole number; null stands for `unknown`. `*asked` is NULL when it is not there. */
static bool read_number(const Json *body, const char *name, int64_t unknown, int64_t *value,
                        const int64_t **asked, GError **error)
{
    const Json *told = json_object_get(body, name);
    *asked = told ? value : NULL;
    *value = unknown;
    return json_get_int(body, name, value, error);
}

static bool read_contact(const Json *body, HouseholdTold *told, GError **error)
{
    const Json *contact = json_object_get(body, "contact");
    const char *name;
    json_t *value;
    if (!contact)
        return true;
    if (!json_is_object(contact))
        return err_set(error, ERR_INVALID, "‘contact’ must have ‘name’ and ‘phone’");
    json_object_foreach((json_t *)contact, name, value)
    {
        if (strcmp(name, "name") != 0 && strcmp(name, "phone") != 0)
            return err_set(error, ERR_INVALID, "‘%.64s’ is not known in ‘contact’", name);
    }
    return json_get_text(contact, "name", &told->name, error) &&
           json_get_text(contact, "phone", &told->phone, error);
}

bool household_read(const Json *body, HouseholdAsked *asked, GError **error)
{
    *asked = (HouseholdAsked){0};
    HouseholdTold *told = &asked->told;
    return body && json_get_text(body, "village", &told->village, error) &&
           json_get_text(body, "view", &told->view, error) &&
           call_body_place(body, "place", &asked->place, &told->place, error) &&
           read_number(body, "heading", -1, &asked->heading_deg, &told->heading_deg, error) &&
           read_number(body, "days_kept", 0, &asked->days_kept, &told->days_kept, error) &&
           read_number(body, "level", 0, &asked->level, &told->level, error) &&
           call_body_time(body, "agreed_at", &asked->agreed_us, &told->agreed_us, error) &&
           call_body_id(body, "key", &asked->key, &told->key, error) &&
           read_contact(body, told, error);
}
