/* camera_plan.h — what becomes of a table of cameras at this site: which of them are new, which are
 * there already, and what is wrong, by line and column.
 *
 * Holds the passwords of the table; its answer holds none.
 */
#pragma once

#include "base/json.h"
#include "config/camera_list.h"
#include "config/site.h"

typedef enum PlanState {
    PLAN_NEW,    /* would be added */
    PLAN_THERE,  /* a camera has its address already */
    PLAN_ADDED,  /* is one now */
    PLAN_FAILED, /* was to be added, and could not */
} PlanState;

typedef struct PlannedCamera {
    PlanState state;
    bool location_new; /* the location it names is added with it */
    char *note;        /* owned; THERE: the name of that camera; FAILED: why; else NULL */
} PlannedCamera;

typedef struct CameraPlan {
    CameraList list;
    GArray *rows; /* PlannedCamera, one for each of list.cameras */
} CameraPlan;

/* Reads the table, a JSON string; of it only what `line` says, where that is not 0. ERR_INVALID: it
 * is no table; ERR_NOT_FOUND: nothing is in that line. */
bool camera_plan_read(CameraPlan *plan, const Json *table, unsigned line, GError **error);
void camera_plan_clear(CameraPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CameraPlan, camera_plan_clear)

/* Asks the devices of cameras without an address, each up to 20 s and all of them until `until_us`
 * (monotonic); what they do not tell becomes a fault. Blocks. */
void camera_plan_ask(CameraPlan *plan, int64_t until_us);

/* Holds the table against the cameras and locations of the site. */
void camera_plan_compare(CameraPlan *plan, Site *site);

/* As openapi.yaml has it. Returned owned. */
Json *camera_plan_json(const CameraPlan *plan);
