/* camera_devices.h — what looks at the devices of cameras found: firmware, and how far their clocks
 * were off, now and over time.
 *
 * Of each clock a reading is kept every CLOCK_KEPT_EVERY_US, and besides each that differs from the
 * one kept last by more than either may be wrong. What is older than CLOCK_KEPT_US goes. Only
 * looked at again, not typed in: of a lost catalog's copy it is taken as it stands there.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#define CLOCK_KEPT_EVERY_US (INT64_C(6) * 3600 * 1000000)
#define CLOCK_KEPT_US (INT64_C(400) * 24 * 3600 * 1000000)

/* A reading that is further away than this says nothing of a moment. */
#define CLOCK_NEAR_US (INT64_C(24) * 3600 * 1000000)

typedef struct CameraClock {
    int64_t at_us;     /* when it was read, by the node's clock; 0: never */
    int64_t offset_us; /* the camera's clock minus the node's */
    int64_t doubt_us;  /* by which that may be wrong, either way */
} CameraClock;

typedef struct CameraDevice {
    char *firmware;    /* "" not known */
    CameraClock clock; /* the newest reading */
} CameraDevice;

void camera_device_clear(CameraDevice *device);

/* What a look found; a clock that was never read, and firmware "", leave what is known. A camera
 * that is not known is passed over. */
bool camera_devices_put(CatalogDb *db, const Uuid *camera, const CameraDevice *device,
                        GError **error);

/* Nothing where nothing is known. `device` is to be cleared. */
bool camera_devices_get(CatalogDb *db, const Uuid *camera, CameraDevice *device, GError **error);

/* The reading nearest to a moment, of those near it; else `clock->at_us` is 0. */
bool camera_clock_at(CatalogDb *db, const Uuid *camera, int64_t at_us, CameraClock *clock,
                     GError **error);
