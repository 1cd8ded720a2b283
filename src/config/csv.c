#include "config/csv.h"

#include "base/error.h"

#include <string.h>

typedef struct Reader {
    const char *at, *end;
    char separator;
    unsigned line;
} Reader;

static void free_row(void *data)
{
    CsvRow *row = data;
    g_ptr_array_unref(row->fields);
    g_free(row);
}

static char find_separator(const char *text, const char *end)
{
    const char marks[] = {',', ';', '\t'};
    unsigned counts[G_N_ELEMENTS(marks)] = {0};
    for (; text < end && *text != '\n'; text++)
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
            counts[i] += *text == marks[i];
    size_t best = 0;
    for (size_t i = 1; i < G_N_ELEMENTS(marks); i++)
        if (counts[i] > counts[best])
            best = i;
    return marks[best];
}

static bool fail(const Reader *reader, const char *what, GError **error)
{
    return err_set(error, ERR_INVALID, "line %u: %s", reader->line, what);
}

/* Between quotes; two of them are one. */
static bool read_quoted(Reader *reader, GString *field, GError **error)
{
    Reader begin = *reader;
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at == '\n')
            reader->line++;
        if (*reader->at == '"' && (++reader->at == reader->end || *reader->at != '"'))
            return true;
        if (field->len >= CSV_FIELD_BYTES_MOST)
            return fail(&begin, "a field is too long; is a quote missing?", error);
        g_string_append_c(field, *reader->at);
    }
    return fail(&begin, "a quote is opened and not closed", error);
}

static bool read_field(Reader *reader, GPtrArray *fields, GError **error)
{
    g_autoptr(GString) field = g_string_new(NULL);
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '"' && !read_quoted(reader, field, error))
        return false;
    while (reader->at < reader->end && *reader->at != reader->separator && *reader->at != '\n') {
        if (field->len >= CSV_FIELD_BYTES_MOST)
            return fail(reader, "a field is too long", error);
        g_string_append_c(field, *reader->at++);
    }
    if (fields->len >= CSV_COLUMNS_MOST)
        return fail(reader, "there are too many columns", error);
    g_ptr_array_add(fields, g_strstrip(g_strdup(field->str)));
    return true;
}

static CsvRow *read_row(Reader *reader, GError **error)
{
    CsvRow *row = g_new(CsvRow, 1);
    *row = (CsvRow){reader->line, g_ptr_array_new_with_free_func(g_free)};
    for (;;) {
        if (!read_field(reader, row->fields, error)) {
            free_row(row);
            return NULL;
        }
        if (reader->at == reader->end || *reader->at == '\n')
            break;
        reader->at++; /* the separator */
    }
    if (reader->at < reader->end) {
        reader->at++;
        reader->line++;
    }
    return row;
}

static bool is_empty(const CsvRow *row)
{
    for (guint i = 0; i < row->fields->len; i++)
        if (*(const char *)row->fields->pdata[i])
            return false;
    return true;
}

GPtrArray *csv_read(const char *text, size_t size, GError **error)
{
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, as spreadsheets write it */
    Reader reader = {text, text + size, 0, 1};
    if (size >= 3 && memcmp(text, mark, 3) == 0)
        reader.at += 3;
    if (!g_utf8_validate_len(reader.at, (gsize)(reader.end - reader.at), NULL)) {
        err_set(error, ERR_INVALID,
                "the file is not UTF-8; save it as \"CSV UTF-8\" in the spreadsheet");
        return NULL;
    }
    reader.separator = find_separator(reader.at, reader.end);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    while (reader.at < reader.end) {
        CsvRow *row = read_row(&reader, error);
        if (!row)
            return NULL;
        if (is_empty(row)) {
            free_row(row);
        } else if (rows->len >= CSV_ROWS_MOST) {
            free_row(row);
            fail(&reader, "there are too many rows", error);
            return NULL;
        } else {
            g_ptr_array_add(rows, row);
        }
    }
    return g_steal_pointer(&rows);
}
