/* camera_rows.h — a table of cameras, each with a quirk of CAMERAS.md, recorded side by side by one
 * server; then each row is looked up in the footage.
 */
#pragma once

#include "cameras_api.h"
#include "footage.h"
#include "scripted_camera.h"

typedef struct CameraRow {
    const char *title; /* the row's id and what the camera does */
    const char *name;  /* in its marks: up to 15 characters */
    CameraScript script;
    const char *note; /* how a note begins that the status must show; NULL: it shows none */
    const char *gap;  /* the cause of the one gap there must be; NULL: none */
    int gap_least_ms, gap_most_ms;
    unsigned lost_least, lost_most; /* pictures sent that are not in the footage */
    unsigned files_least;           /* segments; one more may be, by the clock. 0: 1 */
    unsigned connections;           /* that the server made; 0: 1 */
    unsigned slices;                /* in each picture of the footage; 0: whatever */
    unsigned timed_from; /* the first so many pictures may be off in time; UNTIMED: all may */
    int shift_ms;        /* that times may be expected to be off by */
    const char *member;  /* of the stream's status, and the least it may be; NULL: no matter */
    int least, most;
} CameraRow;

enum { UNTIMED = 1000000 };

/* Runs the server with all rows for `run_ms` after the last one is recorded, then one test a row.
 * `halfway` (may be NULL) is called in the middle. Returns what main() does. */
int camera_rows_run(const char *group, const CameraRow *rows, size_t count, int run_ms,
                    void (*halfway)(void));

/* The camera of a row, for `halfway`. */
ScriptedCamera *camera_rows_camera(const char *name);
