#include "catalog/repairs.h"

#include "catalog/refs.h"

void repair_row_free(RepairRow *row)
{
    if (!row)
        return;
    g_free(row->fault);
    g_free(row->state);
    g_free(row->owner);
    g_free(row->due);
    g_free(row->funding);
    g_free(row);
}

void repair_step_free(RepairStep *step)
{
    if (!step)
        return;
    g_free(step->changes);
    g_free(step->note);
    g_free(step);
}

bool repairs_put(CatalogDb *db, const RepairRow *row, GError **error)
{
    int64_t camera = 0;
    if (!camera_ref(db, &row->camera, &camera, error))
        return false;
    if (camera == 0)
        return err_set(error, ERR_NOT_FOUND, "a repair of a camera that is not known");
    g_auto(Query) query =
        query_begin(db, "INSERT INTO repairs (id, camera, event, fault, state, owner, due, cost,"
                        " funding, created_us, changed_us, done_us)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        " ON CONFLICT (id) DO UPDATE SET fault = excluded.fault,"
                        " state = excluded.state, owner = excluded.owner, due = excluded.due,"
                        " cost = excluded.cost, funding = excluded.funding,"
                        " changed_us = excluded.changed_us, done_us = excluded.done_us");
    query_uuid(&query, &row->id);
    query_int(&query, camera);
    query_uuid(&query, &row->event);
    query_text(&query, row->fault);
    query_text(&query, row->state);
    query_text(&query, row->owner);
    query_text(&query, row->due);
    query_int(&query, row->cost);
    query_text(&query, row->funding);
    query_int(&query, row->created_us);
    query_int(&query, row->changed_us);
    query_int(&query, row->done_us);
    return query_run(&query, error);
}

bool repairs_put_step(CatalogDb *db, const Uuid *repair, const RepairStep *step, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "INSERT INTO repair_steps (repair, at_us, who, changes, note)"
                        " SELECT ref, ?, ?, ?, ? FROM repairs WHERE id = ?");
    query_int(&query, step->at_us);
    query_uuid(&query, &step->who);
    query_text(&query, step->changes);
    query_text(&query, step->note);
    query_uuid(&query, repair);
    return query_run(&query, error);
}

#define REPAIR_COLUMNS                                                                   \
    "SELECT r.ref, r.id, c.id, r.event, r.fault, r.state, r.owner, r.due, r.cost,"       \
    " r.funding, r.created_us, r.changed_us, r.done_us FROM repairs r JOIN cameras c ON" \
    " c.ref = r.camera "

static RepairRow *read_row(const Query *query)
{
    RepairRow *row = g_new(RepairRow, 1);
    *row = (RepairRow){
        .ref = column_int(query, 0),
        .id = column_uuid(query, 1),
        .camera = column_uuid(query, 2),
        .event = column_uuid(query, 3),
        .fault = column_text(query, 4),
        .state = column_text(query, 5),
        .owner = column_text(query, 6),
        .due = column_text(query, 7),
        .cost = column_int(query, 8),
        .funding = column_text(query, 9),
        .created_us = column_int(query, 10),
        .changed_us = column_int(query, 11),
        .done_us = column_int(query, 12),
    };
    return row;
}

RepairRow *repairs_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, REPAIR_COLUMNS "WHERE r.id = ?");
    query_uuid(&query, id);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_ROW)
        return read_row(&query);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such repair");
    return NULL;
}

GPtrArray *repairs_list(CatalogDb *db, RepairsWanted wanted, const Uuid *camera, int64_t before_ref,
                        unsigned limit, GError **error)
{
    int64_t ref = 0;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)repair_row_free);
    if (camera && !camera_ref(db, camera, &ref, error))
        return NULL;
    g_auto(Query) query =
        query_begin(db, REPAIR_COLUMNS "WHERE r.ref < ? AND (?2 = 0 OR (?2 = 1) = (r.done_us = 0))"
                                       " AND (?3 OR r.camera = ?4) ORDER BY r.ref DESC LIMIT ?5");
    query_int(&query, before_ref ? before_ref : INT64_MAX);
    query_int(&query, wanted);
    query_int(&query, camera == NULL);
    query_int(&query, ref);
    query_int(&query, limit);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW)
        g_ptr_array_add(rows, read_row(&query));
    return step == QUERY_END ? g_steal_pointer(&rows) : NULL;
}

GPtrArray *repairs_steps(CatalogDb *db, const Uuid *repair, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify)repair_step_free);
    g_auto(Query) query =
        query_begin(db, "SELECT s.at_us, s.who, s.changes, s.note FROM repair_steps s"
                        " JOIN repairs r ON r.ref = s.repair WHERE r.id = ? ORDER BY s.ref");
    query_uuid(&query, repair);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        RepairStep *one = g_new(RepairStep, 1);
        *one = (RepairStep){
            .at_us = column_int(&query, 0),
            .who = column_uuid(&query, 1),
            .changes = column_text(&query, 2),
            .note = column_text(&query, 3),
        };
        g_ptr_array_add(steps, one);
    }
    return step == QUERY_END ? g_steal_pointer(&steps) : NULL;
}

bool repairs_count(CatalogDb *db, const char *today, int64_t *open, int64_t *overdue,
                   GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT count(*), coalesce(sum(due <> '' AND due < ?), 0) FROM repairs"
                        " WHERE done_us = 0");
    query_text(&query, today);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *open = column_int(&query, 0);
    *overdue = column_int(&query, 1);
    return true;
}
