#include "world.h"

#include "base/clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define CAUSE(name) (1U << GAP_##name)

enum { RECORDED_WITHIN_MS = 30000 };

/* A picture that was handed to the simulator's server is not on the line yet. */
#define IN_FLIGHT_US INT64_C(250000)

const FaultRule fault_rules[FAULT_KINDS] = {
    [FAULT_KILL] = {"kill -9", SECOND_US, 5 * SECOND_US, CAUSE(SERVER_DOWN)},
    [FAULT_STOP] = {"clean stop", IN_FLIGHT_US, 5 * SECOND_US, CAUSE(SERVER_DOWN)},
    [FAULT_REBUILD] = {"catalog lost", IN_FLIGHT_US, 5 * SECOND_US, CAUSE(SERVER_DOWN)},
    [FAULT_OFFLINE] = {"camera offline", IN_FLIGHT_US, 5 * SECOND_US, CAUSE(CAMERA_OFFLINE)},
    [FAULT_DISCONNECT] = {"camera cuts", IN_FLIGHT_US, 5 * SECOND_US, CAUSE(CAMERA_OFFLINE)},
    [FAULT_STALL] = {"camera stalls", IN_FLIGHT_US, 5 * SECOND_US, CAUSE(NETWORK_STALL)},
    [FAULT_SILENT_NET] = {"half-open TCP", 3 * SECOND_US, 10 * SECOND_US,
                          CAUSE(NETWORK_STALL) | CAUSE(CAMERA_OFFLINE)},
    [FAULT_POWER_CUT] = {"power cut", 3 * SECOND_US, 5 * SECOND_US, CAUSE(SERVER_DOWN)},
    [FAULT_FULL] = {"disk full", SECOND_US, 8 * SECOND_US, CAUSE(DISK_FULL)},
    [FAULT_IO_ERROR] = {"disk errors", SECOND_US, 8 * SECOND_US, CAUSE(DISK_ERROR)},
    [FAULT_READ_ONLY] = {"disk read-only", SECOND_US, 8 * SECOND_US, CAUSE(DISK_ERROR)},
    [FAULT_VANISHED] = {"volume gone", SECOND_US, 8 * SECOND_US,
                        CAUSE(VOLUME_MISSING) | CAUSE(DISK_ERROR)},
    [FAULT_CLOCK] = {"clock set", 0, 0, CAUSE(CLOCK_STEP)},
    [FAULT_CATALOG] = {"catalog damaged", 0, 0, 0},
};

const char *world_camera(const World *world, int index)
{
    return text_in(sim_camera(&world->sim, index), "name");
}

void world_serve(World *world)
{
    /* The preloaded library is for the server alone. */
    const char *bad_day = g_getenv("BAD_DAY");
    if (bad_day)
        g_setenv("LD_PRELOAD", bad_day, TRUE);
    world->server = server_start(world->data);
    g_unsetenv("LD_PRELOAD");
    g_free(world->api.url);
    world->api.url = g_strconcat(world->server.url, "/api/v1", NULL);
}

void world_stop(World *world, int signal_number)
{
    int status = server_stop(&world->server, signal_number);
    if (signal_number != SIGKILL)
        g_assert_cmpint(status, ==, 0);
}

void world_wait_recorded(World *world)
{
    for (int i = 0; i < world->cameras; i++)
        api_wait_recorded(&world->api, world->ids[i], RECORDED_WITHIN_MS);
}

static char *add_camera(World *world, int index)
{
    const Json *camera = sim_camera(&world->sim, index);
    bool guarded = *text_in(camera, "user") != '\0';
    return api_add_camera(&world->api, text_in(camera, "name"), text_in(camera, "main"),
                          guarded ? text_in(camera, "user") : NULL,
                          guarded ? text_in(camera, "password") : NULL);
}

void world_start(World *world, int cameras, const char *config)
{
    g_autofree char *data = temp_folder();
    world_start_at(world, cameras, config, data);
}

void world_start_at(World *world, int cameras, const char *config, const char *data)
{
    *world = (World){.sim = sim_start(cameras), .cameras = cameras, .data = g_strdup(data)};
    world->faults = g_array_new(FALSE, FALSE, sizeof(FaultNote));
    world->ids = g_new0(char *, cameras + 1);
    g_autofree char *path = g_build_filename(world->data, "config.yaml", NULL);
    if (config)
        g_assert(g_file_set_contents(path, config, -1, NULL));
    world_serve(world);
    world->api.token = server_token(&world->server);
    for (int i = 0; i < cameras; i++)
        world->ids[i] = add_camera(world, i);
    world_wait_recorded(world);
    world->begin_us = clock_wall_us();
}

void world_end(World *world)
{
    if (world->server.pid)
        world_stop(world, SIGTERM);
    sim_stop(&world->sim);
    world_forget(world);
}

void world_forget(World *world)
{
    remove_tree(world->data);
    api_close(&world->api);
    g_strfreev(world->ids);
    g_array_unref(world->faults);
    g_free(world->data);
}

void world_note(World *world, FaultKind kind, int camera, int64_t from_us)
{
    FaultNote note = {kind, camera, from_us, clock_wall_us()};
    g_array_append_val(world->faults, note);
}

void world_kill(World *world, int ms)
{
    int64_t from_us = clock_wall_us();
    world_stop(world, SIGKILL);
    sleep_ms(ms);
    world_serve(world);
    world_note(world, FAULT_KILL, -1, from_us);
}

void world_restart(World *world, int ms)
{
    int64_t from_us = clock_wall_us();
    world_stop(world, SIGTERM);
    sleep_ms(ms);
    world_serve(world);
    world_note(world, FAULT_STOP, -1, from_us);
}

void world_lose_catalog(const World *world)
{
    static const char *const names[] = {"catalog.db", "catalog.db-wal", "catalog.db-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(world->data, names[i], NULL);
        g_unlink(path);
    }
}

void world_rebuild(World *world)
{
    int64_t from_us = clock_wall_us();
    g_autofree char *told = NULL;
    world_stop(world, SIGTERM);
    world_lose_catalog(world);
    g_assert_cmpint(run_vonglau(&told, NULL, "catalog", "rebuild", "--data", world->data, NULL), ==,
                    0);
    world_serve(world);
    world_note(world, FAULT_REBUILD, -1, from_us);
}

void world_camera_fault(World *world, FaultKind kind, int camera, int ms)
{
    const char *name = world_camera(world, camera);
    int64_t from_us = clock_wall_us();
    sim_fault(&world->sim, name,
              kind == FAULT_OFFLINE ? "offline"
              : kind == FAULT_STALL ? "stall"
                                    : "disconnect");
    if (kind != FAULT_DISCONNECT) {
        sleep_ms(ms);
        sim_fault(&world->sim, name, "none");
    }
    world_note(world, kind, camera, from_us);
}
