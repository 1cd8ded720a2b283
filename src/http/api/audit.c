/* audit.c — who did what, for those who watch over it: pages, and the same as a table to keep. */
#include "people/audit.h"

#include "base/time_text.h"
#include "config/site_day.h"
#include "http/api/audit_copies.h"
#include "http/api/audit_csv.h"
#include "http/api/audit_names.h"
#include "http/api/camera_json.h"
#include "http/api/handlers.h"

#include <string.h>

/* Lines that one page looks at, at most: a tenth of a second or so. */
enum { ROWS_DEFAULT = 100, ROWS_MOST = 1000, LINES_MOST = 100000, CSV_ROWS_MOST = 50000 };

static void set_name(Json *json, const char *member, char *name)
{
    json_object_set_new(json, member, json_text_or_null(name));
    g_free(name);
}

static Json *changes_json(const GArray *changes)
{
    Json *list = json_array();
    for (guint i = 0; i < changes->len; i++) {
        const AuditRowChange *change = &g_array_index(changes, AuditRowChange, i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "field", change->field, "before",
                                              change->before, "after", change->after));
    }
    return list;
}

static Json *row_json(ApiContext *api, const AuditRow *row)
{
    Json *json = json_object();
    json_object_set_new(json, "seq", json_integer(row->seq));
    json_object_set_new(json, "time", json_time(row->time_us));
    json_object_set_new(json, "actor", json_text_or_null(row->actor));
    set_name(json, "actor_name", audit_actor_name(api, row->actor));
    json_object_set_new(json, "device", json_text_or_null(row->device));
    json_object_set_new(json, "address", json_text_or_null(row->address));
    json_object_set_new(json, "action", json_string(row->action));
    json_object_set_new(json, "kind", json_string(audit_kind_text(audit_kind_of(row->action))));
    json_object_set_new(json, "object", json_text_or_null(row->object));
    set_name(json, "object_name", audit_object_name(api, row->object));
    json_object_set_new(json, "reason", json_text_or_null(row->reason));
    json_object_set_new(json, "result", json_text_or_null(row->result));
    json_object_set_new(json, "refused", json_boolean(audit_is_refused(row)));
    json_object_set_new(json, "from", json_time_or_null(row->from_us));
    json_object_set_new(json, "to", json_time_or_null(row->to_us));
    json_object_set_new(json, "changes", changes_json(row->changes));
    return json;
}

/* As the log writes it. */
static bool read_id(const ApiCall *call, const char *name, char room[UUID_TEXT], const char **id,
                    GError **error)
{
    Uuid uuid;
    const char *asked = call_query(call, name);
    if (!asked)
        return true;
    if (!uuid_parse(asked, &uuid))
        return err_set(error, ERR_INVALID, "‘%s’ must be an id", name);
    *id = uuid_text(&uuid, room);
    return true;
}

typedef struct AskedIds {
    char actor[UUID_TEXT], camera[UUID_TEXT], copy[COPY_ASKED_TEXT];
} AskedIds;

/* `query` borrows from `ids`. */
static bool read_query(const ApiCall *call, AskedIds *ids, AuditQuery *query, GError **error)
{
    const char *kind = call_query(call, "kind"), *refused = call_query(call, "refused");
    *query = (AuditQuery){.to_us = INT64_MAX, .cursor = call_query(call, "cursor")};
    if (!call_query_time(call, "from", false, &query->from_us, error) ||
        !call_query_time(call, "to", false, &query->to_us, error) ||
        !read_id(call, "camera", ids->camera, &query->object, error) ||
        !audit_copies_ask(call, ids->copy, query, error))
        return false;
    const char *actor = call_query(call, "actor");
    if (actor && strcmp(actor, "console") == 0)
        query->actor = "";
    else if (!read_id(call, "actor", ids->actor, &query->actor, error))
        return false;
    if (kind && !audit_kind_parse(kind, &query->kind))
        return err_set(error, ERR_INVALID, "there are no audit lines of the kind ‘%.40s’", kind);
    if (refused && strcmp(refused, "true") != 0 && strcmp(refused, "false") != 0)
        return err_set(error, ERR_INVALID, "‘refused’ must be true or false");
    query->refused = refused && strcmp(refused, "true") == 0;
    return true;
}

