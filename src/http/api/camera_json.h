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
bool camera_should_record(ApiContext *api, const CameraRow *row);

bool camera_is_recording(ApiContext *api, const CameraRow *row);

Json *json_time_or_null(int64_t time_us);
Json *json_text_or_null(const char *text);

/* Gaps of the main stream since midnight of the site. Blocking. */
int64_t camera_gaps_today(ApiContext *api, const CameraRow *row);

/* Adds up how many of `rows` are not paused, and how many are being recorded (health.c). */
void count_recording(ApiContext *api, const GPtrArray *rows, unsigned *wanted, unsigned *recording);

/* What is recorded a day at the present rate. */
int64_t footage_bytes_a_day(ApiContext *api);
