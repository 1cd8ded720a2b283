/* camera.h — the simulated cameras: who shows what, in which coding, behind which password.
 *
 * The mix of a camera depends on its place alone, so that every run has the same cameras.
 */
#pragma once

#include "media/sim_sei.h"
#include "options.h"
#include "scene.h"
#include "sound.h"
#include "stream.h"

#include <stdatomic.h>

typedef enum CameraAuth { CAMERA_OPEN, CAMERA_BASIC, CAMERA_DIGEST } CameraAuth;
const char *camera_auth_text(CameraAuth auth); /* "none", "basic", "digest" */

typedef struct Camera {
    char name[SIM_SEI_CAMERA]; /* "cam07" */
    CameraAuth auth;
    char *user, *password; /* "" with CAMERA_OPEN */
    Scene *scene;          /* borrowed; NULL: drawn as it runs */
    Rendition main_rendition;
    Codec audio;                   /* CODEC_NONE, AAC, PCMA or PCMU */
    char *place;                   /* name of the place, or "" */
    atomic_bool refused;           /* a fault on command: whoever asks for this camera is cut off */
    atomic_int spoil;              /* Spoil of a camera that is drawn as it runs */
    Stream *streams[STREAM_KINDS]; /* made by whoever starts the cameras */
} Camera;

/* The scenes of a run and the cameras that show them. Streams are still NULL. */
typedef struct CameraPlan {
    GPtrArray *scenes;  /* of Scene, owned */
    GPtrArray *cameras; /* of Camera, owned */
} CameraPlan;

bool camera_plan_make(CameraPlan *plan, const Options *options, GError **error);
void camera_plan_clear(CameraPlan *plan);

/* How far into its scene the camera at place `index` begins: key pictures (every GOP) and what
 * happens are spread over the cameras that share a scene. */
uint32_t camera_shift(unsigned index, uint32_t pictures);

Codec camera_codec(const Camera *camera, StreamKind kind);
Camera *camera_find(const GPtrArray *cameras, const char *name); /* borrowed, or NULL */
