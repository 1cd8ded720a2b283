#include "people/audit_line.h"

#include "ledger/line.h"

#include <string.h>

enum { TEXT_MOST = 500 };

static void put_text(GString *fields, const char *key, const char *text)
{
    g_autofree char *valid =
        g_utf8_make_valid(text ? text : "", text ? (gssize)strnlen(text, TEXT_MOST) : 0);
    line_put_text(fields, key, valid);
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
    return fields;
}

AuditRow *audit_row_read(const char *text, size_t size)
{
    LineReader reader = line_reader(text, size);
    g_autoptr(AuditRow) row = g_new0(AuditRow, 1);
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
    g_free(row);
}
