/* camera_json.h — cameras and their state as the API tells them. */
#pragma once

#include "camera/cameras.h"
#include "catalog/cameras.h"
#include "http/api/call.h"

/* {state, cause, cause_code, since} of the camera as a whole, which is that of its main stream.
 * Returns owned. */
Json *camera_state_json(const CameraStatus *status);

/* CameraStatus of openapi.yaml. Blocks (gaps of today). Returns owned. */
Json *camera_status_json(ApiContext *api, const CameraRow *row);

/* Camera of openapi.yaml as whoever calls may see it; never a secret. Blocks. Returns owned. */
Json *camera_json(const ApiCall *call, const CameraRow *row);

/* Why no pictures come at this moment; GAP_UNKNOWN when they do. */
GapCause camera_gap_now(ApiContext *api, const CameraRow *row);

/* Pictures of the last seconds are written. */
bool camera_is_recording(ApiContext *api, const CameraRow *row);

Json *json_time_or_null(int64_t time_us);
Json *json_text_or_null(const char *text);
