/* camera_row.h — what must be true of one row of camera_rows.h after it was played. */
#pragma once

#include "camera_rows.h"
#include "cameras_api.h"

typedef struct PlayedRow {
    const CameraRow *row;
    ScriptedCamera *camera;
    char *id;
    int64_t added_us, stopped_us; /* stopped: all cameras of the run */
    Json *status, *coverage;      /* as told just before the server was stopped */
} PlayedRow;

/* Fails the test unless the footage below `data` and what was told are as the row expects. */
void camera_row_assert(const char *data, const PlayedRow *played);
