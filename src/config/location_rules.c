#include "config/site_rules.h"
#include "config/text_rules.h"

#include <math.h>

enum { NAME_MOST = 80 };

static const char *const kinds[] = {
    "crossroads", "market", "school",        "gate",  "alley", "bridge",
    "clinic",     "office", "culture-house", "relic", "other",
};

const char *location_kind(unsigned index)
{
    return index < G_N_ELEMENTS(kinds) ? kinds[index] : NULL;
}

static bool set_kind(LocationRow *row, const char *kind, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kind, kinds[i])) {
            g_free(row->kind);
            row->kind = g_strdup(kind);
            return true;
        }
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_string_append_printf(all, "%s%s", i ? ", " : "", kinds[i]);
    return err_set(error, ERR_INVALID, "‘kind’ must be one of: %s", all->str);
}

static bool set_degrees(double *stored, const char *member, const double *asked, double most,
                        GError **error)
{
    if (asked)
        *stored = *asked;
    if (isfinite(*stored) && fabs(*stored) <= most)
        return true;
    return err_set(error, ERR_INVALID, "‘%s’ must be between −%g and %g degrees", member, most,
                   most);
}

bool location_edit_apply(LocationRow *row, const LocationEdit *edit, GError **error)
{
    if (edit->name && !text_rule(&row->name, "name", edit->name, 1, NAME_MOST, error))
        return false;
    if (!row->name)
        return err_set(error, ERR_INVALID, "‘name’ is missing: what people call the place");
    if ((edit->village || !row->village) &&
        !text_rule(&row->village, "village", edit->village ? edit->village : "", 0, NAME_MOST,
                   error))
        return false;
    if ((edit->kind || !row->kind) && !set_kind(row, edit->kind ? edit->kind : "other", error))
        return false;
    return set_degrees(&row->latitude, "latitude", edit->latitude, 90, error) &&
           set_degrees(&row->longitude, "longitude", edit->longitude, 180, error);
}
