/* eye.h — decodes what the cameras send, within a budget, for those who look at pictures.
 *
 * One thread, of low priority, looks at every camera once a second. Of a camera with a small
 * sub stream it decodes every picture (the later ones need the earlier; those that none needs are
 * left out) and hands on as many as are asked for. Without one, or when the budget is short, it
 * decodes key pictures alone, and says so in the status. It listens to the hubs like any viewer:
 * late, it loses its own pictures only.
 *
 * Whoever wants pictures is an analyser. All calls for one camera come on the eye's one thread.
 */
#pragma once

#include "base/buffer.h"
#include "base/uuid.h"
#include "camera/hub.h"
#include "picture/luma.h"

typedef struct Eye Eye;

/* `begin` when the first picture of a size is there: returns the state of this camera, or NULL when
 * its pictures are not wanted. `picture` for each, in order of time; the pixels are borrowed during
 * the call. `end` when the size changes, the camera goes, or the eye stops. */
typedef struct EyeAnalyser {
    void *(*begin)(void *data, const Uuid *camera, int width, int height);
    void (*picture)(void *state, const LumaPicture *picture);
    void (*end)(void *state);
    void *data;
} EyeAnalyser;

/* Small pictures to keep, one a camera in each `every_us` of node time: `take` gets the JPEG
 * borrowed, on the eye's thread. */
typedef struct EyeThumbnails {
    void (*take)(void *data, const Uuid *camera, int64_t capture_us, const Buffer *jpeg);
    void *data;
    int64_t every_us;
    int width_px;
} EyeThumbnails;

typedef struct EyeSettings {
    unsigned pictures_s;     /* most pictures a second of a camera that analysers get; at least 1 */
    unsigned budget_percent; /* of one core, for all cameras together, analysers included */
    EyeThumbnails thumbnails; /* `take` NULL: none */
} EyeSettings;

/* Returns owned. */
Eye *eye_new(const EyeSettings *settings);

/* Before eye_start(). Copies `analyser`. */
void eye_add_analyser(Eye *eye, const EyeAnalyser *analyser);
void eye_start(Eye *eye);

/* Ends all analysers' states, joins the thread. NULL is allowed. */
void eye_free(Eye *eye);

/* The camera has these streams now (NULL: none); takes references of its own. Told again with the
 * same hubs, it does nothing. Any thread; never waits. */
void eye_watch(Eye *eye, const Uuid *camera, Hub *main, Hub *sub);
void eye_unwatch(Eye *eye, const Uuid *camera);

typedef enum EyeMode {
    EYE_OFF,  /* nothing of it is decoded */
    EYE_KEY,  /* key pictures alone */
    EYE_FULL, /* every picture */
} EyeMode;
const char *eye_mode_text(EyeMode mode); /* "off" "key" "full" */

typedef enum EyeCause {
    EYE_AS_ASKED,
    EYE_NO_PICTURES,   /* none have come for a while */
    EYE_NO_SUB_STREAM, /* key: the main stream is too large to be followed */
    EYE_LARGE,         /* key: so is the sub stream */
    EYE_BUDGET,        /* key: the budget is short */
    EYE_CODEC,         /* off: pictures of this coding or size cannot be decoded */
    EYE_BROKEN,        /* off: this stream's pictures are damaged; one a minute is tried */
    EYE_SWITCHED_OFF,  /* off: by the configuration */
} EyeCause;
const char *eye_cause_text(EyeCause cause); /* "" "no-pictures" … */

typedef struct EyeStatus {
    EyeMode mode;
    EyeCause cause;                 /* why it is not full */
    double pictures_s, cpu_percent; /* of one core; over the last ten seconds or so */
} EyeStatus;

/* All off when the camera is not watched. Any thread. */
EyeStatus eye_status(Eye *eye, const Uuid *camera);

typedef struct EyeFigures {
    unsigned cameras[EYE_FULL + 1]; /* by mode */
    uint64_t decoded;               /* pictures */
    uint64_t pictures, thumbnails;  /* handed to analysers; taken */
    double cpu_s;                   /* spent by the eye's thread */
} EyeFigures;
EyeFigures eye_figures(Eye *eye);
