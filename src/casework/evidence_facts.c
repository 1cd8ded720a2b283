/* What is known of a camera, for the manifest of a package. */
#include "casework/evidence.h"

#include "base/time_text.h"
#include "catalog/camera_devices.h"
#include "catalog/cameras.h"
#include "catalog/locations.h"
#include "catalog/masks.h"
#include "catalog/papers.h"
#include "ledger/line.h"

#include <math.h>

#define DEGREES_E7 10000000.0

static void add_text(GString *facts, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append_printf(facts, ",\"%s\",", name);
    line_add_text(facts, value);
}

static void add_int(GString *facts, const char *name, int64_t value)
{
    g_string_append_printf(facts, ",\"%s\",%" G_GINT64_FORMAT, name, value);
}

/* False on error only. */
static bool add_place(GString *facts, CatalogDb *db, const Uuid *location, GError **error)
{
    g_autoptr(GPtrArray) rows = locations_list(db, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const LocationRow *row = g_ptr_array_index(rows, i);
        if (!uuid_equal(&row->id, location))
            continue;
        add_text(facts, "location", row->name);
        add_text(facts, "village", row->village);
        add_int(facts, "latitude_e7", llround(row->latitude * DEGREES_E7));
        add_int(facts, "longitude_e7", llround(row->longitude * DEGREES_E7));
    }
    return rows != NULL;
}

static bool add_papers(GString *facts, CatalogDb *db, const Uuid *camera, GError **error)
{
    g_autoptr(PapersRow) papers = papers_get(db, camera, error);
    if (!papers)
        return false;
    add_text(facts, "make", papers->make);
    add_text(facts, "model", papers->model);
    add_text(facts, "serial", papers->serial);
    add_text(facts, "certificate", papers->certificate);
    return true;
}

static bool add_firmware(GString *facts, CatalogDb *db, const Uuid *camera, GError **error)
{
    CameraDevice device;
    bool read = camera_devices_get(db, camera, &device, error);
    add_text(facts, "firmware", device.firmware);
    camera_device_clear(&device);
    return read;
}

/* Each mask there ever was, "since/until X,Y X,Y …" with “-” for one that is in force, without its
 * name, which may tell whose window it is. */
static bool add_masks(GString *facts, CatalogDb *db, const Uuid *camera, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_autoptr(GPtrArray) rows = masks_list(db, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        char since[TIME_TEXT], until[TIME_TEXT];
        const MaskRow *row = rows->pdata[i];
        if (!uuid_equal(&row->camera, camera))
            continue;
        g_string_append_printf(all, "%s%s/%s %s", all->len ? "; " : "",
                               time_text(row->since_us, since),
                               row->until_us ? time_text(row->until_us, until) : "-", row->points);
    }
    add_text(facts, "masks", all->str);
    return rows != NULL;
}

char *evidence_camera_facts(CatalogDb *db, const Uuid *camera, GError **error)
{
    g_autoptr(CameraRow) row = cameras_get(db, camera, error);
    g_autoptr(GString) facts = g_string_new(NULL);
    if (!row)
        return NULL;
    add_text(facts, "name", row->name);
    add_text(facts, "owner", row->owner);
    if (!add_place(facts, db, &row->location, error))
        return NULL;
    if (row->fov_deg > 0) {
        add_int(facts, "heading_deg", row->heading_deg);
        add_int(facts, "fov_deg", row->fov_deg);
        add_int(facts, "reach_m", row->reach_m);
    }
    if (row->height_cm > 0)
        add_int(facts, "height_cm", row->height_cm);
    if (!add_papers(facts, db, camera, error) || !add_firmware(facts, db, camera, error) ||
        !add_masks(facts, db, camera, error))
        return NULL;
    return g_string_free(g_steal_pointer(&facts), FALSE);
}
