/* Reads what was done since a moment out of the audit log: the lines of one action, for a catalog
 * that was lost and has to learn them again. */
#include "base/clock.h"
#include "base/time_text.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"
#include "people/audit_line.h"

#include <string.h>

static void free_row(void *row)
{
    audit_row_free(row);
}

static bool take_file(const char *path, const char *action, int64_t from_us, GPtrArray *rows,
                      GError **error)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    const char *text;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        if (!memmem(text, size, action, strlen(action)))
            continue;
        g_autoptr(AuditRow) row = audit_row_read(text, size);
        if (row && strcmp(row->action, action) == 0 && strcmp(row->result, "ok") == 0 &&
            row->time_us >= from_us)
            g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return got == 0;
}

GPtrArray *audit_since(const char *folder, const char *action, int64_t from_us, GError **error)
{
    g_autoptr(GPtrArray) names = day_names(folder, ".jsonl", error);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    for (guint i = 0; names && i < names->len; i++) {
        char day[DAY_TEXT];
        int64_t start_us;
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        g_strlcpy(day, names->pdata[i], sizeof "2026-11-24");
        if (day_parse(day, &start_us) && start_us + DAY_US > from_us &&
            !take_file(path, action, from_us, rows, error))
            return NULL;
    }
    return names ? g_steal_pointer(&rows) : NULL;
}
