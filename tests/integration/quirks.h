/* quirks.h — many cameras that misbehave (CAMERAS.md), side by side in one run of the server.
 *
 * Each row of a table is a camera and a test of its own. All play at once for some seconds; then
 * what the API told of them is kept, the server is stopped, and each test looks into the footage.
 */
#pragma once

#include "scripted_camera.h"

typedef struct Quirk {
    const char *name; /* row of CAMERAS.md, '-', a word: at most 15 characters, for the marks */
    const char *what; /* what the camera does */
    CameraScript script;
    const char *address; /* "%a" is the camera's HOST:PORT; NULL: that of the camera */
    const char *user, *password;
    const char *secret; /* what must not be in the log */
    bool audio;         /* to be recorded, too */
    bool is_reboot;     /* switched off for some time in the middle */

    /* What is expected: */
    const char *code, *cause; /* told in place of a recording: word, and words of the sentence */
    unsigned connections;     /* that the server makes; 0: one */
    unsigned seconds;         /* before which no picture is sent: it is given time */
    unsigned lost;            /* pictures that may be missing; those sent with each PLAY may not */
    const char *gap;          /* cause of a gap that is to be in the footage; NULL: none is */
    const char *codec; /* what the pictures are recorded as; NULL: that of H.264 by their SPS */
    const char *sound; /* codec of the sound that is told; NULL: not looked at */
    const char *never, *ever; /* what is in none, in one of the requests; NULL: not looked at */
} Quirk;

/* Runs all rows (one of this name: `argument`), and after them a check that the footage verifies
 * and no password is told. Returns cmocka's count of failures. */
int quirks_run(const Quirk *rows, unsigned count, int play_ms, const char *argument);
