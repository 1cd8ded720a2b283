#include "casework/trace.h"

#include "base/clock.h"
#include "casework/span.h"

#include <string.h>

static const char *const verdicts[] = {VERDICT_SEEN, "not-seen", "unclear", NULL};

static bool is_text(const char *text, const char *name, int least, int most, GError **error)
{
    long letters = g_utf8_strlen(text, -1);
    return (letters >= least && letters <= most) ||
           err_set(error, ERR_INVALID, "‘%s’ must have %d to %d letters", name, least, most);
}

static bool is_sound(const SightingRow *row, int64_t now_us, GError **error)
{
    return span_check("a sighting", row->from_us, row->to_us, now_us, error) &&
           is_text(row->note, "note", 0, SIGHTING_NOTE_MOST, error);
}

static void set_text(char **value, const char *wanted)
{
    if (!wanted)
        return;
    g_free(*value);
    *value = g_strstrip(g_strdup(wanted));
}

static bool apply_sighting(SightingRow *row, const SightingEdit *edit, int64_t now_us,
                           GError **error)
{
    if (edit->verdict && !g_strv_contains(verdicts, edit->verdict))
        return err_set(error, ERR_INVALID, "‘verdict’ must be seen, not-seen or unclear");
    set_text(&row->verdict, edit->verdict);
    set_text(&row->note, edit->note);
    row->from_us = edit->from_us ? *edit->from_us : row->from_us;
    row->to_us = edit->to_us ? *edit->to_us : row->to_us;
    if (strcmp(row->verdict, VERDICT_SEEN) == 0 || (edit->from_us && !edit->to_us))
        row->to_us = row->from_us;
    return is_sound(row, now_us, error);
}

static bool apply_trace(TraceRow *row, const TraceEdit *edit, GError **error)
{
    set_text(&row->name, edit->name);
    row->shared = edit->shared ? *edit->shared : row->shared;
    return is_text(row->name, "name", 1, TRACE_NAME_MOST, error);
}

/* A new sighting as it is before anything is known of it. Returns owned. */
static SightingRow *sighting_new(const Uuid *camera, const SightingEdit *edit, const Uuid *who,
                                 int64_t now_us, GError **error)
{
    if (!edit->from_us || !edit->verdict) {
        err_set(error, ERR_INVALID,
                "a sighting must have ‘from’, a time such as "
                "2026-11-24T07:30:00Z, and a ‘verdict’");
        return NULL;
    }
    g_autoptr(SightingRow) row = g_new(SightingRow, 1);
    *row = (SightingRow){.id = uuid_new(),
                         .camera = *camera,
                         .verdict = g_strdup(""),
                         .note = g_strdup(""),
                         .who = *who,
                         .created_us = now_us};
    return apply_sighting(row, edit, now_us, error) ? g_steal_pointer(&row) : NULL;
}

SightingRow *trace_sighting(const TraceRow *trace, const Uuid *id)
{
    for (guint i = 0; i < trace->sightings->len; i++) {
        SightingRow *row = trace->sightings->pdata[i];
        if (uuid_equal(&row->id, id))
            return row;
    }
    return NULL;
}

/* On the writer's thread, so that of two who change one at once none undoes what the other did. It
 * may be run again after the catalog was mended. */
typedef struct Write {
    TraceRow *made; /* the trace that is new */
    const Uuid *id; /* of a known one */
    const TraceEdit *edit;
    const SightingRow *sighting_made;
    const Uuid *sighting;              /* a known one … */
    const SightingEdit *sighting_edit; /* … NULL: to be removed */
    int64_t now_us;
    TraceRow *after;
} Write;

static bool put_new(CatalogDb *db, const Write *write, GError **error)
{
    int64_t count = 0;
    if (!traces_count(db, &write->made->who, &count, error))
        return false;
    if (count >= TRACES_MOST)
        return err_set(error, ERR_INVALID, "an account has at most %d traces: remove one first",
                       TRACES_MOST);
    return apply_trace(write->made, write->edit, error) && traces_put(db, write->made, error) &&
           sightings_put(db, &write->made->id, write->sighting_made, error);
}

