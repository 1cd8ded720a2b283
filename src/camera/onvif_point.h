/* onvif_point.h — the pull point of one device: made, asked, renewed, and given back.
 *
 * Blocks until the device has answered, or for a few seconds: never on the thread that looks after
 * many. One thread at a time.
 */
#pragma once

#include "camera/onvif_devices_state.h"

typedef struct OnvifPoint OnvifPoint;

/* Copies `access`. Nothing is sent yet. */
OnvifPoint *onvif_point_new(const OnvifAccess *access);
void onvif_point_free(OnvifPoint *point); /* NULL is allowed */

/* The access it was made with, borrowed: never changes, any thread. */
const OnvifAccess *onvif_point_access(const OnvifPoint *point);

/* What is new: OnvifMessage, returned owned. The pull point is made and renewed as needed. NULL
 * with `error`; or NULL without one when the device has forgotten the pull point: it is made anew
 * with the next question, which may follow soon. */
GPtrArray *onvif_point_pull(OnvifPoint *point, GError **error);

/* Devices have few pull points to give. Waits for half a second at most. */
void onvif_point_give_back(OnvifPoint *point);
