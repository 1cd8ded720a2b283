/* node.h — the modules of a node wired together: the only place that knows them all.
 *
 * Opened in two steps: the store (data folder, catalog, site, people), which every subcommand that
 * works on DATA needs; then recording and live, which only a server needs. Main thread.
 */
#pragma once

#include "archive/archive.h"
#include "archive/thumbnails.h"
#include "camera/cameras.h"
#include "camera/onvif_events.h"
#include "camera/onvif_steer.h"
#include "casework/case_desk.h"
#include "casework/exports.h"
#include "casework/given_keep.h"
#include "casework/package_desk.h"
#include "casework/report_desk.h"
#include "cli/rebuild.h"
#include "config/config.h"
#include "config/data_folder.h"
#include "config/masks.h"
#include "config/site.h"
#include "event/event.h"
#include "household/household_desk.h"
#include "http/api/context.h"
#include "ledger/node_key.h"
#include "live/live.h"
#include "notify/notify.h"
#include "notify/push.h"
#include "people/audit.h"
#include "people/duty.h"
#include "people/grants.h"
#include "people/people.h"
#include "watch/eye.h"
#include "watch/hold_watch.h"
#include "watch/motion_watch.h"
#include "watch/views.h"
#include "watch/watchdog.h"

#include <stdatomic.h>

typedef struct Node {
    DataFolder *folder;
    Config *config;
    RebuildFrom rebuild; /* of the catalog */
    Catalog *catalog;
    Site *site;
    Masks *masks;
    Audit *audit;
    People *people;
    Duty *duty;
    Grants *grants;
    Events *events;
    NodeKey *key;
    Pool *pool, *coder;
    Cameras *cameras;
    OnvifDevices *devices;
    Steering *steering;
    OnvifEvents *told; /* by the cameras */
    Archive *archive;
    Live *live;
    MotionStore *motion;
    MotionWatch *motion_watch;
    Views *views;
    Thumbnails *thumbnails; /* NULL: no eye */
    Eye *eye;               /* NULL: the configuration wants none */
    Notify *notify;
    Push *push;
    ReportDesk *reports;
    HouseholdDesk *households;
    GivenKeep given_keep; /* looked at with the reports */
    CaseDesk *cases;
    Exports *exports;      /* NULL: their folder cannot be had */
    PackageDesk *packages; /* NULL: their folder cannot be had */
    Watchdog *watchdog;
    GHashTable *recorded[STREAM_KINDS]; /* Uuid → Hub of the stream that is being recorded */
    int64_t daily_us;                   /* when it was last looked whether a day is to be told */
    atomic_bool daily_looks;            /* a look is under way */
    int64_t due_look_us;                /* the same: when events are told what is due by age */
    int64_t report_look_us;             /* monotonic: when reports that wait are looked at next */
    atomic_bool report_looks;
    HoldWatch hold_watch; /* of whoever has set it */
    ApiContext api;
} Node;

/* Takes the lock on `data`. `config_file` NULL: DATA/config.yaml if there is one. */
bool node_open(Node *node, const char *data, const char *config_file, GError **error);

/* The footage store alone, of a node that is open: it seals what a killed server left. */
bool node_open_archive(Node *node, GError **error);

/* Starts recording all cameras, then what serves live pictures. */
bool node_start(Node *node, GError **error);

/* Stops in the reverse order: clean, nothing is lost. Safe on a node that was opened in part. */
void node_close(Node *node);
