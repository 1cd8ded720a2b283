/* Reads the audit log from its end: a page is a few lines, whatever lies before them. A line is
 * canonical (ledger/line.h), so that one which does not hold an id as text is not about it, and is
 * passed over unparsed. */
#include "base/clock.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"
#include "people/audit_line.h"
#include "people/audit_state.h"

#include <inttypes.h>
#include <string.h>

typedef struct Listing {
    AuditQuery query;
    char *actor, *object; /* as members of a line; NULL: any */
    char *change;         /* quoted; NULL: any */
    char day[DAY_TEXT];   /* where to begin; "": at the end of the log */
    int64_t offset;
    unsigned looked_at;
    GPtrArray *rows;
} Listing;

static void free_row(void *row)
{
    audit_row_free(row);
}

/* `"key":"value"` as a line has it; NULL for no value. Returns owned. */
static char *member(const char *key, const char *value)
{
    return value ? g_strdup_printf("\"%s\":\"%s\"", key, value) : NULL;
}

static bool lacks(const char *text, size_t size, const char *wanted)
{
    return wanted && !memmem(text, size, wanted, strlen(wanted));
}

static bool is_of_kind(AuditKind kind, const char *text, size_t size)
{
    static const char key[] = "\"action\":\"";
    char action[64];
    const char *at = memmem(text, size, key, strlen(key));
    if (!at)
        return false;
    at += strlen(key);
    g_strlcpy(action, at, sizeof action);
    action[strcspn(action, "\"")] = '\0';
    return audit_kind_of(action) == kind;
}

static bool may_fit(const Listing *listing, const char *text, size_t size)
{
    const AuditQuery *query = &listing->query;
    return !lacks(text, size, listing->actor) && !lacks(text, size, listing->object) &&
           !lacks(text, size, listing->change) &&
           (!query->refused || lacks(text, size, "\"result\":\"ok\"")) &&
           (query->kind == AUDIT_ANY || is_of_kind(query->kind, text, size));
}

static bool has_change(const AuditRow *row, const char *after)
{
    for (guint i = 0; i < row->changes->len; i++)
        if (strcmp(g_array_index(row->changes, AuditRowChange, i).after, after) == 0)
            return true;
    return false;
}

static bool fits(const Listing *listing, const AuditRow *row)
{
    const AuditQuery *query = &listing->query;
    return row->time_us >= query->from_us && row->time_us < query->to_us &&
           (!query->actor || strcmp(row->actor, query->actor) == 0) &&
           (!query->object || strcmp(row->object, query->object) == 0) &&
           (!query->change || has_change(row, query->change)) &&
           (query->kind == AUDIT_ANY || audit_kind_of(row->action) == query->kind) &&
           (!query->refused || audit_is_refused(row));
}

/* Lines of other kinds and damaged ones are passed over: `vonglau verify` is who tells of these. */
static void take_line(Listing *listing, const char *text, size_t size)
{
    if (!may_fit(listing, text, size))
        return;
    g_autoptr(AuditRow) row = audit_row_read(text, size);
    if (row && fits(listing, row))
        g_ptr_array_add(listing->rows, g_steal_pointer(&row));
}

static bool is_done(const Listing *listing)
{
    return listing->rows->len >= listing->query.limit ||
           (listing->query.lines > 0 && listing->looked_at >= listing->query.lines);
}

/* Leaves the place behind which it would go on. */
static bool take_file(Listing *listing, const char *path, const char *day, GError **error)
{
    bool begun = strcmp(day, listing->day) == 0;
    g_autoptr(JsonlReader) reader = begun ? jsonl_reader_open_before(path, listing->offset, error)
                                          : jsonl_reader_open_back(path, error);
    if (!reader)
        return false;
    const char *text;
    size_t size;
    int got = 1;
    g_strlcpy(listing->day, day, sizeof listing->day);
    while (!is_done(listing) && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        take_line(listing, text, size);
        listing->looked_at++;
        listing->offset = jsonl_reader_begin(reader);
    }
    if (got == 0)
        listing->offset = 0;
    return got >= 0;
}

/* A clock that was set back leaves lines in the file of a later day: one day of slack. */
static bool may_hold(const Listing *listing, const char *day)
{
    int64_t start_us;
    return day_parse(day, &start_us) && start_us + 2 * DAY_US > listing->query.from_us &&
           start_us - DAY_US < listing->query.to_us &&
           (!*listing->day || strcmp(day, listing->day) <= 0);
}

/* "2026-11-24-5120": the file, and the byte of it before which to go on. */
static bool read_cursor(Listing *listing, GError **error)
{
    const char *cursor = listing->query.cursor;
    int64_t start_us;
    if (!cursor)
        return true;
    g_strlcpy(listing->day, cursor, strlen("2026-11-24") + 1);
    return (strlen(cursor) > strlen("2026-11-24-") && day_parse(listing->day, &start_us) &&
            cursor[strlen("2026-11-24")] == '-' &&
            g_ascii_string_to_signed(cursor + strlen("2026-11-24-"), 10, 0, INT64_MAX,
                                     &listing->offset, NULL)) ||
           err_set(error, ERR_INVALID, "‘cursor’ must be as ‘next’ of the page before said");
}

/* Reads until the page is full; `*more`: there may be more behind it. */
static bool run(Audit *audit, Listing *listing, bool *more, GError **error)
{
    g_autoptr(GPtrArray) names = day_names(audit->folder, ".jsonl", error);
    if (!names)
        return false;
    *more = false;
    for (guint i = names->len; i > 0; i--) {
        char day[DAY_TEXT];
        g_autofree char *path = g_build_filename(audit->folder, names->pdata[i - 1], NULL);
        g_strlcpy(day, names->pdata[i - 1], strlen("2026-11-24") + 1);
        if (!may_hold(listing, day))
            continue;
        if (is_done(listing)) {
            *more = true;
            break;
        }
        if (!take_file(listing, path, day, error))
            return false;
        *more = listing->offset > 0 && is_done(listing);
    }
    return true;
}

GPtrArray *audit_search(Audit *audit, const AuditQuery *query, char **next, GError **error)
{
    bool more;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autofree char *actor = member("actor", query->actor);
    g_autofree char *object = member("object", query->object);
    g_autofree char *change = query->change ? g_strdup_printf("\"%s\"", query->change) : NULL;
    Listing listing = {
        .query = *query, .actor = actor, .object = object, .change = change, .rows = rows};
    *next = NULL;
    if (!read_cursor(&listing, error) || !run(audit, &listing, &more, error))
        return NULL;
    if (more)
        *next = g_strdup_printf("%s-%" PRId64, listing.day, listing.offset);
    return g_steal_pointer(&rows);
}
