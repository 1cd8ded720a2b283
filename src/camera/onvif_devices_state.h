/* onvif_devices_state.h — how a device is reached: between the files of onvif_devices.h. */
#pragma once

#include "camera/onvif_client.h"
#include "camera/onvif_devices.h"

/* A copy that its holder owns. */
typedef struct OnvifAccess {
    Uuid camera;
    char *address, *url, *user, *password;
    char *ptz;                    /* address of the PTZ service; NULL: there is none */
    char *events;                 /* address of the event service; NULL: there is none */
    char *profile;                /* of the camera's channel */
    char *source, *source_config; /* tokens by which messages name it; NULL: all are about it */
} OnvifAccess;
void onvif_access_free(OnvifAccess *access);
OnvifAccess *onvif_access_copy(const OnvifAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OnvifAccess, onvif_access_free)

/* Returned owned; NULL with ERR_UNSUPPORTED when the camera has no device, ERR_UNAVAILABLE when it
 * was not reached yet. */
OnvifAccess *onvif_devices_access(OnvifDevices *devices, const Uuid *camera, GError **error);

/* Those of all cameras whose device was reached and tells events: OnvifAccess, returned owned. */
GPtrArray *onvif_devices_with_events(OnvifDevices *devices);

/* Is it the same device, asked as the same user? */
bool onvif_access_same(const OnvifAccess *a, const OnvifAccess *b);

/* A client that has met the device, to be used within `timeout_us`. Returned owned; NULL with
 * `error`. */
OnvifClient *onvif_access_open(const OnvifAccess *access, int64_t timeout_us, GError **error);
