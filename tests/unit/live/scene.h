/* A commune of one camera and one viewer of it, without a service thread: what is published and
 * asked is answered at once, and the clock goes by scene_pass(). */
#pragma once

#include "live/live.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROOM = 16 };

/* A commune of one camera, a viewer, and what the service thread would do. */
typedef struct Scene {
    Uuid camera;
    Hub *hubs[STREAM_KINDS];
    Live *live;
    LiveViewer *viewer;
    CodecParams *params, *h265;
    bool main_is_h265;
    bool may_watch, may_listen;
    int wakes, readies, begun, ended, refused, sound_begun, sound_ended, sound_refused;
    int64_t mono_us, lag_us, pictures;
} Scene;

int scene_start(void **state);
int scene_stop(void **state);
void scene_publish_marked(Scene *scene, StreamKind kind, bool key, int64_t pts, bool damaged);
void scene_publish(Scene *scene, StreamKind kind, bool key, int64_t pts);
/* One group of pictures, five a second, that nobody has watched yet. */
void scene_publish_group(Scene *scene, int pictures);
void scene_pass(Scene *scene, int64_t us);
/* Where the main stream is H.265, the viewer knows none. */
void scene_ask(Scene *scene, const char *op, const char *stream);
/* The next text message; the caller drops it. */
Json *scene_next_text(Scene *scene, const char *op);
void scene_expect_text(Scene *scene, const char *op);
/* The next binary message: its flags, and its sequence. */
unsigned scene_next_binary(Scene *scene, uint64_t *sequence);
void scene_expect_silence(Scene *scene);
/* A key picture of the main stream is published, and watched; all that comes of it is taken. */
void scene_watch(Scene *scene);

/* Takes all that waits: counts pictures by stream, and deltas; the last of `lowered` and `raised`,
 * owned, or NULL. */
typedef struct Taken {
    unsigned pictures[STREAM_KINDS], deltas;
    size_t filler;
    Json *told;
} Taken;

Taken scene_take_all(Scene *scene);
