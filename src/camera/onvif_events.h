/* onvif_events.h — what the devices behind the cameras notice: motion and tampering, as events.
 *
 * Each device is asked once a second what is new, by a pull point that is renewed at half its life
 * and made anew when the device has forgotten it. One thread keeps the list and tells the events; a
 * few others ask, so that a device that hangs holds up no other. Devices that do not answer are
 * asked less and less often, down to once a minute; what they left open ends.
 */
#pragma once

#include "camera/onvif_devices.h"
#include "event/event.h"

typedef struct OnvifEvents OnvifEvents;

/* Both are borrowed, and must outlive it. */
OnvifEvents *onvif_events_new(OnvifDevices *devices, Events *events);

/* Ends what goes on, and gives the pull points back. NULL is allowed. */
void onvif_events_free(OnvifEvents *watch);
