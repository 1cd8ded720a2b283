/* traces.h — rows of traces: which cameras saw somebody, one sighting after the other. Rules about
 * them live in casework/trace.h.
 *
 * A sighting names its camera by UUID and outlives it: that somebody was seen stays true when the
 * footage is gone.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct SightingRow {
    Uuid id;
    Uuid camera;
    int64_t from_us;
    int64_t to_us; /* of what was seen: `from_us`; else the end of what was asked about */
    char *verdict; /* "seen", "not-seen", "unclear" */
    char *note;
    Uuid who; /* account or token that made it */
    int64_t created_us;
} SightingRow;

typedef struct TraceRow {
    int64_t ref; /* grows; with `changed_us` the cursor of a list */
    Uuid id;
    char *name;
    Uuid who;    /* account or token that began it */
    bool shared; /* with all who may replay a camera of it */
    int64_t created_us, changed_us;
    GPtrArray *sightings; /* SightingRow *, by `from_us` */
} TraceRow;

void sighting_row_free(SightingRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightingRow, sighting_row_free)
void trace_row_free(TraceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceRow, trace_row_free)

/* Inserts a trace, or replaces its name, sharing and time of change; its sightings are left alone.
 */
bool traces_put(CatalogDb *db, const TraceRow *row, GError **error);

/* With its sightings. ERR_NOT_FOUND when there is none. Returns owned. */
TraceRow *traces_get(CatalogDb *db, const Uuid *id, GError **error);
bool traces_remove(CatalogDb *db, const Uuid *id, GError **error); /* with its sightings */
bool traces_count(CatalogDb *db, const Uuid *who, int64_t *count, GError **error);

/* Inserts one, or replaces its time, verdict and note. ERR_NOT_FOUND: no such trace. */
bool sightings_put(CatalogDb *db, const Uuid *trace, const SightingRow *row, GError **error);
bool sightings_remove(CatalogDb *db, const Uuid *id, GError **error);

/* What to list: those changed last first. */
typedef struct TraceQuery {
    const Uuid *who;               /* begun by; NULL: anyone */
    const char *words;             /* each stands in the name, marks or not; NULL: any */
    int64_t before_us, before_ref; /* behind this one of the last page; 0: from the newest */
    unsigned limit;
    unsigned sightings; /* it ends with the trace with which they have more than so many */
    bool (*may)(void *data, TraceRow *row); /* which are listed; may take sightings out */
    void *data;
} TraceQuery;

/* TraceRow * with their sightings; returns owned, or NULL. */
GPtrArray *traces_list(CatalogDb *db, const TraceQuery *query, GError **error);
