/* criteria.c — the site's own criteria for a good month: listed, changed, judged by hand. */
#include "http/api/criteria.h"

#include "base/time_text.h"
#include "casework/report.h"
#include "http/api/handlers.h"

#include <math.h>
#include <string.h>

static const char *const members[] = {"text", "figure", "compare", "threshold", NULL};

static Json *criterion_json(const CriterionRow *row)
{
    char id[UUID_TEXT];
    bool by_hand = !*row->figure;
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", uuid_text(&row->id, id), "text", row->text,
                     "figure", by_hand ? json_null() : json_string(row->figure), "compare",
                     by_hand ? json_null() : json_string(row->compare), "threshold",
                     by_hand ? json_null() : json_real(row->threshold));
}

bool criteria_get_all(ApiCall *call, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? criteria_list(db, error) : NULL;
    if (!rows)
        return false;
    Json *items = json_array(), *figures = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(items, criterion_json(rows->pdata[i]));
    CriterionUnit unit;
    const char *figure;
    for (unsigned i = 0; (figure = criterion_figure(i, &unit)); i++)
        json_array_append_new(
            figures, json_pack("{s:s, s:s}", "figure", figure, "unit", criterion_unit_text(unit)));
    return call_json(call, 200, json_pack("{s:o, s:o}", "items", items, "figures", figures));
}

/* ---- changing ---- */

static void take(char **text, const char *given)
{
    if (!given)
        return;
    g_free(*text);
    *text = g_strdup(given);
}

/* What the body gives, into `row`; a null figure is one that is judged by hand. */
static bool read_row(ApiCall *call, CriterionRow *row, GError **error)
{
    const Json *body = call_body(call, members, error);
    const char *text = NULL, *figure = NULL, *compare = NULL;
    if (!body || !json_get_text(body, "text", &text, error) ||
        !json_get_text(body, "figure", &figure, error) ||
        !json_get_text(body, "compare", &compare, error) ||
        !json_get_double(body, "threshold", &row->threshold, error))
        return false;
    bool by_hand = json_is_null(json_object_get(body, "figure"));
    take(&row->text, text);
    take(&row->figure, by_hand ? "" : figure);
    take(&row->compare, by_hand ? "" : compare);
    return criterion_check(row, error);
}

bool criteria_add(ApiCall *call, GError **error)
{
    char id[UUID_TEXT];
    g_autoptr(CriterionRow) row = criterion_row_new();
    row->id = uuid_new();
    row->created_us = clock_now_us();
    if (!read_row(call, row, error) || !criterion_add(call->api->catalog, row, error))
        return false;
    call_audit(call, "criterion-add", uuid_text(&row->id, id), NULL, "ok");
    return call_json(call, 201, criterion_json(row));
}

static CriterionRow *find(ApiCall *call, const Uuid *id, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    return db ? criteria_get(db, id, error) : NULL;
}

bool criterion_edit(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "criterion", &id, error))
        return false;
    g_autoptr(CriterionRow) before = find(call, &id, error);
    g_autoptr(CriterionRow) row = before ? find(call, &id, error) : NULL;
    if (!row || !read_row(call, row, error) || !criterion_change(call->api->catalog, row, error))
        return false;
    Changes changes = {0};
    changes_hidden(&changes, "text", before->text, row->text);
    changes_text(&changes, "figure", before->figure, row->figure);
    changes_text(&changes, "compare", before->compare, row->compare);
    changes_double(&changes, "threshold", before->threshold, row->threshold);
    call_audit_changes(call, "criterion-edit", call->params[0], &changes);
    return call_json(call, 200, criterion_json(row));
}

bool criterion_delete(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "criterion", &id, error) ||
        !criterion_remove(call->api->catalog, &id, error))
        return false;
    call_audit(call, "criterion-remove", call->params[0], NULL, "ok");
    return call_empty(call);
}

/* ---- judged by hand ---- */

/* `met` null: not judged any more. */
static bool read_mark(ApiCall *call, CriterionMark *mark, GError **error)
{
    static const char *const judged[] = {"met", "note", NULL};
    const char *note = "";
    const Json *body = call_body(call, judged, error);
    if (!body || !json_get_bool(body, "met", &mark->met, error) ||
        !json_get_text(body, "note", &note, error))
        return false;
    if (!json_object_get(body, "met"))
        return err_set(error, ERR_INVALID, "‘met’ is missing: true, false or null");
    return json_is_null(json_object_get(body, "met")) ||
           report_text(&mark->note, "note", note, 0, CRITERION_NOTE_MOST, false, error);
}

bool month_judge(ApiCall *call, GError **error)
{
    int64_t from_us, to_us;
    g_autoptr(CriterionMark) mark = g_new0(CriterionMark, 1);
    if (!month_span(call->api->site, call->params[0], clock_now_us(), &from_us, &to_us, error))
        return false;
    if (!uuid_parse(call->params[1], &mark->criterion))
        return err_set(error, ERR_NOT_FOUND, "no such criterion");
    mark->month = g_strdup(call->params[0]);
    mark->by = call_maker(call);
    mark->at_us = clock_now_us();
    if (!read_mark(call, mark, error) || !criterion_judge(call->api->catalog, mark, error))
        return false;
    call_audit(call, "criterion-judge", call->params[1], NULL, "ok");
    return call_empty(call);
}

/* ---- of a month ---- */

static const CriterionMark *mark_of(const GPtrArray *marks, const Uuid *criterion)
{
    for (guint i = 0; i < marks->len; i++) {
        const CriterionMark *mark = marks->pdata[i];
        if (uuid_equal(&mark->criterion, criterion))
            return mark;
    }
    return NULL;
}

static Json *judged_json(const CriterionRow *row, const GPtrArray *marks, const Month *month,
                         const MonthLooks *looks)
{
    Json *json = criterion_json(row);
    double value = 0;
    const CriterionMark *mark = *row->figure ? NULL : mark_of(marks, &row->id);
    bool known = *row->figure && criterion_value(row->figure, month, looks, &value);
    json_object_set_new(json, "value", known ? json_real(round(value * 10) / 10) : json_null());
    json_object_set_new(json, "met",
                        known  ? json_boolean(criterion_is_met(row, value))
                        : mark ? json_boolean(mark->met)
                               : json_null());
    json_object_set_new(json, "note", json_string(mark ? mark->note : ""));
    return json;
}

Json *criteria_of_month(ApiContext *api, const char *name, const Month *month,
                        const MonthLooks *looks, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(api->catalog, error);
    g_autoptr(GPtrArray) rows = db ? criteria_list(db, error) : NULL;
    g_autoptr(GPtrArray) marks = rows ? criterion_marks_of(db, name, error) : NULL;
    if (!marks)
        return NULL;
    Json *list = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append_new(list, judged_json(rows->pdata[i], marks, month, looks));
    return list;
}
