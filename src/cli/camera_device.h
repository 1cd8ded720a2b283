/* camera_device.h — `vonglau camera discover`, and `camera probe` of a device rather than a stream.
 */
#pragma once

#include "base/json.h"

#include <stdbool.h>

int camera_discover(int argc, char **argv);

/* Prints what ONVIF tells of the device at `address`; returns the exit status. */
int camera_probe_device(const char *address, const char *user, const char *password, bool json);
