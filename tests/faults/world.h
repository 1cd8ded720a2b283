/* world.h — simulated cameras and a server that records them, to which faults are done.
 *
 * Each fault leaves a note: what, whom it hits, from when until when. judge.h holds the footage
 * against these notes.
 */
#pragma once

#include "../integration/cameras_api.h"
#include "media/gap.h"

typedef enum FaultKind {
    FAULT_KILL,       /* kill -9, started again */
    FAULT_STOP,       /* a clean stop, started again */
    FAULT_REBUILD,    /* a clean stop, the catalog deleted, made anew from the files */
    FAULT_OFFLINE,    /* a camera is gone, and comes back */
    FAULT_DISCONNECT, /* a camera cuts its connections */
    FAULT_STALL,      /* a camera's connections stay, nothing comes */
    FAULT_SILENT_NET, /* the network swallows everything: half-open TCP */
    FAULT_POWER_CUT,  /* the machine loses what was not synced */
    FAULT_FULL,       /* the disk has no room */
    FAULT_IO_ERROR,   /* the disk gives errors */
    FAULT_READ_ONLY,  /* the disk turned read-only */
    FAULT_VANISHED,   /* the volume is gone, and comes back */
    FAULT_CLOCK,      /* the wall clock is set */
    FAULT_CATALOG,    /* the catalog is damaged under the running server */
    FAULT_KINDS,
} FaultKind;

/* What may come of a fault, and what a gap of its is to be called. */
typedef struct FaultRule {
    const char *name;
    int64_t lost_before_us; /* pictures sent so long before it may be lost */
    int64_t back_us;        /* all is recorded again so long after it, key picture included */
    unsigned causes;        /* 1 << GapCause */
} FaultRule;
extern const FaultRule fault_rules[FAULT_KINDS];

typedef struct FaultNote {
    FaultKind kind;
    int camera; /* -1: all of them */
    int64_t from_us, to_us;
} FaultNote;

typedef struct World {
    Sim sim;
    int cameras;
    char *data;
    char **ids; /* of the server */
    Server server;
    Api api;
    int64_t begin_us;
    GArray *faults; /* FaultNote, in order */
} World;

/* Starts all, and returns once each camera is recorded. `config`: text of config.yaml, or NULL. */
void world_start(World *world, int cameras, const char *config);
/* The same in the folder `data`, copied. */
void world_start_at(World *world, int cameras, const char *config, const char *data);
void world_end(World *world);    /* stops all, removes the data folder */
void world_forget(World *world); /* the rest of it, once the simulator is stopped */

const char *world_camera(const World *world, int index); /* its name */
void world_wait_recorded(World *world);

/* Parts of faults of one's own. */
void world_serve(World *world);
void world_stop(World *world, int signal_number);
void world_note(World *world, FaultKind kind, int camera, int64_t from_us);

/* Whole faults, noted; they return when it is over. `ms`: how long, where that has a meaning. */
void world_kill(World *world, int ms);
void world_restart(World *world, int ms);
void world_rebuild(World *world);
void world_camera_fault(World *world, FaultKind kind, int camera, int ms);

void world_lose_catalog(const World *world);
