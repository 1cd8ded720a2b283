#include "casework/criterion.h"

#include "base/clock.h"
#include "casework/report.h"

#include <math.h>
#include <string.h>

#define OF_KIND "reports-"
#define THRESHOLD_MOST 1e6
#define HOUR (3600.0 * SECOND_US)

const char *criterion_unit_text(CriterionUnit unit)
{
    static const char *const texts[] = {
        [CRITERION_COUNT] = "count", [CRITERION_PERCENT] = "percent", [CRITERION_HOURS] = "hours"};
    return texts[unit];
}

/* ---- figures ---- */

static bool share(double part, double whole, double *value)
{
    *value = whole > 0 ? 100 * part / whole : 0;
    return whole > 0;
}

static bool median(GArray *waits, double *value)
{
    MonthWait wait = month_wait(waits);
    *value = (double)wait.median_us / HOUR;
    return wait.count > 0;
}

static bool told(const Month *month, const MonthLooks *looks, double *value)
{
    *value = month->reports.told;
    return true;
}

static bool answered(const Month *month, const MonthLooks *looks, double *value)
{
    return share(month->reports.answered, month->reports.told, value);
}

static bool taken_after(const Month *month, const MonthLooks *looks, double *value)
{
    return median(month->reports.taken_us, value);
}

static bool answered_after(const Month *month, const MonthLooks *looks, double *value)
{
    return median(month->reports.answered_us, value);
}

static bool opened(const Month *month, const MonthLooks *looks, double *value)
{
    *value = month->cases.opened;
    return true;
}

static bool cleared(const Month *month, const MonthLooks *looks, double *value)
{
    return share(month->cases.cleared, month->cases.decided, value);
}

static bool closed(const Month *month, const MonthLooks *looks, double *value)
{
    return share(month->cases.closed, month->cases.opened, value);
}

static bool resolved_after(const Month *month, const MonthLooks *looks, double *value)
{
    return median(month->cases.resolved_us, value);
}

static bool recorded(const Month *month, const MonthLooks *looks, double *value)
{
    double recorded_us = 0, missing_us = 0;
    for (guint i = 0; i < month->cameras->len; i++) {
        const MonthCamera *camera = &g_array_index(month->cameras, MonthCamera, i);
        recorded_us += (double)camera->recorded_us;
        missing_us += (double)camera->missing_us;
    }
    return share(recorded_us, recorded_us + missing_us, value);
}

static bool refused(const Month *month, const MonthLooks *looks, double *value)
{
    *value = looks->refused;
    return true;
}

static const struct {
    const char *name;
    CriterionUnit unit;
    bool (*value)(const Month *month, const MonthLooks *looks, double *value);
} figures[] = {
    {"reports", CRITERION_COUNT, told},
    {"reports-answered", CRITERION_PERCENT, answered},
    {"until-taken", CRITERION_HOURS, taken_after},
    {"until-answered", CRITERION_HOURS, answered_after},
    {"cases", CRITERION_COUNT, opened},
    {"cases-cleared", CRITERION_PERCENT, cleared},
    {"cases-closed", CRITERION_PERCENT, closed},
    {"until-closed", CRITERION_HOURS, resolved_after},
    {"recorded", CRITERION_PERCENT, recorded},
    {"looks-refused", CRITERION_COUNT, refused},
};

static const char *const of_kinds[MONTH_KINDS_MOST] = {OF_KIND "public-order",
                                                       OF_KIND "fight",
                                                       OF_KIND "theft",
                                                       OF_KIND "traffic-accident",
                                                       OF_KIND "street-racing",
                                                       OF_KIND "environment",
                                                       OF_KIND "fire",
                                                       OF_KIND "missing",
                                                       OF_KIND "camera-damage",
                                                       OF_KIND "other",
                                                       NULL};

const char *criterion_figure(unsigned number, CriterionUnit *unit)
{
    *unit = number < G_N_ELEMENTS(figures) ? figures[number].unit : CRITERION_COUNT;
    return number < G_N_ELEMENTS(figures) ? figures[number].name
                                          : of_kinds[number - G_N_ELEMENTS(figures)];
}

