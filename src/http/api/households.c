/* households.c — the register of households that have a camera: entered, seen, found near a place,
 * taken out. */
#include "http/api/household_json.h"

#include "http/api/handlers.h"

#include <math.h>
#include <string.h>

enum { RADIUS_DEFAULT_M = 150, RADIUS_MOST_M = 5000 };

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    return household_json(call, ((const GPtrArray *)things)->pdata[i]);
}

bool households_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) rows = households_within_reach(call, error);
    return rows && call_list(call, rows->len, list_item, rows, error);
}

bool household_get(ApiCall *call, GError **error)
{
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLDS, error);
    return row && call_json(call, 200, household_json(call, row));
}

/* Whom to call; each look is in the audit log. */
bool household_get_contact(ApiCall *call, GError **error)
{
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLD_PEOPLE, error);
    if (!row)
        return false;
    call_audit(call, "household-contact", call->params[0], NULL, "ok");
    return call_json(call, 200, json_pack("{s:s, s:s}", "name", row->name, "phone", row->phone));
}

/* ---- who might have seen a place ---- */

static bool read_degrees(const ApiCall *call, const char *name, double most, double *value,
                         GError **error)
{
    const char *text = call_query(call, name);
    char *end = NULL;
    if (text)
        *value = g_ascii_strtod(text, &end);
    return (end && end > text && !*end && fabs(*value) <= most) ||
           err_set(error, ERR_INVALID, "the query needs ‘%s’ in degrees", name);
}

static Json *near_item(ApiCall *call, const void *things, size_t i)
{
    const HouseholdSight *sight = (const HouseholdSight *)((const GArray *)things)->data + i;
    return json_pack("{s:o, s:f, s:f, s:b}", "household", household_json(call, sight->row),
                     "distance_m", round(sight->distance_m * 10) / 10, "bearing_deg",
                     fmod(round(sight->bearing_deg), 360), "faces", sight->faces);
}

bool households_get_near(ApiCall *call, GError **error)
{
    PlacePoint place = {0};
    int64_t radius_m = RADIUS_DEFAULT_M;
    if (!read_degrees(call, "lat", 90, &place.latitude, error) ||
        !read_degrees(call, "lon", 180, &place.longitude, error) ||
        !call_query_int(call, "radius", 1, RADIUS_MOST_M, &radius_m, error))
        return false;
    g_autoptr(GPtrArray) rows = households_within_reach(call, error);
    if (!rows)
        return false;
    g_autoptr(GArray) found = household_near(rows, place, (double)radius_m);
    return call_list(call, found->len, near_item, found, error);
}

/* ---- entering and changing ---- */

/* A village head's households stand in the own village, whatever is told. */
static bool choose_village(const ApiCall *call, HouseholdTold *told, GError **error)
{
    if (!told->village && *call->identity.village)
        told->village = call->identity.village;
    return !told->village ||
           rights_allow_village(&call->identity, ACTION_HOUSEHOLD_PEOPLE, told->village) ||
           err_set(error, ERR_INVALID, "‘village’ must be the own one");
}

bool households_add_one(ApiCall *call, GError **error)
{
    static const char *const members[] = {"village", "place",     "view",    "heading", "days_kept",
                                          "level",   "agreed_at", "contact", "key",     NULL};
    char id[UUID_TEXT];
    HouseholdAsked asked;
    bool again = false;
    Uuid me = call_maker(call);
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!household_read(call_body(call, members, error), &asked, error) ||
        !choose_village(call, &asked.told, error))
        return false;
    g_autoptr(HouseholdRow) row =
        household_desk_add(call->api->households, &asked.told, &me, &again, error);
    if (!row)
        return false;
    if (!again)
        call_audit(call, "household-add", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201, household_json(call, row));
}

static void audit_edit(ApiCall *call, const HouseholdRow *before, const HouseholdRow *after)
{
    Changes changes = {0};
    g_autofree char *was = g_strdup_printf("%.7f %.7f", before->latitude, before->longitude),
                    *is = g_strdup_printf("%.7f %.7f", after->latitude, after->longitude);
    changes_text(&changes, "village", before->village, after->village);
    changes_hidden(&changes, "place", was, is);
    changes_hidden(&changes, "view", before->view, after->view);
    changes_int(&changes, "heading", before->heading_deg, after->heading_deg);
    changes_int(&changes, "days_kept", before->days_kept, after->days_kept);
    changes_int(&changes, "level", household_level(before), household_level(after));
    changes_hidden(&changes, "name", before->name, after->name);
    changes_hidden(&changes, "phone", before->phone, after->phone);
    call_audit_changes(call, "household-edit", call->params[0], &changes);
}

bool household_edit(ApiCall *call, GError **error)
{
    static const char *const members[] = {"village", "place",     "view",    "heading", "days_kept",
                                          "level",   "agreed_at", "contact", NULL};
    HouseholdAsked asked;
    Uuid me = call_maker(call);
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!household_read(call_body(call, members, error), &asked, error) ||
        (asked.told.village && !choose_village(call, &asked.told, error)))
        return false;
    g_autoptr(HouseholdRow) seen = household_find(call, ACTION_HOUSEHOLD_PEOPLE, error),
                            before = NULL;
    if (!seen)
        return false;
    g_autoptr(HouseholdRow) after =
        household_desk_change(call->api->households, &seen->id, &asked.told, &me, &before, error);
    if (!after)
        return false;
    audit_edit(call, before, after);
    return call_json(call, 200, household_json(call, after));
}

bool household_revoke(ApiCall *call, GError **error)
{
    Uuid me = call_maker(call);
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLD_PEOPLE, error);
    if (!row || !household_desk_revoke(call->api->households, &row->id, &me, error))
        return false;
    call_audit(call, "household-revoke", call->params[0], NULL, "ok");
    return call_empty(call);
}
