/* burnt_copy.h — a copy with the clock burnt in, made by a running server, looked at picture by
 * picture. */
#pragma once

#include "cameras_api.h"

/* Asks for a copy, waits, fetches it, and fails the test unless it has the pictures of
 * the camera's footage below `data`, each under its own time, and a card for the one gap. */
void burnt_copy_assert(const Api *api, const char *data, const char *camera, int64_t from_us,
                       int64_t to_us);
