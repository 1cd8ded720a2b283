/* scene.h — the scenes that cameras show: painted and encoded once, cached, held in memory. */
#pragma once

#include "encoder.h"
#include "painter.h"

typedef enum Rendition {
    RENDITION_MAIN_H264,
    RENDITION_MAIN_H265,
    RENDITION_SUB,
    RENDITIONS
} Rendition;

typedef struct Scene {
    char *name;
    const PainterKind *kind;
    char *file;              /* footage; NULL for drawings */
    unsigned wanted;         /* bits of Rendition */
    Clip *clips[RENDITIONS]; /* set by scenes_prepare() where wanted */
} Scene;

const EncoderSettings *rendition_encoding(Rendition rendition);

Scene *scene_new(const char *name, const PainterKind *kind, const char *file);
void scene_free(Scene *scene);
void scene_want(Scene *scene, Rendition rendition);

/* Loads what is wanted from the folder `cache`, makes what is missing on all processors with
 * progress on stderr, and keeps it there. Blocks. */
bool scenes_prepare(GPtrArray *scenes, const char *cache, GError **error);

/* {"scene","pictures","fps","loop_s","happens":[…]}. Returns owned. */
Json *scene_truth(const Scene *scene);
