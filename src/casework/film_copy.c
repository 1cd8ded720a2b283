#include "casework/film_copy.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/site_day.h"

#include <string.h>

enum { YEAR_LEAST = 2000, YEAR_MOST = 9999, SEQ_MOST = 999999999, N_MOST = 9999 };

char *film_number(int year, int seq, char text[FILM_NUMBER_TEXT])
{
    g_snprintf(text, FILM_NUMBER_TEXT, "BC-%d-%04d", year, seq);
    return text;
}

/* Digits up to `end`, or to the end of the text; `*at` goes behind them. */
static bool take_number(const char **at, char end, gint64 least, gint64 most, int *number)
{
    gint64 value = 0;
    const size_t length = strcspn(*at, (const char[]){end, '\0'});
    g_autofree char *digits = g_strndup(*at, MIN(length, 10));
    if (length > 10 || !g_ascii_string_to_signed(digits, 10, least, most, &value, NULL))
        return false;
    *at += length + ((*at)[length] != '\0');
    *number = (int)value;
    return true;
}

bool copy_number_parse(const char *text, CopyNumber *number)
{
    const char *at = text + strlen("CC-");
    *number = (CopyNumber){.package = g_ascii_strncasecmp(text, "CC-", 3) == 0};
    if (!number->package && g_ascii_strncasecmp(text, "BC-", 3) != 0)
        return false;
    const bool copied = number->package && strchr(text, '/') != NULL;
    return take_number(&at, '-', YEAR_LEAST, YEAR_MOST, &number->year) &&
           take_number(&at, copied ? '/' : '\0', 1, SEQ_MOST, &number->seq) &&
           (!copied || take_number(&at, '\0', 1, N_MOST, &number->n)) && *at == '\0';
}

static bool write_number(CatalogDb *db, void *data, GError **error)
{
    return film_copies_add(db, data, error);
}

bool film_copy_number(Catalog *catalog, Site *site, ExportJob *job, GError **error)
{
    char text[FILM_NUMBER_TEXT];
    const int64_t now_us = clock_now_us();
    g_autofree char *day = site_day_text(site, now_us);
    FilmCopyRow row = {.id = job->id,
                       .year = (int)g_ascii_strtoll(day, NULL, 10),
                       .camera = job->camera,
                       .from_us = job->from_us,
                       .to_us = job->to_us,
                       .receiver = job->receiver,
                       .boxes = job->redaction ? job->redaction->boxes->len : 0,
                       .by = job->who,
                       .at_us = now_us};
    if (!catalog_write_wait(catalog, write_number, &row, error))
        return false;
    g_free(job->number);
    job->number = g_strdup(film_number(row.year, row.seq, text));
    return true;
}

static bool remove_number(CatalogDb *db, void *data, GError **error)
{
    return film_copies_remove(db, data, error);
}

void film_copy_undo(Catalog *catalog, const ExportJob *job)
{
    Uuid id = job->id;
    g_autoptr(GError) error = NULL;
    if (!catalog_write_wait(catalog, remove_number, &id, &error))
        log_warning("film.number", "number=%s cause=\"%s\"", job->number, error->message);
}
