/* config.h — the optional YAML file: cameras, locations, storage, retention, server.
 *
 * Everything in it is optional; docs/reference/configuration.md describes each key. What has a
 * default is filled in; other texts that were not given are NULL, other numbers 0.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ConfigSite {
    char *name;
    char *time_zone;
    char *language;
    uint32_t reason_after;   /* s; CONFIG_REASON_AFTER_NOT_GIVEN: as set in the app */
    uint32_t unmask_minutes; /* 0: as set in the app */
} ConfigSite;

typedef struct ConfigStorage {
    char **footage; /* absolute folders of the volumes; none: DATA/footage */
    unsigned footage_count;
    char *hand_over;           /* absolute folder below which sticks are mounted */
    uint32_t segment_minutes;  /* 1–15 */
    uint64_t free_space_floor; /* bytes that a volume keeps free */
} ConfigStorage;

typedef struct ConfigRetention {
    uint32_t days;  /* 0: as set in the app */
    uint64_t bytes; /* a camera; 0: as set in the app */
} ConfigRetention;

typedef struct ConfigEye {
    bool off;             /* nothing is decoded to be looked at; no thumbnails either */
    bool view_off;        /* camera health judges no view */
    uint32_t budget;      /* percent of a core, for all cameras */
    uint32_t pictures;    /* a second and camera, at most */
    uint32_t motion_days; /* how long it is kept where something moved */
} ConfigEye;

typedef struct ConfigLive {
    uint32_t transcodings; /* cameras at once, 0–16 */
} ConfigLive;

typedef struct ConfigServer {
    char *listen; /* HOST:PORT */
    char *tls_cert;
    char *tls_key;
    bool no_tls;
} ConfigServer;

typedef struct ConfigNotify {
    uint32_t not_recorded_after; /* s, 5–3600 */
    char *webhook;
    char *webhook_token_file;
    char **push_services; /* origins of Web Push beside those of the browsers */
    unsigned push_services_count;
    char *push_contact;
} ConfigNotify;

typedef struct ConfigLocation {
    unsigned line;
    char *name;
    char *village;
    char *kind;
    double latitude;
    double longitude;
} ConfigLocation;

typedef struct ConfigCamera {
    unsigned line;
    char *id; /* UUID; NULL: found again by name */
    char *name;
    char *location; /* name of one of the locations */
    char *url;
    char *sub_url;
    char *user;
    char *password;
    char *password_file;
    char *fingerprint; /* SHA-256 of its certificate */
    char *transport;   /* "auto", "tcp", "udp" */
    bool audio;
    bool record_sub;
    bool view_off;
    char *onvif;
    char *heading_deg; /* 0–359; NULL: where it looks is not known */
    uint32_t fov_deg;
    uint32_t reach_m;
    char *height_m; /* as camera_height_read() takes it; NULL: not known */
    uint32_t connections;
    bool paused;
    char *schedule; /* see config/schedule.h; NULL: always */
    uint32_t retention_days;
    uint64_t retention_bytes;
} ConfigCamera;

typedef struct Config {
    char *file; /* absolute; NULL: there is none */
    ConfigSite site;
    ConfigStorage storage;
    ConfigRetention retention;
    ConfigEye eye;
    ConfigLive live;
    ConfigServer server;
    ConfigNotify notify;
    ConfigLocation *locations;
    unsigned locations_count;
    ConfigCamera *cameras;
    unsigned cameras_count;
} Config;

/* Reads and checks `path`. Unknown keys and wrong values: ERR_INVALID, "FILE:LINE: what is wrong;
 * did you mean …?". A missing file is ERR_NOT_FOUND. Returns owned, or NULL. */
Config *config_read(const char *path, GError **error);

/* What holds where there is no file: everything at its default. Returns owned. */
Config *config_default(void);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

#define CONFIG_LISTEN_DEFAULT "0.0.0.0:8443"
#define CONFIG_REASON_AFTER_NOT_GIVEN UINT32_MAX
#define CONFIG_SEGMENT_MINUTES_DEFAULT 5
#define CONFIG_NOT_RECORDED_AFTER_DEFAULT 30
#define CONFIG_RETENTION_DAYS_DEFAULT 30
#define CONFIG_EYE_BUDGET_DEFAULT 30
#define CONFIG_EYE_PICTURES_DEFAULT 5
#define CONFIG_TRANSCODINGS_DEFAULT 2
#define CONFIG_EYE_MOTION_DAYS_DEFAULT 365
#define CONFIG_FREE_SPACE_FLOOR_DEFAULT UINT64_MAX /* by the size of the volume */
