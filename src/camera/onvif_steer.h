/* onvif_steer.h — moving cameras: while commands come it moves, and it stops by itself without.
 *
 * The device is told a time after which to stop, too; many ignore it. A thread of its own sends the
 * stop, so that no slow device behind another camera delays it.
 */
#pragma once

#include "camera/onvif_devices.h"

enum { STEER_LEAST_MS = 100, STEER_MOST_MS = 5000 };

typedef struct Steering Steering;

/* The camera moves by command, or was told to stop. On any thread; quick. */
typedef void (*SteeringListener)(void *data, const Uuid *camera);

/* `devices` is borrowed and must outlive it, as what `listener` (may be NULL) needs. */
Steering *steering_new(OnvifDevices *devices, SteeringListener listener, void *data);
void steering_free(Steering *steering); /* stops what still moves; NULL is allowed */

/* Speeds from -1 to 1: right, up, and nearer are positive. Moves for `ms`, or until another command
 * comes. `*began`: it did not move before. Blocks until the device has answered: pool threads only.
 */
bool steering_move(Steering *steering, const Uuid *camera, double pan, double tilt, double zoom,
                   int ms, bool *began, GError **error);
bool steering_stop(Steering *steering, const Uuid *camera, GError **error);
bool steering_go(Steering *steering, const Uuid *camera, const char *preset, GError **error);

/* Array of OnvifPreset (media/onvif_ptz.h), owned; NULL with `error`. */
GPtrArray *steering_presets(Steering *steering, const Uuid *camera, GError **error);
