/* Reads the audit log for an evidence package: the lines about some cameras and a span, as they
 * stand. A line is canonical, so that one which does not hold an id as text is not about it. */
#include "base/clock.h"
#include "base/time_text.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"
#include "people/audit_line.h"

#include <string.h>

static bool is_about_span(const AuditExtract *extract, const AuditRow *row)
{
    bool spans = row->from_us != 0 || row->to_us != 0;
    int64_t from_us = spans ? row->from_us : row->time_us;
    int64_t to_us = spans ? row->to_us : row->time_us;
    return from_us < extract->to_us && to_us >= extract->from_us;
}

static bool is_about_object(const AuditExtract *extract, const char *text, size_t size)
{
    char id[UUID_TEXT];
    for (size_t i = 0; i < extract->object_count; i++) {
        if (!strstr(text, uuid_text(&extract->objects[i], id)))
            continue;
        g_autoptr(AuditRow) row = audit_row_read(text, size);
        if (row && strcmp(row->object, id) == 0)
            return *row->actor && row->time_us >= extract->objects_from_us;
    }
    return false;
}

static bool is_wanted(const AuditExtract *extract, const char *text, size_t size)
{
    char id[UUID_TEXT];
    if (strstr(text, uuid_text(&extract->package, id)))
        return true;
    for (size_t i = 0; i < extract->camera_count; i++) {
        if (!strstr(text, uuid_text(&extract->cameras[i], id)))
            continue;
        g_autoptr(AuditRow) row = audit_row_read(text, size);
        return row && strcmp(row->object, id) == 0 && is_about_span(extract, row);
    }
    return is_about_object(extract, text, size);
}

static bool take_file(const AuditExtract *extract, const char *path, GString *lines, GError **error)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    const char *text;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        LineHead head;
        if (!is_wanted(extract, text, size) || !line_read_head(text, size, &head) ||
            head.seq > extract->head_seq)
            continue;
        g_string_append_len(lines, text, (gssize)size);
        g_string_append_c(lines, '\n');
    }
    return got == 0;
}

/* A day before, for a look that began then and whose line tells its end. */
static bool is_after(const char *day, int64_t from_us)
{
    int64_t start_us;
    return day_parse(day, &start_us) && start_us + 2 * DAY_US > from_us;
}

static bool find_head(AuditExtract *extract, const char *folder, const GPtrArray *days,
                      GError **error)
{
    LineHead head;
    int found = 0;
    for (size_t i = days->len; i > 0 && found == 0; i--) {
        g_autofree char *path =
            g_strdup_printf("%s/%s.jsonl", folder, (const char *)g_ptr_array_index(days, i - 1));
        found = line_read_last(path, &head, NULL, error);
    }
    extract->head_seq = found > 0 ? head.seq : 0;
    extract->head = found > 0 ? head.seal.hash : (Hash){0};
    return found >= 0;
}

GString *audit_extract(const char *folder, AuditExtract *extract, GError **error)
{
    g_autoptr(GPtrArray) days = day_names(folder, ".jsonl", error);
    g_autoptr(GString) lines = g_string_new(NULL);
    if (!days)
        return NULL;
    for (size_t i = 0; i < days->len; i++) /* as days, without the suffix */
        ((char *)g_ptr_array_index(days, i))[10] = '\0';
    if (!find_head(extract, folder, days, error))
        return NULL;
    int64_t first_us = extract->object_count > 0 ? MIN(extract->from_us, extract->objects_from_us)
                                                 : extract->from_us;
    for (size_t i = 0; i < days->len; i++) {
        const char *day = g_ptr_array_index(days, i);
        g_autofree char *path = g_strdup_printf("%s/%s.jsonl", folder, day);
        if (is_after(day, first_us) && !take_file(extract, path, lines, error))
            return NULL;
    }
    return g_steal_pointer(&lines);
}
