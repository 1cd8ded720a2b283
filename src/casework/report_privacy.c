/* What may go of a report, and goes. */
#include "casework/report_privacy.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "casework/case.h"
#include "casework/report_desk_state.h"
#include "config/site_day.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXPIRE_MOST = 100 };

const char *report_wish_text(ReportWish wish)
{
    return wish == REPORT_WISH_COPY ? "copy" : "erasure";
}

bool report_wish_parse(const char *text, ReportWish *wish)
{
    *wish = g_strcmp0(text, "copy") == 0 ? REPORT_WISH_COPY : REPORT_WISH_ERASURE;
    return g_strcmp0(text, report_wish_text(*wish)) == 0;
}

const char *report_erased_text(ReportErased erased)
{
    static const char *const texts[] = {
        [REPORT_WHOLE] = NULL, [REPORT_ERASED_PERSON] = "person", [REPORT_ERASED] = "all"};
    return texts[erased];
}

bool report_stays(CatalogDb *db, const Uuid *report, bool *stays, GError **error)
{
    return reports_is_wanted(db, report, case_lets_go, stays, error);
}

/* ---- wishes ---- */

typedef struct Wishing {
    const Uuid *id;
    ReportWish wish;
    bool done;
    int64_t now_us, due_us;
    ReportRow *after; /* owned */
} Wishing;

static bool note_wish(const Wishing *wishing, ReportRow *row, GError **error)
{
    if (row->erased == REPORT_ERASED)
        return err_set(error, ERR_INVALID, "nothing is left of this report but that it was told");
    if (row->wishes & wishing->wish)
        return true;
    if (!row->wishes) {
        row->wished_us = wishing->now_us;
        row->wish_due_us = wishing->due_us;
    }
    row->wishes |= wishing->wish;
    return true;
}

static bool end_wish(const Wishing *wishing, ReportRow *row, GError **error)
{
    if (!(row->wishes & wishing->wish))
        return err_set(error, ERR_NOT_FOUND, "nobody waits for that");
    row->wishes &= ~(unsigned)wishing->wish;
    return true;
}

static bool write_wish(CatalogDb *db, void *data, GError **error)
{
    Wishing *wishing = data;
    g_clear_pointer(&wishing->after, report_row_free);
    g_autoptr(ReportRow) row = reports_get(db, wishing->id, error);
    if (!row || !(wishing->done ? end_wish : note_wish)(wishing, row, error) ||
        !reports_put_wishes(db, row, error))
        return false;
    wishing->after = g_steal_pointer(&row);
    return true;
}

static ReportRow *run_wish(ReportDesk *desk, Wishing *wishing, GError **error)
{
    bool written = catalog_write_wait(desk->catalog, write_wish, wishing, error);
    g_autoptr(ReportRow) after = wishing->after;
    if (!written)
        return NULL;
    report_desk_news(desk, after, REPORT_NEWS_CHANGED);
    return g_steal_pointer(&after);
}

ReportRow *report_desk_wish(ReportDesk *desk, const Uuid *id, ReportWish wish, GError **error)
{
    int64_t now_us = clock_now_us(), days = site_number(desk->site, SITE_VALUE_PRIVACY_ANSWER_DAYS);
    Wishing wishing = {.id = id,
                       .wish = wish,
                       .now_us = now_us,
                       .due_us = site_working_days_end_us(desk->site, now_us, days)};
    return run_wish(desk, &wishing, error);
}

ReportRow *report_desk_wish_done(ReportDesk *desk, const Uuid *id, ReportWish wish, GError **error)
{
    Wishing wishing = {.id = id, .wish = wish, .done = true};
    return run_wish(desk, &wishing, error);
}

/* ---- erasing ---- */

typedef struct Erasing {
    const Uuid *id;
    int64_t now_us;
    ReportErased again; /* so much is gone by the list, whatever case there is; else WHOLE */
    ReportRow *before, *after;
} Erasing;

static bool may_go(CatalogDb *db, const Erasing *erasing, ReportErased *level, GError **error)
{
    bool stays = false;
    *level = erasing->again;
    if (erasing->again)
        return true;
    if (!report_stays(db, erasing->id, &stays, error))
        return false;
    *level = stays ? REPORT_ERASED_PERSON : REPORT_ERASED;
    return true;
}

static bool erase_row(CatalogDb *db, ReportRow *row, ReportErased level, int64_t now_us,
                      GError **error)
{
    row->erased = (int)level;
    row->erased_us = now_us;
    row->wishes = level == REPORT_ERASED ? 0 : row->wishes & ~(unsigned)REPORT_WISH_ERASURE;
    return reports_erase_person(db, row, error) &&
           (level < REPORT_ERASED || reports_erase_words(db, row, error)) &&
           reports_put_erased(db, row, error);
}

static bool write_erase(CatalogDb *db, void *data, GError **error)
{
    Erasing *erasing = data;
    ReportErased level;
    g_clear_pointer(&erasing->before, report_row_free);
    g_clear_pointer(&erasing->after, report_row_free);
    g_autoptr(ReportRow) row = reports_get(db, erasing->id, error);
    if (!row || !may_go(db, erasing, &level, error))
        return false;
    if (row->erased >= (int)level)
        return err_set(error, ERR_EXISTS, "of this report is gone what may go");
    if (!erase_row(db, row, level, erasing->now_us, error))
        return false;
    erasing->before = g_steal_pointer(&row);
    erasing->after = reports_get(db, erasing->id, error);
    return erasing->after != NULL;
}

