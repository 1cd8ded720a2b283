#include "scene.h"

#include "base/file.h"
#include "base/thread.h"
#include "caption.h"
#include "progress.h"
#include "strip.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

enum {
    ENCODING_VERSION = 1, /* goes up when the settings below or the encoder's change */
    PART_PICTURES = 2 * GOP,
    WORKERS_MOST = 16,
};

static const EncoderSettings ENCODINGS[RENDITIONS] = {
    [RENDITION_MAIN_H264] = {CODEC_H264, MAIN_WIDTH, MAIN_HEIGHT, 2000000, "superfast", false},
    [RENDITION_MAIN_H265] = {CODEC_H265, MAIN_WIDTH, MAIN_HEIGHT, 1800000, "ultrafast", false},
    [RENDITION_SUB] = {CODEC_H264, SUB_WIDTH, SUB_HEIGHT, 300000, "superfast", true},
};

/* Cost of one picture, painted or encoded, in units of progress. */
static const uint64_t PAINT_COST = 2;
static const uint64_t ENCODE_COST[RENDITIONS] = {2, 5, 1};

const EncoderSettings *rendition_encoding(Rendition rendition)
{
    return &ENCODINGS[rendition];
}

Scene *scene_new(const char *name, const PainterKind *kind, const char *file)
{
    Scene *scene = g_new0(Scene, 1);
    scene->name = g_strdup(name);
    scene->kind = kind;
    scene->file = g_strdup(file);
    return scene;
}

void scene_free(Scene *scene)
{
    for (Rendition i = 0; i < RENDITIONS; i++)
        clip_free(scene->clips[i]);
    g_free(scene->name);
    g_free(scene->file);
    g_free(scene);
}

void scene_want(Scene *scene, Rendition rendition)
{
    scene->wanted |= 1u << rendition;
}

static bool is_missing(const Scene *scene, Rendition rendition)
{
    return scene->wanted >> rendition & 1 && !scene->clips[rendition];
}

/* The name tells all that the bytes depend on, so that nothing stale is ever used. */
static char *cache_path(const Scene *scene, const char *cache, Rendition rendition)
{
    static const char *const NAMES[RENDITIONS] = {"main-h264", "main-h265", "sub-h264"};
    g_autofree char *stamp = g_strdup_printf("%u.%d", scene->kind->version, ENCODING_VERSION);
    struct stat file;
    if (scene->file && stat(scene->file, &file) == 0) {
        g_autofree char *plain = g_steal_pointer(&stamp);
        stamp = g_strdup_printf("%s.%llx.%llx", plain, (unsigned long long)file.st_size,
                                (unsigned long long)file.st_mtime);
    }
    return g_strdup_printf("%s/%s-%s-%s.clip", cache, scene->name, NAMES[rendition], stamp);
}

static void scene_load(Scene *scene, const char *cache)
{
    for (Rendition i = 0; i < RENDITIONS; i++) {
        if (!is_missing(scene, i))
            continue;
        g_autofree char *path = cache_path(scene, cache, i);
        scene->clips[i] = clip_load(path);
    }
}

static uint64_t scene_cost(const Scene *scene)
{
    uint64_t cost = 0;
    for (Rendition i = 0; i < RENDITIONS; i++)
        if (is_missing(scene, i))
            cost += ENCODE_COST[i];
    return cost ? (cost + PAINT_COST) * scene->kind->pictures : 0;
}

/* A run of whole groups of one scene: painted and encoded by one worker, apart from the others. */
typedef struct Part {
    Scene *scene;
    uint32_t from, to;
    Encoder *encoders[RENDITIONS];
    Clip *clips[RENDITIONS];
    AVFrame *main, *sub;
    void *painter;
} Part;

static void part_end(Part *part)
{
    for (Rendition i = 0; i < RENDITIONS; i++)
        g_clear_pointer(&part->encoders[i], encoder_free);
    av_frame_free(&part->main);
    av_frame_free(&part->sub);
    if (part->painter)
        part->scene->kind->close(part->painter);
    part->painter = NULL;
}

static void part_free(gpointer data)
{
    Part *part = data;
    part_end(part);
    for (Rendition i = 0; i < RENDITIONS; i++)
        clip_free(part->clips[i]);
    g_free(part);
}

static bool part_begin(Part *part, GError **error)
{
    for (Rendition i = 0; i < RENDITIONS; i++) {
        if (!is_missing(part->scene, i))
            continue;
        const EncoderSettings *encoding = &ENCODINGS[i];
        part->encoders[i] = encoder_new(encoding, error);
        if (!part->encoders[i])
            return false;
        part->clips[i] = clip_new(encoding->codec, encoding->width, encoding->height);
    }
    part->main = picture_new(MAIN_WIDTH, MAIN_HEIGHT);
    part->sub = picture_new(SUB_WIDTH, SUB_HEIGHT);
    part->painter = part->scene->kind->open(part->scene->file, error);
    return part->painter != NULL;
}

/* All encoders get the same picture; without `painted` they end. */
static bool part_encode(Part *part, bool painted, bool key, GError **error)
{
    for (Rendition i = 0; i < RENDITIONS; i++) {
        if (!part->encoders[i])
            continue;
        AVFrame *frame = i == RENDITION_SUB ? part->sub : part->main;
        if (!encoder_add(part->encoders[i], painted ? frame : NULL, key, part->clips[i], error))
            return false;
        if (painted)
            progress_add(ENCODE_COST[i]);
    }
    return true;
}

