/* bench-eye — what the eye costs a camera whose sub stream it follows, and where that goes.
 *
 *   bench-eye [--cameras N] [--seconds N] [--fps N] STREAM …
 *
 * Each STREAM is a file of H.264 or H.265 (an Annex B byte stream; its name ends in .h264 or
 * .h265). The cameras play them in turns, each from its own place, through a hub into the eye's own
 * code for one camera, with motion, camera health and thumbnails as in the server; nothing waits,
 * so what counts is processor time alone. Prints one line of JSON. */
#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "media/param_sets.h"
#include "watch/eye_camera.h"
#include "watch/motion.h"
#include "watch/view_health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_S = 4, PICTURES_S = 5, THUMBNAIL_PX = 320 };

typedef enum Stage { MOTION, HEALTH, STAGES } Stage;
static int64_t stage_ns[STAGES];

typedef struct Options {
    int cameras, seconds;
    double fps;
} Options;

typedef struct Player {
    const GPtrArray *units;
    Hub *hub;
    EyeCamera *camera;
    guint at; /* the next unit */
    int64_t number;
} Player;

_Noreturn static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench-eye: %s: %s\n", what, why);
    exit(2);
}

static int64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- streams ---- */

/* What is cut from one file. */
typedef struct Cut {
    GPtrArray *units; /* of AccessUnit */
    ParamSets *sets;
    ByteWriter data; /* of the picture under way */
    bool any, key;   /* it has a slice; that can be decoded alone */
} Cut;

static void end_picture(Cut *cut)
{
    AccessUnit *unit = access_unit_new(param_sets_params(cut->sets), TRACK_VIDEO, cut->data.size);
    memcpy(unit->data, cut->data.data, cut->data.size);
    unit->key = cut->key;
    g_ptr_array_add(cut->units, unit);
    cut->data.size = 0;
    cut->any = false;
}

static void add_nal(Cut *cut, Codec codec, const Nal *nal)
{
    const bool slice = nal_is_vcl(codec, nal->data);
    if (cut->any && (!slice || nal_starts_picture(codec, nal)))
        end_picture(cut);
    if (!slice)
        param_sets_put(cut->sets, nal, false);
    else if (!cut->any)
        param_sets_picture(cut->sets, nal);
    cut->any = cut->any || slice;
    cut->key = slice && nal_role(codec, nal->data) == NAL_KEY;
    write_u32(&cut->data, (uint32_t)nal->size);
    write_bytes(&cut->data, nal->data, nal->size);
}

static GPtrArray *load(const char *path)
{
    const Codec codec = g_str_has_suffix(path, "5") ? CODEC_H265 : CODEC_H264;
    g_autofree char *bytes = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &bytes, &size, NULL))
        die(path, "cannot be read");
    Cut cut = {.units = g_ptr_array_new_with_free_func((GDestroyNotify)access_unit_unref),
               .sets = param_sets_new(codec)};
    NalReader reader = nal_reader(bytes, size);
    for (Nal nal; nal_next_annexb(&reader, &nal);)
        add_nal(&cut, codec, &nal);
    if (cut.any)
        end_picture(&cut);
    if (cut.units->len == 0 || !((AccessUnit *)cut.units->pdata[0])->key)
        die(path, "does not begin with a key picture");
    param_sets_free(cut.sets);
    byte_writer_clear(&cut.data);
    return cut.units;
}

/* ---- what looks at the pictures ---- */

static void *begin_motion(void *data, const Uuid *camera, int width, int height)
{
    return motion_new(data, NULL);
}

static void see_motion(void *state, const LumaPicture *picture)
{
    const int64_t begun_ns = cpu_ns();
    motion_picture(state, picture);
    stage_ns[MOTION] += cpu_ns() - begun_ns;
}

static void end_motion(void *state)
{
    motion_free(state);
}

static void on_second(void *data, const MotionSecond *second)
{
}

static void *begin_health(void *data, const Uuid *camera, int width, int height)
{
    return view_health_new(NULL);
}

static void see_health(void *state, const LumaPicture *picture)
{
    ViewChange changes[VIEW_VERDICTS];
    const int64_t begun_ns = cpu_ns();
    view_health_see(state, picture, changes);
    stage_ns[HEALTH] += cpu_ns() - begun_ns;
}

static void end_health(void *state)
{
    view_health_free(state);
}

static void take_thumbnail(void *data, const Uuid *camera, int64_t capture_us, const Buffer *jpeg)
{
}

static EyeRules rules_make(void)
{
    const EyeAnalyser analysers[] = {
        {begin_motion, see_motion, end_motion, on_second},
        {begin_health, see_health, end_health, NULL},
    };
    GArray *all = g_array_new(FALSE, FALSE, sizeof(EyeAnalyser));
    g_array_append_vals(all, analysers, G_N_ELEMENTS(analysers));
    return (EyeRules){.analysers = all,
                      .interval_us = SECOND_US / PICTURES_S,
                      .thumbnails = {take_thumbnail, NULL, 10 * SECOND_US, THUMBNAIL_PX},
                      .keys = decoder_new(INT64_MAX)};
}