static void remove_files(const ReportDesk *desk, const Uuid *report)
{
    char id[UUID_TEXT];
    g_autofree char *folder = g_build_filename(desk->folder, uuid_text(report, id), NULL);
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        unlink(path);
    }
    rmdir(folder);
}

static char *list_path(const ReportDesk *desk)
{
    return g_build_filename(desk->folder, "erased.list", NULL);
}

static bool note_erased(const ReportDesk *desk, const Uuid *report, int erased, GError **error)
{
    char id[UUID_TEXT];
    g_autofree char *path = list_path(desk),
                    *line = g_strdup_printf("%s %d\n", uuid_text(report, id), erased);
    return folder_make(desk->folder, error) &&
           file_append_sync(path, line, strlen(line), 0640, error);
}

/* What the list does not get, it gets at the next start. */
static ReportRow *erase(ReportDesk *desk, const Uuid *id, ReportErased again, ReportRow **before,
                        GError **error)
{
    g_autoptr(GError) unlisted = NULL;
    Erasing erasing = {.id = id, .now_us = clock_now_us(), .again = again};
    bool written = catalog_write_wait(desk->catalog, write_erase, &erasing, error);
    g_autoptr(ReportRow) was = erasing.before, after = erasing.after;
    if (!written)
        return NULL;
    if (after->erased == REPORT_ERASED)
        remove_files(desk, id);
    if (!note_erased(desk, id, after->erased, &unlisted))
        log_error("report.erased", "cause=\"%s\"", unlisted->message);
    if (before)
        *before = g_steal_pointer(&was);
    return g_steal_pointer(&after);
}

ReportRow *report_desk_erase(ReportDesk *desk, const Uuid *id, ReportRow **before, GError **error)
{
    ReportRow *after = erase(desk, id, REPORT_WHOLE, before, error);
    if (after)
        report_desk_news(desk, after, REPORT_NEWS_CHANGED);
    return after;
}

/* ---- what goes by itself ---- */

static bool expire_state(ReportDesk *desk, const char *state, SiteValue keep, int64_t now_us,
                         GError **error)
{
    int64_t days = site_number(desk->site, keep);
    if (!days)
        return true;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GArray) ids = db ? reports_outlived(db, state, now_us - days * DAY_US, REPORT_ERASED,
                                                  case_lets_go, EXPIRE_MOST, error)
                               : NULL;
    if (!ids)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(ReportRow) after =
            erase(desk, &g_array_index(ids, Uuid, i), REPORT_WHOLE, NULL, error);
        if (!after)
            return false;
        report_desk_news(desk, after, REPORT_NEWS_EXPIRED);
    }
    return true;
}

bool report_desk_expire(ReportDesk *desk, int64_t now_us, GError **error)
{
    return expire_state(desk, REPORT_ANSWERED, SITE_VALUE_REPORT_KEEP_DAYS, now_us, error) &&
           expire_state(desk, REPORT_JOINED, SITE_VALUE_REPORT_KEEP_DAYS, now_us, error) &&
           expire_state(desk, REPORT_REJECTED, SITE_VALUE_REPORT_KEEP_REJECTED_DAYS, now_us, error);
}

/* ---- what was erased before the catalog that is ---- */

enum { LIST_BYTES_MOST = 64 << 20 };

/* Uuid → ReportErased of the list; damaged lines are passed over. Returns owned. */
static GHashTable *read_list(const ReportDesk *desk)
{
    size_t size;
    g_autofree char *path = list_path(desk), *text = file_read(path, LIST_BYTES_MOST, &size, NULL);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    GHashTable *listed = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, NULL);
    for (char **line = lines; *line; line++) {
        Uuid id;
        char *level = strchr(*line, ' ');
        if (!level)
            continue;
        *level++ = '\0';
        int erased = strcmp(level, "2") == 0 ? REPORT_ERASED : REPORT_ERASED_PERSON;
        if (uuid_parse(*line, &id) && erased > GPOINTER_TO_INT(g_hash_table_lookup(listed, &id)))
            g_hash_table_insert(listed, g_memdup2(&id, sizeof id), GINT_TO_POINTER(erased));
    }
    return listed;
}

/* What the catalog has, and the list has not: the power went between. */
static bool list_known(const ReportDesk *desk, const GArray *known, GHashTable *listed,
                       GError **error)
{
    for (guint i = 0; i < known->len; i++) {
        const ReportErasedRow *row = &g_array_index(known, ReportErasedRow, i);
        int level = GPOINTER_TO_INT(g_hash_table_lookup(listed, &row->id));
        if (level < row->erased && !note_erased(desk, &row->id, row->erased, error))
            return false;
        if (level <= row->erased)
            g_hash_table_remove(listed, &row->id);
        if (row->erased == REPORT_ERASED)
            remove_files(desk, &row->id);
    }
    return true;
}

bool report_desk_erase_again(ReportDesk *desk, GError **error)
{
    g_autoptr(GHashTable) listed = read_list(desk);
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GArray) known = db ? reports_erased(db, error) : NULL;
    if (!known)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    if (!list_known(desk, known, listed, error))
        return false;
    GHashTableIter each;
    void *id, *level;
    g_hash_table_iter_init(&each, listed);
    while (g_hash_table_iter_next(&each, &id, &level)) {
        g_autoptr(GError) none = NULL;
        g_autoptr(ReportRow) after =
            erase(desk, id, (ReportErased)GPOINTER_TO_INT(level), NULL, &none);
        if (!after && !g_error_matches(none, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&none));
            return false;
        }
    }
    return true;
}
