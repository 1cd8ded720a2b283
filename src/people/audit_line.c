#include "people/audit_line.h"

#include "ledger/line.h"

#include <string.h>

enum { TEXT_MOST = 500, VALUE_MOST = 120, CHANGES_MOST = 40 };

static void put_text(GString *fields, const char *key, const char *text)
{
    g_autofree char *valid =
        g_utf8_make_valid(text ? text : "", text ? (gssize)strnlen(text, TEXT_MOST) : 0);
    line_put_text(fields, key, valid);
}

static void add_value(GString *fields, const char *value)
{
    g_autofree char *valid =
        g_utf8_make_valid(value ? value : "", value ? (gssize)strnlen(value, VALUE_MOST) : 0);
    line_add_text(fields, valid);
}

static void put_changes(GString *fields, const AuditEntry *entry)
{
    if (entry->change_count == 0)
        return;
    line_put_name(fields, "changes");
    for (size_t i = 0; i < MIN(entry->change_count, CHANGES_MOST); i++) {
        g_string_append_c(fields, i ? ',' : '[');
        add_value(fields, entry->changes[i].field);
        g_string_append_c(fields, ',');
        add_value(fields, entry->changes[i].before);
        g_string_append_c(fields, ',');
        add_value(fields, entry->changes[i].after);
    }
    g_string_append_c(fields, ']');
}

GString *audit_fields(const AuditEntry *entry, int64_t time_us)
{
    GString *fields = g_string_new(NULL);
    char actor[UUID_TEXT] = "";
    if (!uuid_is_nil(&entry->actor))
        uuid_text(&entry->actor, actor);
    line_put_int(fields, "time_us", time_us);
    line_put_text(fields, "actor", actor);
    put_text(fields, "device", entry->device);
    put_text(fields, "address", entry->address);
    put_text(fields, "action", entry->action);
    put_text(fields, "object", entry->object);
    put_text(fields, "reason", entry->reason);
    put_text(fields, "result", entry->result);
    line_put_int(fields, "from_us", entry->from_us);
    line_put_int(fields, "to_us", entry->to_us);
    put_changes(fields, entry);
    return fields;
}

static void clear_change(void *data)
{
    AuditRowChange *change = data;
    g_free(change->field);
    g_free(change->before);
    g_free(change->after);
}

static void read_changes(LineReader *reader, GArray *changes)
{
    if (!line_next_is(reader, "changes"))
        return;
    line_read_array(reader, "changes");
    while (line_read_item(reader)) {
        AuditRowChange change = {.field = line_read_text(reader, NULL)};
        line_read_next(reader);
        change.before = line_read_text(reader, NULL);
        line_read_next(reader);
        change.after = line_read_text(reader, NULL);
        g_array_append_val(changes, change);
    }
}

AuditRow *audit_row_read(const char *text, size_t size)
{
    LineReader reader = line_reader(text, size);
    g_autoptr(AuditRow) row = g_new0(AuditRow, 1);
    row->changes = g_array_new(FALSE, FALSE, sizeof(AuditRowChange));
    g_array_set_clear_func(row->changes, clear_change);
    line_read_start(&reader, AUDIT_TYPE);
    row->seq = line_read_int(&reader, "seq");
    row->time_us = line_read_int(&reader, "time_us");
    row->actor = line_read_text(&reader, "actor");
    row->device = line_read_text(&reader, "device");
    row->address = line_read_text(&reader, "address");
    row->action = line_read_text(&reader, "action");
    row->object = line_read_text(&reader, "object");
    row->reason = line_read_text(&reader, "reason");
    row->result = line_read_text(&reader, "result");
    row->from_us = line_read_int(&reader, "from_us");
    row->to_us = line_read_int(&reader, "to_us");
    read_changes(&reader, row->changes);
    return reader.failed ? NULL : g_steal_pointer(&row);
}

void audit_row_free(AuditRow *row)
{
    if (!row)
        return;
    g_free(row->actor);
    g_free(row->device);
    g_free(row->address);
    g_free(row->action);
    g_free(row->object);
    g_free(row->reason);
    g_free(row->result);
    g_array_unref(row->changes);
    g_free(row);
}
