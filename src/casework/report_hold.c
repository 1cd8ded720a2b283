#include "casework/report_hold.h"

#include "base/clock.h"
#include "base/log.h"

#include <string.h>

#define BASIS_RESIDENT "report-resident"
#define BASIS_REPORT "report"

/* A location at 0, 0 was given no place. */
static bool point_of(Site *site, const Uuid *id, PlacePoint *point)
{
    g_autoptr(LocationRow) location = site_location_get(site, id);
    if (!location || (location->latitude == 0 && location->longitude == 0))
        return false;
    *point = (PlacePoint){location->latitude, location->longitude};
    return true;
}

static bool may_show(Site *site, const ReportRow *row, const CameraRow *camera, double near_m)
{
    PlacePoint place = {row->latitude, row->longitude}, at, stands;
    if (strcmp(camera->owner, OWNER_COMMUNE) != 0)
        return false;
    if (uuid_equal(&camera->id, &row->camera))
        return true;
    if (!uuid_is_nil(&row->location) && uuid_equal(&camera->location, &row->location))
        return true;
    if (!point_of(site, &camera->location, &stands))
        return false;
    return (row->has_place && place_distance_m(place, stands) <= near_m) ||
           (point_of(site, &row->location, &at) && place_distance_m(at, stands) <= near_m);
}

GArray *report_cameras(Site *site, const ReportRow *row)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Uuid));
    double near_m = (double)site_number(site, SITE_VALUE_REPORT_NEAR_M);
    g_autoptr(GPtrArray) cameras = site_camera_list(site);
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *camera = cameras->pdata[i];
        if (may_show(site, row, camera, near_m))
            g_array_append_val(found, camera->id);
    }
    return found;
}

GArray *report_hold_plan(const ReportRow *row, const GArray *cameras, int64_t margin_us,
                         bool bounded, bool *cut)
{
    int64_t to_us = row->to_us + margin_us, from_us = row->from_us - margin_us;
    *cut = bounded && cameras->len > 0 && to_us - from_us > REPORT_HOLD_RESIDENT_US;
    if (*cut)
        from_us = to_us - REPORT_HOLD_RESIDENT_US;
    GArray *plan = g_array_new(FALSE, FALSE, sizeof(ArchiveHold));
    for (guint i = 0; i < cameras->len; i++) {
        const ArchiveHold hold = {g_array_index(cameras, Uuid, i), from_us, to_us};
        g_array_append_val(plan, hold);
    }
    return plan;
}

static const char *basis_of(ReportHolder holder)
{
    return holder == REPORT_HOLDER_RESIDENT ? BASIS_RESIDENT : BASIS_REPORT;
}

static double part_most(ReportHolder holder)
{
    return holder == REPORT_HOLDER_RESIDENT ? REPORT_HOLD_RESIDENTS_PART
                                            : REPORT_HOLD_ACCOUNTS_PART;
}

/* All that such reports hold together, with this one. */
static bool is_room_for(Archive *archive, const GArray *plan, ReportHolder holder, GError **error)
{
    double part = 0;
    return holder == REPORT_HOLDER_OFFICER ||
           (archive_held_part(archive, basis_of(holder), (const ArchiveHold *)(void *)plan->data,
                              plan->len, &part, error) &&
            part <= part_most(holder));
}

static bool set_hold(Archive *archive, const ReportRow *row, const GArray *plan,
                     ReportHolder holder, int64_t until_us)
{
    Uuid id = uuid_new();
    char report[UUID_TEXT];
    g_autoptr(GError) error = NULL;
    if (is_room_for(archive, plan, holder, &error) &&
        archive_hold(archive, &id, basis_of(holder), &row->id, until_us,
                     (const ArchiveHold *)(void *)plan->data, plan->len, &error))
        return true;
    if (error)
        log_error("report.hold", "report=%s cause=\"%s\" advice=\"it waits for an officer\"",
                  uuid_text(&row->id, report), error->message);
    else
        log_warning("report.hold_waits",
                    "cause=\"what reports of %s hold would be over %d %% of a volume\"",
                    holder == REPORT_HOLDER_RESIDENT ? "residents" : "accounts",
                    (int)(part_most(holder) * 100));
    return false;
}

/* By one of its holds that lasts for a while yet: what lapses soon is held anew. */
static bool is_held(const ReportRow *row, const ArchiveHold *asked, int64_t now_us)
{
    for (guint i = 0; i < row->holds->len; i++) {
        const ReportHoldRow *hold = &g_array_index(row->holds, ReportHoldRow, i);
        if (uuid_equal(&hold->camera, &asked->camera) && hold->from_us <= asked->from_us &&
            hold->to_us >= asked->to_us && hold->until_us - now_us > REPORT_HOLD_US / 2)
            return true;
    }
    return false;
}

static void leave_out_held(GArray *plan, const ReportRow *row, int64_t now_us)
{
    for (guint i = plan->len; i-- > 0;)
        if (is_held(row, &g_array_index(plan, ArchiveHold, i), now_us))
            g_array_remove_index(plan, i);
}

/* Something of its span is held by none of its holds; or words alone name no camera, and an officer
 * has to say where it is. */
static bool waits(const ReportRow *row, const GArray *cameras, int64_t margin_us, int64_t now_us)
{
    bool cut = false;
    g_autoptr(GArray) left = report_hold_plan(row, cameras, margin_us, false, &cut);
    leave_out_held(left, row, now_us);
    return left->len > 0 ||
           (uuid_is_nil(&row->location) && !row->has_place && uuid_is_nil(&row->camera));
}

void report_hold(Archive *archive, Site *site, ReportRow *row, ReportHolder holder, int64_t now_us)
{
    bool cut = false;
    int64_t margin_us = site_number(site, SITE_VALUE_REPORT_MARGIN_MINUTES) * MINUTE_US;
    int64_t until_us = now_us + REPORT_HOLD_US;
    g_autoptr(GArray) cameras = report_cameras(site, row);
    g_autoptr(GArray) plan =
        report_hold_plan(row, cameras, margin_us, holder == REPORT_HOLDER_RESIDENT, &cut);
    if (holder != REPORT_HOLDER_OFFICER)
        leave_out_held(plan, row, now_us);
    bool set = plan->len > 0 && set_hold(archive, row, plan, holder, until_us);
    for (guint i = 0; set && i < plan->len; i++) {
        const ArchiveHold *one = &g_array_index(plan, ArchiveHold, i);
        const ReportHoldRow held = {one->camera, one->from_us, one->to_us, until_us};
        g_array_append_val(row->holds, held);
    }
    row->hold_waits = waits(row, cameras, margin_us, now_us);
}
