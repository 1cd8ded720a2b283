#include "catalog/numbers.h"

#include "base/file.h"
#include "base/log.h"
#include "catalog/db.h"

#include <string.h>

enum { FILE_MOST_BYTES = 64 << 10, LINES_MOST = 1000, YEAR_MOST = 9999, NUMBER_MOST = 999999999 };

static const struct {
    const char *text, *newest;
} kinds[NUMBERED_KINDS] = {
    [NUMBERED_CASE] = {"case", "SELECT coalesce(max(seq), 0) FROM cases WHERE year = ?"},
    [NUMBERED_REPORT] = {"report", "SELECT coalesce(max(seq), 0) FROM reports WHERE year = ?"},
    [NUMBERED_PACKAGE] = {"package", "SELECT coalesce(max(seq), 0) FROM packages WHERE year = ?"},
    [NUMBERED_FILM] = {"film", "SELECT coalesce(max(seq), 0) FROM film_copies WHERE year = ?"},
};

/* The newest of a kind and year. */
typedef struct Given {
    Numbered kind;
    int year, seq;
    Uuid id;
} Given;

/* ---- the file ---- */

/* NULL: a catalog in memory. Returned owned. */
static char *path_of(CatalogDb *db)
{
    const char *catalog = sqlite3_db_filename(db->sqlite, "main");
    if (!catalog || !*catalog)
        return NULL;
    g_autofree char *folder = g_path_get_dirname(catalog);
    return g_build_filename(folder, "numbers", NULL);
}

static bool read_number(const char *text, guint64 most, int *number)
{
    guint64 value;
    if (!g_ascii_string_to_unsigned(text, 10, 1, most, &value, NULL))
        return false;
    *number = (int)value;
    return true;
}

/* "<kind> <year> <number> <id of the row>" */
static bool read_line(const char *line, Given *given)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    if (g_strv_length(words) != 4 || !read_number(words[1], YEAR_MOST, &given->year) ||
        !read_number(words[2], NUMBER_MOST, &given->seq) || !uuid_parse(words[3], &given->id))
        return false;
    for (int i = 0; i < NUMBERED_KINDS; i++)
        if (strcmp(words[0], kinds[i].text) == 0) {
            given->kind = (Numbered)i;
            return true;
        }
    return false;
}

/* What a disk refuses is its trouble, not that of who asks, who is told no path. */
static bool disk_failed(const char *path, GError *cause, GError **error)
{
    if (g_error_matches(cause, ERR, ERR_FULL)) {
        g_propagate_error(error, cause);
        return false;
    }
    log_error("catalog.numbers", "path=%s cause=\"%s\"", path, cause->message);
    g_error_free(cause);
    return err_set(error, ERR_IO, "the disk takes no numbers");
}

/* Lines that make no sense are told, and count as nothing. Returned owned, or NULL. */
static GArray *read_all(const char *path, GError **error)
{
    size_t size;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Given));
    GError *cause = NULL;
    g_autofree char *text = g_file_test(path, G_FILE_TEST_EXISTS)
                                ? file_read(path, FILE_MOST_BYTES, &size, &cause)
                                : NULL;
    if (cause) {
        disk_failed(path, cause, error);
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", LINES_MOST);
    bool sound = true;
    for (char **line = lines; *line; line++) {
        Given given;
        if (read_line(*line, &given))
            g_array_append_val(all, given);
        else
            sound = sound && !**line;
    }
    if (!sound)
        log_warning("catalog.numbers", "path=%s cause=\"a line of it makes no sense\"", path);
    return g_steal_pointer(&all);
}

static bool write_all(const char *path, const GArray *all, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const Given *given = &g_array_index(all, Given, i);
        char id[UUID_TEXT];
        g_string_append_printf(text, "%s %d %d %s\n", kinds[given->kind].text, given->year,
                               given->seq, uuid_text(&given->id, id));
    }
    GError *cause = NULL;
    return file_write_atomic(path, text->str, text->len, 0640, &cause) ||
           disk_failed(path, cause, error);
}

/* The line of `kind` and `year`, made where there is none. */
static Given *find(GArray *all, Numbered kind, int year)
{
    for (guint i = 0; i < all->len; i++) {
        Given *given = &g_array_index(all, Given, i);
        if (given->kind == kind && given->year == year)
            return given;
    }
    Given none = {.kind = kind, .year = year};
    g_array_append_val(all, none);
    return &g_array_index(all, Given, all->len - 1);
}

/* ---- giving ---- */

static bool newest_of(CatalogDb *db, Numbered kind, int year, int *seq, GError **error)
{
    g_auto(Query) query = query_begin(db, kinds[kind].newest);
    query_int(&query, year);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *seq = (int)column_int(&query, 0);
    return true;
}

bool numbers_next(CatalogDb *db, Numbered kind, int year, const Uuid *id, int *seq, GError **error)
{
    int newest;
    if (!newest_of(db, kind, year, &newest, error))
        return false;
    *seq = newest + 1;
    g_autofree char *path = path_of(db);
    if (!path)
        return true;
    g_autoptr(GArray) all = read_all(path, error);
    if (!all)
        return false;
    Given *given = find(all, kind, year);
    bool again = given->seq > newest && uuid_equal(&given->id, id);
    *seq = again ? given->seq : MAX(newest, given->seq) + 1;
    given->seq = *seq;
    given->id = *id;
    return again || write_all(path, all, error);
}
