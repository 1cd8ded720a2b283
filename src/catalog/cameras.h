/* cameras.h — rows of the cameras. Rules about them live in config/site.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#define OWNER_COMMUNE "commune"

typedef struct CameraRow {
    Uuid id;
    Uuid location; /* nil: none */
    char *name;
    char *owner;   /* "commune", or a household's UUID */
    char *url;     /* without credentials */
    char *sub_url; /* NULL: none */
    char *user;    /* NULL: none */
    char *secret;  /* the password, sealed (base/secret.h); NULL: none. Never leaves the server */
    char *fingerprint;  /* of the certificate accepted, 64 lower-case hex digits; NULL: none */
    char *transport;    /* "tcp", "udp"; NULL: automatic */
    char *pause_reason; /* NULL: none */
    char *onvif;        /* address of its ONVIF service, without credentials; NULL: not known */
    char *schedule;     /* as config/schedule.h reads it; NULL: always */
    bool audio;
    bool record_sub; /* the sub stream is recorded beside the main one */
    bool view_off;   /* its view is not judged by camera health */
    bool paused;
    bool locked;             /* named by the configuration file */
    int64_t heading_deg;     /* where it looks, 0–359 from north by east */
    int64_t fov_deg;         /* its field of view, 1–360; 0: where it looks is not known */
    int64_t reach_m;         /* how far its pictures are of use */
    int64_t height_cm;       /* of the lens above the ground; 0: not known */
    int64_t connections;     /* that its host takes at once; 0: not known */
    int64_t retention_days;  /* 0: the site's */
    int64_t retention_bytes; /* 0: the site's */
    int64_t created_us;
    int64_t removed_us; /* 0: not removed; the row stays as long as there is footage */
} CameraRow;

void camera_row_clear(CameraRow *row);
void camera_row_free(CameraRow *row);
CameraRow *camera_row_copy(const CameraRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CameraRow, camera_row_free)

/* Inserts, or replaces the row of this id. */
bool cameras_put(CatalogDb *db, const CameraRow *row, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned. */
CameraRow *cameras_get(CatalogDb *db, const Uuid *id, GError **error);

/* CameraRow *, by name; removed ones too. Returns owned, or NULL. */
GPtrArray *cameras_list(CatalogDb *db, GError **error);

/* Deletes the row of a removed camera that has no segments any more, and its spans, gaps and
 * bookmarks. ERR_NOT_FOUND also where repairs or papers tell of it: what it cost is still asked. */
bool cameras_forget(CatalogDb *db, const Uuid *id, GError **error);
