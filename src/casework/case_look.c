/* Cases whose state lasts too long: told once, as long as it is the same state. */
#include "base/clock.h"
#include "base/log.h"
#include "casework/case_desk_state.h"

enum { OVERDUE_MOST = 50 };

static bool is_overdue(void *data, const CaseRow *row)
{
    int64_t due_us = case_desk_due_us(data, row);
    return due_us && due_us < clock_now_us() && !row->overdue_us;
}

static bool write_overdue(CatalogDb *db, void *data, GError **error)
{
    CaseWork *work = data;
    if (!case_work_begin(db, work, error))
        return false;
    if (is_overdue(work->desk, work->after))
        work->after->overdue_us = work->now_us;
    return case_work_end(db, work, NULL, error);
}

static bool tell_overdue(CaseDesk *desk, GError **error)
{
    static const Uuid server;
    const CaseQuery query = {
        .to_us = INT64_MAX, .limit = OVERDUE_MOST, .fits = is_overdue, .data = desk};
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GPtrArray) rows = db ? cases_list(db, &query, error) : NULL;
    if (!rows)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        CaseWork work = {.desk = desk, .id = &row->id, .who = &server, .now_us = clock_now_us()};
        g_autoptr(CaseRow) told = case_work_run(&work, write_overdue, NULL, error);
        if (!told)
            return false;
    }
    return true;
}

void case_desk_look(CaseDesk *desk)
{
    g_autoptr(GError) error = NULL;
    if (!tell_overdue(desk, &error))
        log_error("case.look", "cause=\"%s\"", error->message);
}
