/* painter.h — where the pictures of a scene come from: a drawing of ours or a clip on disk. */
#pragma once

#include "base/json.h"
#include "picture.h"

typedef struct PainterKind {
    const char *name;  /* of the scene; NULL for footage, which is named by its file */
    uint32_t version;  /* goes up when the pictures change, so that cached ones are made anew */
    uint32_t pictures; /* a multiple of GOP */
    /* Returns owned, or NULL. `file` is NULL for drawings. */
    void *(*open)(const char *file, GError **error);
    /* Fills `out` (1920×1080) with picture `index`; called with 0, 1, 2 … */
    bool (*paint)(void *painter, uint32_t index, AVFrame *out, GError **error);
    void (*close)(void *painter);
    /* What happens when and where, as an array of objects; NULL when nothing is known of it. */
    Json *(*truth)(void);
    /* What is covered by figures in a second of the loop (stage_cover()); NULL as above. */
    Json *(*cover)(int second);
} PainterKind;

extern const PainterKind PAINTER_TEST, PAINTER_CROSSROADS, PAINTER_GATE, PAINTER_FOOTAGE;
