/* eye_camera.h — one camera under the eye: what is decoded of it, and who gets it.
 *
 * Private to the eye; its thread only.
 */
#pragma once

#include "picture/decoder.h"
#include "watch/eye.h"

/* What is the same for all cameras. */
typedef struct EyeRules {
    GArray *analysers;   /* EyeAnalyser */
    int64_t interval_us; /* between pictures for analysers */
    EyeThumbnails thumbnails;
    Decoder *keys; /* for key pictures alone: one for all cameras, as a decoder takes megabytes */
} EyeRules;

typedef struct EyeCamera EyeCamera;

/* Takes references to the hubs; `rules` is borrowed. Returns owned. */
EyeCamera *eye_camera_new(const Uuid *id, Hub *main, Hub *sub, const EyeRules *rules);
void eye_camera_free(EyeCamera *camera);
bool eye_camera_has(const EyeCamera *camera, const Hub *main, const Hub *sub);

/* Decodes and hands on what has come since the last look. */
void eye_camera_look(EyeCamera *camera, int64_t now_us);

/* May it be followed picture by picture, where its stream is small enough? At first it may. */
void eye_camera_allow(EyeCamera *camera, bool full);
bool eye_camera_allowed(const EyeCamera *camera);

EyeMode eye_camera_mode(const EyeCamera *camera, EyeCause *cause);

/* Since the last call: pictures decoded, handed to analysers, thumbnails, pictures lost to
 * lateness. */
typedef struct EyeCounts {
    unsigned decoded, pictures, thumbnails, lost;
} EyeCounts;
EyeCounts eye_camera_counts(EyeCamera *camera);