/* Whom and which cameras one may ask for: auditors see no other list of them. */
static void add_choices(ApiContext *api, Json *list)
{
    Json *people = json_array(), *cameras = json_array();
    char id[UUID_TEXT];
    g_autoptr(GArray) accounts = people_accounts(api->people);
    for (guint i = 0; i < accounts->len; i++) {
        const Account *account = &g_array_index(accounts, Account, i);
        json_array_append_new(people, json_pack("{s:s, s:s}", "id", uuid_text(&account->id, id),
                                                "name", account->name));
    }
    g_autoptr(GPtrArray) rows = site_camera_list(api->site);
    for (guint i = 0; i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        json_array_append_new(
            cameras, json_pack("{s:s, s:s}", "id", uuid_text(&row->id, id), "name", row->name));
    }
    json_object_set_new(list, "people", people);
    json_object_set_new(list, "cameras", cameras);
}

/* Who asks for the newest lines finds what was done until now. What cannot be written is told in
 * the server's log, and is no reason to keep the rest from the reader. */
static void settle(const ApiCall *call, const AuditQuery *query)
{
    if (!query->cursor)
        audit_flush(call->api->audit, NULL);
}

bool audit_get(ApiCall *call, GError **error)
{
    AskedIds ids;
    AuditQuery query;
    int64_t limit = ROWS_DEFAULT;
    g_autofree char *next = NULL;
    if (!read_query(call, &ids, &query, error) ||
        !call_query_int(call, "limit", 1, ROWS_MOST, &limit, error))
        return false;
    settle(call, &query);
    query.limit = (unsigned)limit;
    query.lines = LINES_MOST;
    g_autoptr(GPtrArray) rows = audit_search(call->api->audit, &query, &next, error);
    if (!rows)
        return false;
    Json *items = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(items, row_json(call->api, rows->pdata[i]));
    Json *list = json_pack("{s:o}", "items", items);
    json_object_set_new(list, "next", json_text_or_null(next));
    if (!query.cursor) {
        add_choices(call->api, list);
        call_audit(call, "audit-read", NULL, NULL, "ok");
    }
    return call_json(call, 200, list);
}

/* The newest lines of a query as a table, a page of them in memory at a time. `*next` (owned):
 * there are more. Returns owned, or NULL. */
static GString *table_of(ApiContext *api, AuditQuery query, char **next, GError **error)
{
    g_autoptr(GTimeZone) zone = site_zone(api->site);
    g_autoptr(GString) text = audit_csv_new();
    unsigned left = CSV_ROWS_MOST;
    do {
        g_autofree char *cursor = g_steal_pointer(next);
        if (cursor)
            query.cursor = cursor;
        query.limit = MIN(left, ROWS_MOST);
        g_autoptr(GPtrArray) rows = audit_search(api->audit, &query, next, error);
        if (!rows)
            return NULL;
        audit_csv_add(text, api, rows, zone);
        left -= rows->len;
    } while (*next && left > 0);
    return g_steal_pointer(&text);
}

/* ?from&to… as audit_get(); the newest CSV_ROWS_MOST lines, `log-next` tells of more. */
bool audit_get_csv(ApiCall *call, GError **error)
{
    AskedIds ids;
    AuditQuery query;
    g_autofree char *next = NULL;
    if (!read_query(call, &ids, &query, error))
        return false;
    settle(call, &query);
    g_autoptr(GString) text = table_of(call->api, query, &next, error);
    if (!text)
        return false;
    char day[DAY_TEXT];
    call->response->status = 200;
    call->response->type = "text/csv; charset=utf-8";
    call->response->bytes = buffer_copy(text->str, text->len);
    call_header(call, "content-disposition",
                g_strdup_printf("attachment; filename=\"vonglau-audit-%s.csv\"",
                                day_text(clock_now_us(), day)));
    if (next)
        call_header(call, "log-next", g_steal_pointer(&next));
    call_audit(call, "audit-csv", NULL, NULL, "ok");
    return true;
}
