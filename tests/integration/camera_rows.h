/* camera_rows.h — many cameras that misbehave (CAMERAS.md), side by side in one run of the server.
 *
 * Each row of a table is a camera and a test of its own. All play at once for some seconds; then
 * what the API told of them is kept, the server is stopped, and each test looks into the footage:
 * all pictures that were sent are there, in order and at their times, and nothing strange is told
 * but what the row expects.
 */
#pragma once

#include "footage.h"
#include "scripted_camera.h"

typedef struct CameraRow CameraRow;

struct CameraRow {
    const char *name; /* row of CAMERAS.md, '-', a word: at most 15 characters, for the marks */
    const char *what; /* what the camera does */
    CameraScript script;
    const char *address; /* "%a" is the camera's HOST:PORT; NULL: that of the camera */
    const char *user, *password;
    const char *fingerprint; /* that is accepted; "own": that of the camera; NULL: none */
    const char *secret;      /* what must not be in the log */
    const char *transport;   /* that is set; NULL: none */
    bool audio;              /* to be recorded, too */
    bool is_reboot;          /* switched off for some time after a quarter of the run */

    /* What is expected: */
    const char *code, *cause; /* told in place of a recording: word, and words of the sentence */
    unsigned connections;     /* that the server makes; 0: one */
    unsigned seconds;         /* before which no picture is sent: it is given time */
    unsigned late_most;       /* pictures sent before the first one recorded */
    unsigned lost_least, lost_most; /* pictures sent after it that are not in the footage */
    const char *gap;                /* cause of the one gap there must be; NULL: none */
    int gap_least_ms, gap_most_ms;
    unsigned files_least; /* segments; one more may be, by the clock. 0: one */
    unsigned slices;      /* in each picture of the footage; 0: whatever */
    unsigned timed_from;  /* so many first pictures may be off in time */
    int shift_ms;         /* that times may be expected to be off by */
    const char *way;      /* by which the status says that pictures come; NULL: not looked at */
    const char *codec;    /* what the pictures are recorded as; NULL: that of H.264 by their SPS */
    const char *sound;    /* codec of the sound that is told; NULL: not looked at */
    const char *left_out; /* codec and cause of the sound that is told as left out; NULL: none */
    /* Judges the sound; NULL: nobody does. */
    void (*listen)(const CameraRow *row, const Footage *footage);
    const char *note;         /* how a note begins that the status must show; NULL: it shows none */
    const char *never, *ever; /* what is in none, in one of the requests; NULL: not looked at */
    const char *member;       /* of the stream's status, and what it may be; NULL: no matter */
    int least, most;
};

/* Runs all rows (those whose names begin with `only`, unless it is NULL) for `play_ms`, and after
 * them checks that the footage verifies and no secret is in the log. Returns what main() does. */
int camera_rows_run(const char *group, const CameraRow *rows, size_t count, int play_ms,
                    const char *only);
