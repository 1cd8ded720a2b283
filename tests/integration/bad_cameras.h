/* bad_cameras.h — cameras that cannot be recorded: how each is bad, and what is to be told of it.
 */
#pragma once

#include "scripted_camera.h"

enum { BAD_CAMERAS = 29 };

typedef struct BadCamera {
    const char *name;
    const CameraScript *script;
    const char *url;          /* when there is no script; "%d" is the port of the HTTP server */
    int sim;                  /* or a camera of the simulator, by its number; 0 is the good one */
    const char *user;         /* its user when "own" */
    const char *code, *cause; /* what is told, and words of the sentence */
    bool slow;                /* told after seconds: looked at by a run of its own */
} BadCamera;

extern const BadCamera bad_cameras[BAD_CAMERAS];

/* Its row; ends the test when there is none. */
unsigned bad_camera(const char *name);

/* Records on, though its framing is lost now and then. */
extern const CameraScript clumsy_script;