/* What is asked of a sighting of `trace`, if anything. */
static bool write_sighting(CatalogDb *db, const Write *write, const TraceRow *trace, GError **error)
{
    if (write->sighting_made && trace->sightings->len >= SIGHTINGS_MOST)
        return err_set(error, ERR_INVALID, "a trace has at most %d sightings", SIGHTINGS_MOST);
    if (write->sighting_made)
        return sightings_put(db, &trace->id, write->sighting_made, error);
    if (!write->sighting)
        return true;
    SightingRow *row = trace_sighting(trace, write->sighting);
    if (!row)
        return err_set(error, ERR_NOT_FOUND, "no such sighting");
    if (!write->sighting_edit)
        return sightings_remove(db, &row->id, error);
    return apply_sighting(row, write->sighting_edit, write->now_us, error) &&
           sightings_put(db, &trace->id, row, error);
}

static bool change_known(CatalogDb *db, const Write *write, GError **error)
{
    g_autoptr(TraceRow) row = traces_get(db, write->id, error);
    if (!row || (write->edit && !apply_trace(row, write->edit, error)))
        return false;
    row->changed_us = write->now_us;
    return write_sighting(db, write, row, error) && traces_put(db, row, error);
}

static bool write_trace(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    if (write->made ? !put_new(db, write, error) : !change_known(db, write, error))
        return false;
    trace_row_free(write->after);
    write->after = traces_get(db, write->made ? &write->made->id : write->id, error);
    return write->after != NULL;
}

static TraceRow *write_wait(Catalog *catalog, Write *write, GError **error)
{
    if (catalog_write_wait(catalog, write_trace, write, error))
        return write->after;
    trace_row_free(write->after);
    return NULL;
}

TraceRow *trace_add(Catalog *catalog, const TraceEdit *edit, const Uuid *camera,
                    const SightingEdit *first, const Uuid *who, int64_t now_us, GError **error)
{
    g_autoptr(SightingRow) made = sighting_new(camera, first, who, now_us, error);
    if (!made)
        return NULL;
    g_autoptr(TraceRow) row = g_new(TraceRow, 1);
    *row = (TraceRow){.id = uuid_new(),
                      .name = g_strdup(""),
                      .who = *who,
                      .created_us = now_us,
                      .changed_us = now_us};
    Write write = {.made = row, .edit = edit, .sighting_made = made, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

TraceRow *trace_change(Catalog *catalog, const Uuid *id, const TraceEdit *edit, int64_t now_us,
                       GError **error)
{
    Write write = {.id = id, .edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

TraceRow *sighting_add(Catalog *catalog, const Uuid *trace, const Uuid *camera,
                       const SightingEdit *edit, const Uuid *who, int64_t now_us, Uuid *added,
                       GError **error)
{
    g_autoptr(SightingRow) made = sighting_new(camera, edit, who, now_us, error);
    if (!made)
        return NULL;
    *added = made->id;
    Write write = {.id = trace, .sighting_made = made, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

TraceRow *sighting_change(Catalog *catalog, const Uuid *trace, const Uuid *id,
                          const SightingEdit *edit, int64_t now_us, GError **error)
{
    Write write = {.id = trace, .sighting = id, .sighting_edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

TraceRow *sighting_remove(Catalog *catalog, const Uuid *trace, const Uuid *id, int64_t now_us,
                          GError **error)
{
    Write write = {.id = trace, .sighting = id, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

static bool remove_row(CatalogDb *db, void *data, GError **error)
{
    return traces_remove(db, data, error);
}

bool trace_remove(Catalog *catalog, const Uuid *id, GError **error)
{
    Uuid own = *id;
    return catalog_write_wait(catalog, remove_row, &own, error);
}
