#include "camera.h"

#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *camera_auth_text(CameraAuth auth)
{
    static const char *const TEXTS[] = {"none", "basic", "digest"};
    return TEXTS[auth];
}

static void camera_free(gpointer data)
{
    Camera *camera = data;
    for (StreamKind kind = 0; kind < STREAM_KINDS; kind++)
        if (camera->streams[kind])
            stream_free(camera->streams[kind]);
    g_free(camera->user);
    g_free(camera->password);
    g_free(camera->place);
    g_free(camera);
}

static void give_account(Camera *camera, unsigned index)
{
    static const CameraAuth TURNS[] = {CAMERA_DIGEST, CAMERA_BASIC, CAMERA_DIGEST, CAMERA_OPEN};
    camera->auth = TURNS[index % G_N_ELEMENTS(TURNS)];
    if (camera->auth == CAMERA_OPEN)
        return;
    g_free(camera->user);
    g_free(camera->password);
    camera->user = g_strdup("viewer");
    /* Some owners like signs that break careless parsers of addresses. */
    camera->password = g_strdup_printf(index % 8 == 4 ? "p@ss:w/rd#%s" : "xem-%s", camera->name);
}

static void give_sound(Camera *camera, unsigned index)
{
    static const Codec TURNS[8] = {
        [1] = CODEC_AAC, [2] = CODEC_PCMA, [4] = CODEC_PCMU, [5] = CODEC_AAC};
    camera->audio = TURNS[index % G_N_ELEMENTS(TURNS)];
}

static bool has_h265(unsigned index)
{
    return index % 8 == 5;
}

static Scene *scene_add(CameraPlan *plan, const char *name, const PainterKind *kind,
                        const char *file)
{
    Scene *scene = scene_new(name, kind, file);
    g_ptr_array_add(plan->scenes, scene);
    return scene;
}

static Camera *camera_add(CameraPlan *plan, unsigned index, const Options *options)
{
    Camera *camera = g_new0(Camera, 1);
    snprintf(camera->name, sizeof camera->name, "cam%02u", index + 1);
    camera->user = g_strdup("");
    camera->password = g_strdup("");
    camera->place = g_strdup("");
    if (strcmp(options->mix, "varied") == 0) {
        give_account(camera, index);
        give_sound(camera, index);
        if (has_h265(index))
            camera->main_rendition = RENDITION_MAIN_H265;
    }
    g_ptr_array_add(plan->cameras, camera);
    return camera;
}

static void add_scenes(CameraPlan *plan, const Options *options)
{
    if (options->scene) {
        scene_add(plan, PAINTER_TEST.name, &PAINTER_TEST, NULL);
        return;
    }
    scene_add(plan, PAINTER_GATE.name, &PAINTER_GATE, NULL);
    scene_add(plan, PAINTER_CROSSROADS.name, &PAINTER_CROSSROADS, NULL);
    if (options->street)
        scene_add(plan, "street", &PAINTER_FOOTAGE, options->street);
}

/* H.265 is slow to encode: only the first scene has it. */
static void add_cameras(CameraPlan *plan, const Options *options)
{
    for (unsigned i = 0; i < (unsigned)options->cameras; i++) {
        Camera *camera = camera_add(plan, i, options);
        const unsigned turn =
            camera->main_rendition == RENDITION_MAIN_H265 ? 0 : (i + 1) % plan->scenes->len;
        camera->scene = g_ptr_array_index(plan->scenes, turn);
        if (i >= (unsigned)(options->cameras - options->live)) {
            camera->scene = NULL;
            camera->audio = CODEC_NONE;
            camera->main_rendition = RENDITION_MAIN_H264;
        }
    }
}

/* "street.mp4" -> "street": what can be part of a file name, of an address and of a caption. */
static char *scene_name(const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    char *dot = strrchr(base, '.');
    if (dot)
        *dot = '\0';
    char *name = g_ascii_strdown(base, 32);
    return g_strcanon(name, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');
}

static Scene *footage_scene(CameraPlan *plan, const char *file)
{
    g_autofree char *name = scene_name(file);
    for (guint i = 0; i < plan->scenes->len; i++) {
        Scene *scene = g_ptr_array_index(plan->scenes, i);
        if (g_strcmp0(scene->file, file) == 0)
            return scene;
        if (strcmp(scene->name, name) == 0) { /* another file of that name */
            g_autofree char *plain = g_steal_pointer(&name);
            name = g_strdup_printf("%s-%u", plain, plan->scenes->len);
        }
    }
    return scene_add(plan, name, &PAINTER_FOOTAGE, file);
}

/* One "FILE=camNN". */
static bool put_footage(CameraPlan *plan, const char *rule, GError **error)
{
    const char *equals = strrchr(rule, '=');
    Camera *camera = equals ? camera_find(plan->cameras, equals + 1) : NULL;
    if (!camera)
        return err_set(error, ERR_INVALID,
                       "--footage ‘%s’: must be FILE=camNN with one of the %u cameras", rule,
                       plan->cameras->len);
    g_autofree char *file = g_strndup(rule, (gsize)(equals - rule));
    if (access(file, R_OK) != 0)
        return err_errno(error, errno, "--footage ‘%s’", file);
    camera->scene = footage_scene(plan, file);
    camera->main_rendition = RENDITION_MAIN_H264;
    return true;
}

/* Scenes that nobody shows need no preparing. */
static void drop_unused(CameraPlan *plan)
{
    for (guint i = plan->scenes->len; i-- > 0;) {
        const Scene *scene = g_ptr_array_index(plan->scenes, i);
        if (!scene->wanted)
            g_ptr_array_remove_index(plan->scenes, i);
    }
}

static void want_renditions(const CameraPlan *plan)
{
    for (guint i = 0; i < plan->cameras->len; i++) {
        const Camera *camera = g_ptr_array_index(plan->cameras, i);
        if (!camera->scene)
            continue;
        scene_want(camera->scene, camera->main_rendition);
        scene_want(camera->scene, RENDITION_SUB);
    }
}

bool camera_plan_make(CameraPlan *plan, const Options *options, GError **error)
{
    plan->scenes = g_ptr_array_new_with_free_func((GDestroyNotify)scene_free);
    plan->cameras = g_ptr_array_new_with_free_func(camera_free);
    add_scenes(plan, options);
    add_cameras(plan, options);
    for (char **rule = options->footage; rule && *rule; rule++)
        if (!put_footage(plan, *rule, error))
            return false;
    want_renditions(plan);
    drop_unused(plan);
    return true;
}

void camera_plan_clear(CameraPlan *plan)
{
    g_clear_pointer(&plan->cameras, g_ptr_array_unref);
    g_clear_pointer(&plan->scenes, g_ptr_array_unref);
}

uint32_t camera_shift(unsigned index, uint32_t pictures)
{
    return index * 97 % pictures;
}

Codec camera_codec(const Camera *camera, StreamKind kind)
{
    return kind == STREAM_MAIN && camera->main_rendition == RENDITION_MAIN_H265 ? CODEC_H265
                                                                                : CODEC_H264;
}

Camera *camera_find(const GPtrArray *cameras, const char *name)
{
    for (guint i = 0; i < cameras->len; i++) {
        Camera *camera = g_ptr_array_index(cameras, i);
        if (strcmp(camera->name, name) == 0)
            return camera;
    }
    return NULL;
}
