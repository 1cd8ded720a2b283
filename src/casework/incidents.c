#include "casework/incidents.h"

#include "casework/case.h"
#include "casework/report.h"

#include <string.h>

enum { CASES_PAGE = 500 };

#define KIND_DAMAGE "camera-damage"

typedef struct Gathering {
    Site *site;
    Incidents *incidents;
} Gathering;

bool incident_location(Site *site, const Uuid *location, PlacePoint *at)
{
    g_autoptr(LocationRow) row = site_location_get(site, location);
    if (!row || (row->latitude == 0 && row->longitude == 0))
        return false;
    *at = (PlacePoint){row->latitude, row->longitude};
    return true;
}

static bool camera_place(Site *site, const Uuid *camera, PlacePoint *at)
{
    g_autoptr(CameraRow) row = uuid_is_nil(camera) ? NULL : site_camera_known(site, camera);
    return row && incident_location(site, &row->location, at);
}

static void add(Incidents *incidents, const Incident *incident, bool placed)
{
    if (incidents->since_us == 0 || incident->told_us < incidents->since_us)
        incidents->since_us = incident->told_us;
    if (incidents->list->len + incidents->unplaced->len >= INCIDENTS_MOST)
        incidents->left_out++;
    else if (placed)
        g_array_append_val(incidents->list, *incident);
    else
        g_array_append_val(incidents->unplaced, incident->told_us);
}

static void add_report(void *data, const ReportRow *row)
{
    const Gathering *gathering = data;
    if (strcmp(row->state, REPORT_JOINED) == 0 || strcmp(row->state, REPORT_REJECTED) == 0 ||
        strcmp(row->kind, KIND_DAMAGE) == 0)
        return;
    Incident incident = {.at = {row->latitude, row->longitude},
                         .told_us = row->told_us,
                         .when_us = row->from_us + (row->to_us - row->from_us) / 2};
    bool placed = row->has_place ||
                  incident_location(gathering->site, &row->location, &incident.at) ||
                  camera_place(gathering->site, &row->camera, &incident.at);
    add(gathering->incidents, &incident, placed);
}

static void add_case(const Gathering *gathering, const CaseRow *row)
{
    if (row->told_us || strcmp(row->kind, KIND_DAMAGE) == 0)
        return; /* its reports are there */
    Incident incident = {.at = {row->latitude, row->longitude},
                         .told_us = row->opened_us,
                         .when_us = row->from_us + (row->to_us - row->from_us) / 2};
    bool placed =
        row->has_place || incident_location(gathering->site, &row->location, &incident.at);
    add(gathering->incidents, &incident, placed);
}

static bool gather_cases(CatalogDb *db, const Gathering *gathering, int64_t to_us, GError **error)
{
    CaseQuery query = {.to_us = to_us, .limit = CASES_PAGE};
    for (bool more = true; more;) {
        g_autoptr(GPtrArray) rows = cases_list(db, &query, error);
        if (!rows)
            return false;
        for (guint i = 0; i < rows->len; i++) {
            const CaseRow *row = rows->pdata[i];
            add_case(gathering, row);
            query.before_ref = row->ref;
        }
        more = rows->len == query.limit;
    }
    return true;
}

bool incidents_gather(Catalog *catalog, Site *site, int64_t to_us, Incidents *incidents,
                      GError **error)
{
    *incidents = (Incidents){.list = g_array_new(FALSE, FALSE, sizeof(Incident)),
                             .unplaced = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    Gathering gathering = {site, incidents};
    g_autoptr(CatalogDb) db = catalog_read(catalog, error);
    return db && reports_each(db, 0, to_us, add_report, &gathering, error) &&
           gather_cases(db, &gathering, to_us, error);
}

void incidents_clear(Incidents *incidents)
{
    g_clear_pointer(&incidents->list, g_array_unref);
    g_clear_pointer(&incidents->unplaced, g_array_unref);
}
