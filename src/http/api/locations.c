#include "http/api/handlers.h"

#include "config/site.h"

#include <math.h>

static Json *location_json(const LocationRow *row)
{
    char id[UUID_TEXT];
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:b}", "id", uuid_text(&row->id, id), "name",
                     row->name, "village", row->village ? row->village : "", "kind", row->kind,
                     "latitude", row->latitude, "longitude", row->longitude, "locked", row->locked);
}

static Json *list_item(ApiCall *call, const void *things, size_t i)
{
    const GPtrArray *rows = things;
    return location_json(rows->pdata[i]);
}

bool locations_get_all(ApiCall *call, GError **error)
{
    g_autoptr(GPtrArray) rows = call_locations(call);
    return call_list(call, rows->len, list_item, rows, error);
}

static bool read_degrees(const Json *body, const char *name, double *value, const double **given,
                         GError **error)
{
    *value = NAN;
    if (!json_get_double(body, name, value, error))
        return false;
    *given = isnan(*value) ? NULL : value;
    return true;
}

typedef struct Asked {
    LocationEdit edit;
    double latitude, longitude;
} Asked;

static bool read_edit(ApiCall *call, Asked *asked, GError **error)
{
    static const char *const members[] = {"name", "village", "kind", "latitude", "longitude", NULL};
    const Json *body = call_body(call, members, error);
    *asked = (Asked){0};
    return body && json_get_text(body, "name", &asked->edit.name, error) &&
           json_get_text(body, "village", &asked->edit.village, error) &&
           json_get_text(body, "kind", &asked->edit.kind, error) &&
           read_degrees(body, "latitude", &asked->latitude, &asked->edit.latitude, error) &&
           read_degrees(body, "longitude", &asked->longitude, &asked->edit.longitude, error);
}

static bool answer(ApiCall *call, int status, const Uuid *id, const char *action, GError **error)
{
    char text[UUID_TEXT];
    g_autoptr(LocationRow) row = site_location_get(call->api->site, id);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "there is no location ‘%s’", uuid_text(id, text));
    if (action)
        call_audit(call, action, uuid_text(id, text), NULL, "ok");
    return call_json(call, status, location_json(row));
}

bool locations_add(ApiCall *call, GError **error)
{
    Asked asked;
    Uuid id;
    return read_edit(call, &asked, error) &&
           site_location_add(call->api->site, &asked.edit, &id, error) &&
           answer(call, 201, &id, "location-add", error);
}

bool location_get(ApiCall *call, GError **error)
{
    Uuid id;
    return call_id(call, "location", &id, error) && answer(call, 200, &id, NULL, error);
}

static void compare(Changes *changes, const LocationRow *before, const LocationRow *after)
{
    changes_hidden(changes, "name", before->name, after->name);
    changes_text(changes, "village", before->village, after->village);
    changes_text(changes, "kind", before->kind, after->kind);
    changes_double(changes, "latitude", before->latitude, after->latitude);
    changes_double(changes, "longitude", before->longitude, after->longitude);
}

bool location_change(ApiCall *call, GError **error)
{
    Asked asked;
    Uuid id;
    if (!call_id(call, "location", &id, error) || !read_edit(call, &asked, error))
        return false;
    g_autoptr(LocationRow) before = site_location_get(call->api->site, &id);
    if (!site_location_edit(call->api->site, &id, &asked.edit, error))
        return false;
    g_autoptr(LocationRow) after = site_location_get(call->api->site, &id);
    Changes changes = {0};
    if (before && after)
        compare(&changes, before, after);
    call_audit_changes(call, "location-edit", call->params[0], &changes);
    return answer(call, 200, &id, NULL, error);
}

bool location_remove(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "location", &id, error) ||
        !site_location_remove(call->api->site, &id, error))
        return false;
    call_audit(call, "location-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}
