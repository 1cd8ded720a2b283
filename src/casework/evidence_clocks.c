#include "casework/evidence_clocks.h"

#include "catalog/camera_devices.h"

static PackageClock read_at(const CameraClock *clock)
{
    return (PackageClock){
        .offset_us = clock->offset_us, .doubt_us = clock->doubt_us, .read_us = clock->at_us};
}

/* The newest reading, when it is not too old to say how the clock is now. A reading that is newer
 * than the making was made by a node whose clock was set back since: it says nothing. */
static bool read_now(CatalogDb *db, const Uuid *camera, int64_t at_us, PackageClock *clock,
                     GError **error)
{
    CameraDevice device;
    bool read = camera_devices_get(db, camera, &device, error);
    const CameraClock *newest = &device.clock;
    if (newest->at_us != 0 && newest->at_us <= at_us && at_us - newest->at_us <= CLOCK_NEAR_US)
        *clock = read_at(newest);
    camera_device_clear(&device);
    return read;
}

static bool read_camera(CatalogDb *db, const Uuid *camera,
                        const int64_t moments_us[PACKAGE_MOMENTS],
                        PackageClock clocks[PACKAGE_MOMENTS], GError **error)
{
    int64_t at_us = moments_us[PACKAGE_EXPORT];
    for (unsigned i = PACKAGE_START; i <= PACKAGE_END; i++) {
        CameraClock near;
        if (!camera_clock_at(db, camera, moments_us[i], &near, error))
            return false;
        if (near.at_us <= at_us)
            clocks[i] = read_at(&near);
    }
    return read_now(db, camera, at_us, &clocks[PACKAGE_EXPORT], error);
}

GArray *evidence_clocks(CatalogDb *db, const Uuid *cameras, size_t count, int64_t from_us,
                        int64_t to_us, int64_t at_us, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(PackageClock));
    const int64_t moments_us[PACKAGE_MOMENTS] = {
        [PACKAGE_START] = from_us, [PACKAGE_END] = to_us, [PACKAGE_EXPORT] = at_us};
    g_array_set_size(all, (guint)(count * PACKAGE_MOMENTS));
    for (size_t i = 0; i < count; i++)
        if (!read_camera(db, &cameras[i], moments_us,
                         &g_array_index(all, PackageClock, i * PACKAGE_MOMENTS), error))
            return NULL;
    return g_steal_pointer(&all);
}
