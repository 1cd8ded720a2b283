#include "casework/given_keep.h"

#include "base/log.h"
#include "casework/case.h"
#include "household/household_left.h"

#define LOOK_US (10 * MINUTE_US)
enum { EXPIRE_MOST = 100 };

int64_t given_kept_until_us(int64_t deadline_us, const CaseRow *of_case, int64_t days)
{
    if (of_case && !case_is_over(of_case))
        return GIVEN_KEPT_FOR_CASE;
    return MAX(deadline_us, of_case ? of_case->state_us : 0) + days * DAY_US;
}

bool given_keep_until(CatalogDb *db, const char *case_number, int64_t deadline_us, int64_t days,
                      int64_t *until_us, GError **error)
{
    int year, seq;
    g_autoptr(GError) missing = NULL;
    g_autoptr(CaseRow) of_case = case_number_parse(case_number, &year, &seq)
                                     ? cases_get_number(db, year, seq, &missing)
                                     : NULL;
    if (missing && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    *until_us = given_kept_until_us(deadline_us, of_case, days);
    return true;
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Expiring {
    const HouseholdAgedRow *aged;
    int64_t due_us, now_us, days;
    bool gone;
    HouseholdFileRow row;
} Expiring;

/* It may have become evidence, or its case may be open again, since it was found. */
static bool write_expired(CatalogDb *db, void *data, GError **error)
{
    Expiring *expiring = data;
    HouseholdFileRow *row = &expiring->row;
    Uuid household, request;
    int64_t until_us;
    g_autofree char *number = NULL;
    expiring->gone = false;
    if (!household_files_get(db, &expiring->aged->id, row, &household, &request, &number, error) ||
        !given_keep_until(db, number, expiring->aged->deadline_us, expiring->days, &until_us,
                          error))
        return false;
    if (!footage_file_is_given(row) || row->evidence_us || until_us > expiring->due_us)
        return true;
    row->expired_us = expiring->now_us;
    expiring->gone = true;
    return household_files_put(db, row, error);
}

static bool expire(GivenKeep *keep, const HouseholdAgedRow *aged, int64_t due_us, unsigned *gone,
                   GError **error)
{
    Expiring expiring = {.aged = aged,
                         .due_us = due_us,
                         .now_us = clock_now_us(),
                         .days = site_number(keep->site, SITE_VALUE_GIVEN_KEEP_DAYS)};
    if (!catalog_write_wait(keep->catalog, write_expired, &expiring, error))
        return false;
    if (!expiring.gone)
        return true;
    ++*gone;
    keep->told(keep->data, &expiring.row, aged->case_number);
    return given_delete(keep->desk, &aged->household, &aged->id, error);
}

/* Of many of one request, only what a look at the case leaves is put to the writer. */
static bool is_due(CatalogDb *db, const HouseholdAgedRow *aged, int64_t due_us, int64_t days)
{
    int64_t until_us;
    return given_keep_until(db, aged->case_number, aged->deadline_us, days, &until_us, NULL) &&
           until_us <= due_us;
}

static bool expire_aged(GivenKeep *keep, int64_t due_us, GError **error)
{
    unsigned gone = 0;
    int64_t days = site_number(keep->site, SITE_VALUE_GIVEN_KEEP_DAYS);
    g_autoptr(CatalogDb) db = catalog_read(keep->catalog, error);
    g_autoptr(GArray) rows = db ? household_files_aged(db, due_us - days * DAY_US, error) : NULL;
    if (!rows)
        return false;
    for (guint i = rows->len; i-- > 0;)
        if (!is_due(db, &g_array_index(rows, HouseholdAgedRow, i), due_us, days))
            g_array_remove_index(rows, i);
    catalog_read_end(g_steal_pointer(&db));
    bool all = true; /* one that fails stops no other */
    for (guint i = 0; i < rows->len && gone < EXPIRE_MOST; i++)
        all = expire(keep, &g_array_index(rows, HouseholdAgedRow, i), due_us, &gone,
                     all ? error : NULL) &&
              all;
    return all;
}

void given_keep_look(GivenKeep *keep)
{
    g_autoptr(GError) error = NULL, half_error = NULL;
    int64_t mono_us = clock_mono_us();
    if (mono_us < keep->look_us)
        return;
    keep->look_us = mono_us + LOOK_US;
    int64_t due_us = archive_due_us(keep->archive);
    if (!expire_aged(keep, due_us, &error))
        log_error("household.expire", "cause=\"%s\"", error->message);
    if (!given_drop_stale(keep->desk, due_us, &half_error))
        log_error("household.half", "cause=\"%s\"", half_error->message);
    household_clear_given(keep->desk); /* what the disk did not let go of before */
}
