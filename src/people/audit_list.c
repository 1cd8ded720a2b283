/* Reads the audit log from its end: a page is a few lines, whatever lies before them. */
#include "base/clock.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"
#include "people/audit_line.h"
#include "people/audit_state.h"

#include <string.h>

typedef struct Listing {
    int64_t from_us, to_us, before_seq;
    unsigned limit;
    GPtrArray *rows;
} Listing;

static void free_row(void *row)
{
    audit_row_free(row);
}

/* Lines of other kinds and damaged ones are passed over: `vonglau verify` is who tells of these. */
static void take_line(Listing *listing, const char *text, size_t size)
{
    g_autoptr(AuditRow) row = audit_row_read(text, size);
    if (row && row->time_us >= listing->from_us && row->time_us < listing->to_us &&
        (listing->before_seq == 0 || row->seq < listing->before_seq))
        g_ptr_array_add(listing->rows, g_steal_pointer(&row));
}

/* Are all lines of this file at or after the cursor? Then it need not be read. */
static bool is_behind_cursor(const Listing *listing, const char *path)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, NULL);
    const char *text;
    size_t size;
    if (listing->before_seq == 0 || !reader || jsonl_next(reader, &text, &size, NULL) <= 0)
        return false;
    g_autoptr(AuditRow) first = audit_row_read(text, size);
    return first && first->seq >= listing->before_seq;
}

static bool take_file(Listing *listing, const char *path, GError **error)
{
    if (is_behind_cursor(listing, path))
        return true;
    g_autoptr(JsonlReader) reader = jsonl_reader_open_back(path, error);
    if (!reader)
        return false;
    const char *text;
    size_t size;
    int got = 1;
    while (listing->rows->len < listing->limit &&
           (got = jsonl_next(reader, &text, &size, error)) > 0)
        take_line(listing, text, size);
    return got >= 0;
}

/* A clock that was set back leaves lines in the file of a later day: one day of slack. */
static bool may_hold(const Listing *listing, const char *name)
{
    char day[DAY_TEXT];
    int64_t start_us;
    g_strlcpy(day, name, strlen("2026-11-24") + 1);
    return day_parse(day, &start_us) && start_us + 2 * DAY_US > listing->from_us &&
           start_us - DAY_US < listing->to_us;
}

GPtrArray *audit_list(Audit *audit, int64_t from_us, int64_t to_us, int64_t before_seq,
                      unsigned limit, GError **error)
{
    g_autoptr(GPtrArray) names = day_names(audit->folder, ".jsonl", error);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    Listing listing = {from_us, to_us, before_seq, limit, rows};
    if (!names)
        return NULL;
    for (guint i = names->len; i > 0 && rows->len < limit; i--) {
        const char *name = names->pdata[i - 1];
        g_autofree char *path = g_build_filename(audit->folder, name, NULL);
        if (may_hold(&listing, name) && !take_file(&listing, path, error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}
