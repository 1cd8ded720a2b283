/* config.h — the optional YAML file: cameras, locations, storage, retention, server.
 *
 * Everything in it is optional; docs/reference/configuration.md describes each key. Texts that are
 * NULL and numbers that are 0 were not given; the defaults are the CONFIG_…_DEFAULT below.
 */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ConfigLocation {
    char *name;
    char *village;
    char *kind;
    double latitude;
    double longitude;
} ConfigLocation;

typedef struct ConfigCamera {
    char *id; /* UUID; NULL: found again by name */
    char *name;
    char *location; /* name of a location */
    char *url;
    char *sub_url;
    char *user;
    char *password;
    char *password_file;
    bool *audio; /* NULL: not given */
    bool *paused;
    uint32_t retention_days;
    uint64_t retention_bytes;
} ConfigCamera;

typedef struct Config {
    char *file; /* where it came from; NULL: there is none */
    struct {
        char *name;
        char *time_zone;
    } site;
    struct {
        char **footage; /* folders of the volumes; none: DATA/footage */
        unsigned footage_count;
        uint32_t segment_minutes;  /* 1–15; default 5 */
        uint64_t free_space_floor; /* bytes a volume keeps free */
    } storage;
    struct {
        uint32_t days;
        uint64_t bytes; /* a camera */
    } retention;
    struct {
        char *listen; /* HOST:PORT */
        char *tls_cert;
        char *tls_key;
        bool no_tls;
    } server;
    ConfigLocation *locations;
    unsigned locations_count;
    ConfigCamera *cameras;
    unsigned cameras_count;
} Config;

/* Reads and checks `path`. Unknown keys and wrong values: ERR_INVALID, "FILE:LINE: what is wrong;
 * did you mean …?". A missing file is ERR_NOT_FOUND. Returns owned, or NULL. */
Config *config_read(const char *path, GError **error);

/* What stands where no file is: everything at its default. Returns owned. */
Config *config_default(void);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

#define CONFIG_LISTEN_DEFAULT "0.0.0.0:8443"
#define CONFIG_SEGMENT_MINUTES_DEFAULT 5
#define CONFIG_RETENTION_DAYS_DEFAULT 30
#define CONFIG_FREE_SPACE_FLOOR_DEFAULT (UINT64_C(5) << 30)