/* ---- playing ---- */

static void player_start(Player *player, const GPtrArray *units, int index, const EyeRules *rules)
{
    const Uuid id = {{(uint8_t)index}};
    player->units = units;
    player->hub = hub_new(id, STREAM_SUB);
    player->camera = eye_camera_new(&id, NULL, player->hub, rules);
    /* prime to a group of pictures, so that key pictures do not come together */
    player->at = (guint)index * 7 % units->len;
}

static void publish_until(Player *player, int64_t now_us, double fps)
{
    for (;; player->number++) {
        const int64_t at_us = SECOND_US + (int64_t)((double)player->number * 1e6 / fps);
        if (at_us > now_us)
            return;
        const AccessUnit *from = player->units->pdata[player->at];
        g_autoptr(AccessUnit) unit = access_unit_new(from->params, TRACK_VIDEO, from->size);
        memcpy(unit->data, from->data, from->size);
        unit->key = from->key;
        unit->capture_us = unit->arrival_us = at_us;
        hub_publish(player->hub, unit);
        player->at = (player->at + 1) % player->units->len;
    }
}

/* Each camera once a second, in turns, as the eye does. Returns what was counted. */
static EyeCounts play(Player *players, const Options *options, int64_t *spent_ns, int64_t *now_us,
                      int seconds)
{
    EyeCounts all = {0};
    for (const int64_t end_us = *now_us + seconds * SECOND_US; *now_us < end_us;) {
        *now_us += SECOND_US / PICTURES_S;
        const int turn = (int)(*now_us * PICTURES_S / SECOND_US % PICTURES_S);
        for (int i = 0; i < options->cameras; i++)
            publish_until(&players[i], *now_us, options->fps);
        const int64_t begun_ns = cpu_ns();
        for (int i = turn; i < options->cameras; i += PICTURES_S) {
            eye_camera_look(players[i].camera, *now_us);
            const EyeCounts counts = eye_camera_counts(players[i].camera);
            all.decoded += counts.decoded;
            all.pictures += counts.pictures;
        }
        *spent_ns += cpu_ns() - begun_ns;
    }
    return all;
}

static void measure(Player *players, const Options *options)
{
    int64_t now_us = SECOND_US, spent_ns = 0;
    play(players, options, &spent_ns, &now_us, WARM_S);
    spent_ns = stage_ns[MOTION] = stage_ns[HEALTH] = 0;
    const EyeCounts counts = play(players, options, &spent_ns, &now_us, options->seconds);
    const double camera_s = (double)options->cameras * options->seconds;
    const int64_t rest_ns = spent_ns - stage_ns[MOTION] - stage_ns[HEALTH];
    EyeCause cause;
    g_autoptr(Json) line = json_pack(
        "{s:i,s:f,s:s,s:f,s:f,s:f,s:f,s:f,s:f}", "cameras", options->cameras, "fps", options->fps,
        "mode", eye_mode_text(eye_camera_mode(players[0].camera, &cause)), "decoded_s",
        counts.decoded / camera_s, "looked_at_s", counts.pictures / camera_s, "percent_a_camera",
        (double)spent_ns / 1e7 / camera_s, "decode_percent", (double)rest_ns / 1e7 / camera_s,
        "motion_percent", (double)stage_ns[MOTION] / 1e7 / camera_s, "health_percent",
        (double)stage_ns[HEALTH] / 1e7 / camera_s);
    g_autofree char *text = json_dumps(line, JSON_REAL_PRECISION(3));
    puts(text);
}

int main(int argc, char **argv)
{
    Options options = {.cameras = 32, .seconds = 60, .fps = 15};
    const GOptionEntry entries[] = {
        {"cameras", 0, 0, G_OPTION_ARG_INT, &options.cameras, "How many", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT, &options.seconds, "Of the streams, counted", "N"},
        {"fps", 0, 0, G_OPTION_ARG_DOUBLE, &options.fps, "Pictures a second", "N"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("STREAM …");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, NULL) || argc < 2 || options.cameras < 1 ||
        options.cameras > 255 || options.seconds < 1 || options.fps <= 0)
        die("bad usage", "see the first lines of bench/eye.c");
    g_autoptr(GPtrArray) streams =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (int i = 1; i < argc; i++)
        g_ptr_array_add(streams, load(argv[i]));
    const EyeRules rules = rules_make();
    g_autofree Player *players = g_new0(Player, (gsize)options.cameras);
    for (int i = 0; i < options.cameras; i++)
        player_start(&players[i], streams->pdata[(guint)i % streams->len], i, &rules);
    measure(players, &options);
    return 0;
}
