/* data_folder.h — the folder that holds all of a node (FOOTAGE.md §1): opened by one server at a
 * time. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct DataFolder {
    char *path;        /* absolute */
    char *catalog;     /* …/catalog.db */
    char *site;        /* …/site.json */
    char *config;      /* …/config.yaml */
    char *socket;      /* …/control.sock */
    char *secrets_key; /* …/keys/secrets.key */
    char *keys;        /* …/keys, mode 0700 */
    char *ledger;      /* …/ledger */
    char *audit;       /* …/ledger/audit */
    char *footage;     /* …/footage */
    char *backup;      /* …/backup */
    char *events;      /* …/events: pictures of events */
    char *motion;      /* …/motion: where something moved */
    char *views;       /* …/views: how cameras should look */
    char *reports;     /* …/reports: pictures and videos that came with reports */
    char *household;   /* …/household: what households gave, and views of their cameras */
    char *exports;     /* …/exports: copies that are fetched within a day */
    char *packages;    /* …/packages: evidence packages that were asked for in the app */
    char *map;         /* …/map.geojson: the site's own map */
    int lock;          /* held until closed; -1: not held */
    int64_t alive_us;  /* when a server was last known to run on it; 0: not known */
} DataFolder;

/* Only the paths; touches no disk but to make `path` absolute. Returns owned. */
DataFolder *data_folder_paths(const char *path);

/* Whether there is one: a mistyped path is told. ERR_DENIED: it cannot be looked into. */
bool data_folder_check(const DataFolder *folder, GError **error);

/* Makes what is missing and takes the lock. ERR_DENIED: no rights on it; ERR_UNAVAILABLE: a running
 * server holds it; ERR_VERSION: from a newer program. Returns owned, or NULL. */
DataFolder *data_folder_open(const char *path, GError **error);
void data_folder_close(DataFolder *folder);

/* The server runs at `now_us`: kept in the lock's file, for the next one to hold it. Once in a few
 * seconds. Trouble is not told: what is known then is older. */
void data_folder_alive(DataFolder *folder, int64_t now_us);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DataFolder, data_folder_close)
