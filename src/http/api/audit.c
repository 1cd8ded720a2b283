#include "people/audit.h"

#include "http/api/camera_json.h"
#include "http/api/handlers.h"

enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000 };

static Json *row_json(const AuditRow *row)
{
    Json *json = json_object();
    json_object_set_new(json, "seq", json_integer(row->seq));
    json_object_set_new(json, "time", json_time(row->time_us));
    json_object_set_new(json, "actor", json_text_or_null(row->actor));
    json_object_set_new(json, "device", json_text_or_null(row->device));
    json_object_set_new(json, "address", json_text_or_null(row->address));
    json_object_set_new(json, "action", json_string(row->action));
    json_object_set_new(json, "object", json_text_or_null(row->object));
    json_object_set_new(json, "reason", json_text_or_null(row->reason));
    json_object_set_new(json, "result", json_text_or_null(row->result));
    json_object_set_new(json, "from", json_time_or_null(row->from_us));
    json_object_set_new(json, "to", json_time_or_null(row->to_us));
    return json;
}

bool audit_get(ApiCall *call, GError **error)
{
    int64_t from_us = 0, to_us = INT64_MAX, limit = ROWS_DEFAULT, before = 0;
    if (!call_query_time(call, "from", false, &from_us, error) ||
        !call_query_time(call, "to", false, &to_us, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error) ||
        !call_query_int(call, "cursor", 1, INT64_MAX, &before, error))
        return false;
    g_autoptr(GPtrArray) rows =
        audit_list(call->api->audit, from_us, to_us, before, (unsigned)limit + 1, error);
    if (!rows)
        return false;
    Json *items = json_array();
    size_t count = MIN(rows->len, (size_t)limit);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(items, row_json(rows->pdata[i]));
    Json *list = json_pack("{s:o, s:n}", "items", items, "next");
    if (rows->len > count && count > 0) {
        const AuditRow *last = rows->pdata[count - 1];
        json_object_set_new(list, "next", json_sprintf("%" G_GINT64_FORMAT, last->seq));
    }
    return call_json(call, 200, list);
}
