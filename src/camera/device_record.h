/* device_record.h — keeps in the catalog what looks at cameras' devices find, for who asks later
 * how a camera was when something happened: its firmware, and how far its clock was off. */
#pragma once

#include "camera/onvif_devices.h"

/* An OnvifDeviceListener; `catalog` is the Catalog. */
void device_record_keep(void *catalog, const Uuid *camera, const OnvifDeviceSeen *seen);