static bool part_picture(Part *part, uint32_t index, GError **error)
{
    const Scene *scene = part->scene;
    av_frame_make_writable(part->main);
    av_frame_make_writable(part->sub);
    if (!scene->kind->paint(part->painter, index, part->main, error))
        return false;
    g_autofree char *caption =
        g_strdup_printf(" %s %04u/%04u ", scene->name, index, scene->kind->pictures);
    caption_draw(part->main, 24, 24, 6, caption);
    strip_draw(part->main, index);
    picture_third(part->main, part->sub);
    progress_add(PAINT_COST);
    return part_encode(part, true, index % GOP == 0, error);
}

static bool part_make(Part *part, GError **error)
{
    bool ok = part_begin(part, error);
    for (uint32_t i = part->from; ok && i < part->to; i++)
        ok = part_picture(part, i, error);
    ok = ok && part_encode(part, false, false, error);
    part_end(part);
    return ok;
}

static void add_parts(GPtrArray *parts, Scene *scene)
{
    const uint32_t step = scene->file ? scene->kind->pictures : PART_PICTURES;
    for (uint32_t from = 0; from < scene->kind->pictures; from += step) {
        Part *part = g_new0(Part, 1);
        part->scene = scene;
        part->from = from;
        part->to = MIN(from + step, scene->kind->pictures);
        g_ptr_array_add(parts, part);
    }
}

/* Parts come in the order of their scene. */
static void scene_assemble(Scene *scene, const GPtrArray *parts)
{
    Clip *clips[RENDITIONS] = {NULL};
    for (guint i = 0; i < parts->len; i++) {
        Part *part = g_ptr_array_index(parts, i);
        if (part->scene != scene)
            continue;
        for (Rendition r = 0; r < RENDITIONS; r++) {
            if (!clips[r])
                clips[r] = g_steal_pointer(&part->clips[r]);
            else
                clip_join(clips[r], part->clips[r]);
        }
    }
    for (Rendition r = 0; r < RENDITIONS; r++)
        if (clips[r]) {
            g_assert(clip_count(clips[r]) == scene->kind->pictures);
            scene->clips[r] = clips[r];
        }
}

static bool scene_keep(const Scene *scene, unsigned made, const char *cache, GError **error)
{
    for (Rendition i = 0; i < RENDITIONS; i++) {
        if (!(made >> i & 1))
            continue;
        g_autofree char *path = cache_path(scene, cache, i);
        if (!clip_save(scene->clips[i], path, error))
            return false;
    }
    g_autoptr(Json) truth = scene_truth(scene);
    g_autofree char *line = json_line(truth);
    g_autofree char *path = g_strdup_printf("%s/%s.json", cache, scene->name);
    return file_write_atomic(path, line, strlen(line), 0640, error);
}

typedef struct Workshop {
    GPtrArray *parts; /* of Part */
    atomic_uint next;
} Workshop;

typedef struct Worker {
    Workshop *shop;
    Thread *thread;
    GError *error;
} Worker;

static void worker_run(void *data)
{
    Worker *worker = data;
    GPtrArray *parts = worker->shop->parts;
    unsigned index;
    while (!worker->error && (index = atomic_fetch_add(&worker->shop->next, 1)) < parts->len)
        part_make(g_ptr_array_index(parts, index), &worker->error);
}

static bool make_parts(GPtrArray *parts, GError **error)
{
    Workshop shop = {.parts = parts};
    Worker workers[WORKERS_MOST] = {{0}};
    const unsigned count = MIN(g_get_num_processors(), MIN(WORKERS_MOST, parts->len));
    for (unsigned i = 0; i < count; i++) {
        workers[i].shop = &shop;
        workers[i].thread = thread_start("paint", worker_run, &workers[i]);
    }
    bool ok = true;
    for (unsigned i = 0; i < count; i++) {
        thread_join(workers[i].thread);
        if (!workers[i].error)
            continue;
        if (ok)
            g_propagate_error(error, g_steal_pointer(&workers[i].error));
        g_clear_error(&workers[i].error);
        ok = false;
    }
    return ok;
}

static unsigned missing_of(const Scene *scene)
{
    unsigned missing = 0;
    for (Rendition i = 0; i < RENDITIONS; i++)
        missing |= (unsigned)is_missing(scene, i) << i;
    return missing;
}

static bool scenes_make(GPtrArray *scenes, const char *cache, GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
    for (guint i = 0; i < scenes->len; i++)
        add_parts(parts, g_ptr_array_index(scenes, i));
    if (!make_parts(parts, error))
        return false;
    for (guint i = 0; i < scenes->len; i++) {
        Scene *scene = g_ptr_array_index(scenes, i);
        unsigned missing = missing_of(scene);
        scene_assemble(scene, parts);
        if (!scene_keep(scene, missing, cache, error))
            return false;
    }
    return true;
}

bool scenes_prepare(GPtrArray *scenes, const char *cache, GError **error)
{
    if (!folder_make(cache, error))
        return false;
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    uint64_t total = 0;
    for (guint i = 0; i < scenes->len; i++) {
        Scene *scene = g_ptr_array_index(scenes, i);
        scene_load(scene, cache);
        total += scene_cost(scene);
        if (missing_of(scene))
            /* Footage cannot be split: it goes first. */
            g_ptr_array_insert(missing, scene->file ? 0 : -1, scene);
    }
    progress_begin(total);
    bool ok = scenes_make(missing, cache, error);
    progress_end();
    return ok;
}

Json *scene_truth(const Scene *scene)
{
    Json *happens = scene->kind->truth ? scene->kind->truth() : json_array();
    return json_pack("{s:s, s:i, s:i, s:f, s:o}", "scene", scene->name, "pictures",
                     (int)scene->kind->pictures, "fps", FPS, "loop_s",
                     (double)scene->kind->pictures / FPS, "happens", happens);
}
