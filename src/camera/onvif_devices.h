/* onvif_devices.h — the ONVIF devices behind the cameras that are added: their clocks, and moving
 * them.
 *
 * A few threads look at each device when it becomes known, every hour, and a minute after a look
 * that failed; cameras behind one recorder share a look. What follows by hand — clock, moves,
 * presets — blocks until the device has answered: pool threads only. Other functions: any thread.
 */
#pragma once

#include "base/uuid.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct OnvifDevices OnvifDevices;

/* What one look at a camera's device found. Texts are borrowed. */
typedef struct OnvifDeviceSeen {
    const char *firmware; /* "": not told */
    bool has_clock;
    int64_t clock_offset_us; /* its clock minus ours */
    int64_t clock_doubt_us;  /* by which that may be wrong, either way */
} OnvifDeviceSeen;

/* Called after each look that succeeded, for each camera of the device, and when a clock was set,
 * by whoever looked: must not wait, nor call anything of these. */
typedef void (*OnvifDeviceListener)(void *data, const Uuid *camera, const OnvifDeviceSeen *seen);

/* `listener` may be NULL; `data` has to outlive the devices. */
OnvifDevices *onvif_devices_new(OnvifDeviceListener listener, void *data);
void onvif_devices_free(OnvifDevices *devices); /* NULL is allowed */

/* Texts are borrowed. */
typedef struct OnvifDeviceSource {
    Uuid camera;
    const char *address; /* NULL: no device is known */
    const char *url;     /* of the main stream: tells the channel of a recorder */
    const char *user, *password;
} OnvifDeviceSource;
void onvif_devices_set(OnvifDevices *devices, const OnvifDeviceSource *source);
void onvif_devices_remove(OnvifDevices *devices, const Uuid *camera);

/* What the newest look found. */
typedef struct OnvifDeviceFacts {
    bool has_clock, by_ntp;
    int64_t clock_offset_us; /* its clock minus ours */
    bool moves, zooms;       /* pan and tilt, zoom: at a speed, or it does not say */
    bool turns;              /* it says that it can be panned or tilted, by speed or to a place */
} OnvifDeviceFacts;

/* False when the camera has no device, or it was not reached yet. */
bool onvif_devices_facts(OnvifDevices *devices, const Uuid *camera, OnvifDeviceFacts *facts);

/* Lets the camera take its time from an NTP server, and looks at its clock. */
bool onvif_devices_set_ntp(OnvifDevices *devices, const Uuid *camera, const char *server,
                           OnvifDeviceFacts *facts, GError **error);