bool criterion_value(const char *figure, const Month *month, const MonthLooks *looks, double *value)
{
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
        if (strcmp(figures[i].name, figure) == 0)
            return figures[i].value(month, looks, value);
    if (!g_str_has_prefix(figure, OF_KIND))
        return false;
    for (unsigned i = 0; i < MONTH_KINDS_MOST && report_kinds[i]; i++)
        if (strcmp(report_kinds[i], figure + strlen(OF_KIND)) == 0) {
            *value = month->reports.kinds[i];
            return true;
        }
    return false;
}

/* What is shown is rounded to a tenth, so what is compared is, too: 90.0 is at least 90. */
bool criterion_is_met(const CriterionRow *row, double value)
{
    double shown = round(value * 10) / 10;
    return strcmp(row->compare, CRITERION_MOST) == 0 ? shown <= row->threshold
                                                     : shown >= row->threshold;
}

/* ---- rules ---- */

static bool figure_is_known(const char *figure)
{
    CriterionUnit unit;
    const char *name;
    for (unsigned i = 0; (name = criterion_figure(i, &unit)); i++)
        if (strcmp(name, figure) == 0)
            return true;
    return false;
}

bool criterion_check(CriterionRow *row, GError **error)
{
    if (!report_text(&row->text, "text", row->text, 1, CRITERION_TEXT_MOST, false, error))
        return false;
    if (!*row->figure && !*row->compare) {
        row->threshold = 0;
        return true;
    }
    if (!figure_is_known(row->figure))
        return err_set(error, ERR_INVALID, "‘figure’ knows no ‘%.40s’", row->figure);
    if (strcmp(row->compare, CRITERION_MOST) != 0 && strcmp(row->compare, CRITERION_LEAST) != 0)
        return err_set(error, ERR_INVALID, "‘compare’ must be most or least");
    return (row->threshold >= 0 && row->threshold <= THRESHOLD_MOST) ||
           err_set(error, ERR_INVALID, "‘threshold’ must be 0 to %.0f", THRESHOLD_MOST);
}

/* ---- writing ---- */

static bool write_new(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(GPtrArray) rows = criteria_list(db, error);
    if (!rows)
        return false;
    if (rows->len >= CRITERIA_MOST)
        return err_set(error, ERR_INVALID, "there are %d criteria, the most there may be",
                       CRITERIA_MOST);
    return criteria_put(db, data, error);
}

static bool write_changed(CatalogDb *db, void *data, GError **error)
{
    const CriterionRow *row = data;
    g_autoptr(CriterionRow) before = criteria_get(db, &row->id, error);
    return before && criteria_put(db, row, error);
}

static bool write_gone(CatalogDb *db, void *data, GError **error)
{
    return criteria_remove(db, data, error);
}

static bool write_mark(CatalogDb *db, void *data, GError **error)
{
    const CriterionMark *mark = data;
    g_autoptr(CriterionRow) row = criteria_get(db, &mark->criterion, error);
    if (!row)
        return false;
    if (*row->figure)
        return err_set(error, ERR_INVALID, "this criterion goes by its figure, not by hand");
    return mark->note ? criterion_marks_put(db, mark, error)
                      : criterion_marks_remove(db, &mark->criterion, mark->month, error);
}

bool criterion_add(Catalog *catalog, CriterionRow *row, GError **error)
{
    return catalog_write_wait(catalog, write_new, row, error);
}

bool criterion_change(Catalog *catalog, const CriterionRow *row, GError **error)
{
    return catalog_write_wait(catalog, write_changed, (void *)row, error);
}

bool criterion_remove(Catalog *catalog, const Uuid *id, GError **error)
{
    return catalog_write_wait(catalog, write_gone, (void *)id, error);
}

bool criterion_judge(Catalog *catalog, const CriterionMark *mark, GError **error)
{
    return catalog_write_wait(catalog, write_mark, (void *)mark, error);
}
