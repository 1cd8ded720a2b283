/* site.h — the site's cameras and locations, and the rules for them.
 *
 * Held in memory, written to the catalog and to DATA/site.json with each change. Reads never block
 * and return copies; changes block (pool thread, command line) and then tell the listener, so that
 * one camera can be started, stopped or altered without touching the others. Thread-safe.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/cameras.h"
#include "catalog/catalog.h"
#include "catalog/locations.h"
#include "config/config.h"
#include "place/sight.h"

typedef struct Site Site;

typedef enum SiteChange {
    SITE_CAMERA_ADDED,
    SITE_CAMERA_CHANGED, /* anything of it: address, password, pause, retention, name */
    SITE_CAMERA_REMOVED,
    SITE_LOCATION_CHANGED, /* added, changed or removed */
    SITE_SETTINGS_CHANGED,
} SiteChange;

/* Called on the thread that made the change, after it is durable, one call at a time; may read the
 * site, must not change it. */
typedef void (*SiteListener)(void *data, SiteChange change, const Uuid *id);

typedef struct SiteOptions {
    const char *site_file;   /* DATA/site.json */
    const char *secrets_key; /* DATA/keys/secrets.key */
    SiteListener listener;   /* may be NULL */
    void *listener_data;
} SiteOptions;

/* Loads the site from `catalog` (borrowed until site_free()). Nothing is told to the listener for
 * what is there already. Blocks. Returns owned, or NULL. */
Site *site_open(Catalog *catalog, const SiteOptions *options, GError **error);
void site_free(Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_free)

/* Brings in what the file names, and locks it; what it named before and no longer does is unlocked
 * and stays. Blocks. */
bool site_apply(Site *site, const Config *config, GError **error);

Uuid site_node(const Site *site); /* this node's UUID, made at first start */

/* What the whole site is set to. */
typedef enum SiteValue {
    SITE_VALUE_NAME,
    SITE_VALUE_TIME_ZONE, /* IANA name */
    SITE_VALUE_LANGUAGE,  /* of new accounts, and where people sign in: "vi" or "en" */
    SITE_VALUE_RETENTION_DAYS,
    SITE_VALUE_RETENTION_BYTES,       /* a camera; "0": no bound */
    SITE_VALUE_REPORT_RISE_MINUTES,   /* a report that nobody took or answered rises */
    SITE_VALUE_REPORT_NEAR_M,         /* how near cameras stand whose footage is held for it … */
    SITE_VALUE_REPORT_MARGIN_MINUTES, /* … and what is held before and after its span */
    SITE_VALUE_HELD_ALARM_PERCENT,    /* of the room for footage: more held is told */
    SITE_VALUE_REPORT_KEEP_DAYS,      /* of one that was answered, words and person; 0: for ever */
    SITE_VALUE_REPORT_KEEP_REJECTED_DAYS, /* of one that was rejected */
    SITE_VALUE_GIVEN_KEEP_DAYS,           /* what households gave, after the request and its case */
    SITE_VALUE_PRIVACY_ANSWER_DAYS,  /* working days within which a person's wish is answered */
    SITE_VALUE_REASONS,              /* what counts as one for older footage, as below */
    SITE_VALUE_CASE_HOURS_NEW,       /* how long a case may stay in a state before it is told, */
    SITE_VALUE_CASE_HOURS_SEARCHING, /* as these */
    SITE_VALUE_CASE_HOURS_PRESERVED,
    SITE_VALUE_CASE_HOURS_EXPORTED,
    SITE_VALUE_CASE_HOURS_DECIDED,
    SITE_VALUE_CASE_HOURS_REOPENED,
    SITE_VALUE_PACKAGE_APPROVAL, /* of evidence packages: before, within-24h, none */
    SITE_VALUE_PACKAGE_BASES,    /* legal bases of packages that are offered, a line each, the first
                                    of them filled in */
    SITE_VALUE_UNMASK_MINUTES, /* seeing a camera without its masks, unless more or less is asked */
    SITE_VALUE_PUBLIC_LOCATIONS, /* whether the public page names places with cameras: names, none
                                  */
    SITE_VALUE_PUBLIC_CONTACT,   /* whom to ask or complain to, as it says there; "": not told */
    SITE_VALUE_PRIVACY_PURPOSE,  /* for what data of people are kept, and by which laws: as the */
    SITE_VALUE_PRIVACY_BASIS,    /* register of data protection says it */
    SITE_VALUES
} SiteValue;

#define SITE_REASONS_CASE "case-or-routine" /* a case that stands, or a named routine */
#define SITE_REASONS_FREE "free"            /* one's own words too */

enum { SITE_BASIS_LEAST = 3, SITE_BASIS_MOST = 300 }; /* characters of a line of these */

const char *site_value_name(SiteValue value);  /* "time_zone", a constant */
char *site_value(Site *site, SiteValue value); /* returns owned */
bool site_value_is_number(SiteValue value);
int64_t site_number(Site *site, SiteValue value);    /* of one that is; never blocks */
bool site_value_locked(Site *site, SiteValue value); /* named by the configuration file */

/* All or nothing of what is asked; NULL leaves as it is. ERR_INVALID; ERR_DENIED: locked. Blocks.
 */
bool site_set(Site *site, const char *const asked[SITE_VALUES], GError **error);

char *site_name(Site *site); /* these return owned */
char *site_time_zone(Site *site);
char *site_language(Site *site);

/* How long, and how much, footage of a camera without its own rule is kept. */
typedef struct SiteRetention {
    int64_t days;
    int64_t bytes; /* 0: no bound */
} SiteRetention;
SiteRetention site_retention(Site *site);

/* What a rule of a camera or of the site may be. */
#define RETENTION_DAYS_MOST 3650
#define RETENTION_BYTES_LEAST (INT64_C(1) << 30)

enum { CAMERA_CONNECTIONS_MOST = 256 };

/* Of a camera whose heading is given and nothing else: a common lens, and how far one still makes
 * out a person with it. */
enum { CAMERA_FOV_DEFAULT_DEG = 90, CAMERA_REACH_DEFAULT_M = 40, CAMERA_REACH_MOST_M = 2000 };
enum { CAMERA_HEIGHT_LEAST_CM = 50, CAMERA_HEIGHT_MOST_CM = 10000 };

/* Metres above the ground, from 0.5 to 100, as centimetres; 0: not known. ERR_INVALID otherwise. */
bool camera_height_of(double metres, int64_t *height_cm, GError **error);
/* The same from a text such as 4.5 or 4,5. */
bool camera_height_read(const char *text, int64_t *height_cm, GError **error);

/* What is known of its lens. */
PlaceLens camera_lens(const CameraRow *camera);

/* Where machines are told of trouble. Secrets: never logged, never shown whole. */
typedef struct SiteWebhook {
    char *url;   /* NULL: none */
    char *token; /* goes with it as a bearer token; NULL: none */
    bool locked; /* named by the configuration file */
} SiteWebhook;
void site_webhook(Site *site, SiteWebhook *webhook); /* what it holds is owned */
void site_webhook_clear(SiteWebhook *webhook);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SiteWebhook, site_webhook_clear)

/* NULL leaves as it is, "" clears; an address that leads elsewhere does not keep the token.
 * ERR_INVALID; ERR_DENIED: locked. Blocks. */
bool site_webhook_set(Site *site, const char *url, const char *token, GError **error);

/* From which age on footage is looked at for a reason only (people/grants.h). */
typedef struct SiteReason {
    int64_t after_s; /* 0: none is ever asked */
    bool locked;     /* named by the configuration file */
} SiteReason;
SiteReason site_reason(Site *site); /* never blocks */

enum { SITE_REASON_AFTER_DEFAULT_S = 15 * 60, SITE_REASON_AFTER_MOST_S = 31 * 86400 };

/* ERR_INVALID; ERR_DENIED: locked. Blocks. */
bool site_reason_set(Site *site, int64_t after_s, GError **error);

/* What is asked for a camera, new or known. NULL leaves it as it is (new: the default). */
typedef struct CameraEdit {
    const char *name;           /* 1–80 characters */
    const Uuid *location;       /* nil: none */
    const char *url;            /* rtsp:// or rtsps://; credentials in it are split off and win */
    const char *sub_url;        /* "": none */
    const char *user;           /* "": none */
    const char *password;       /* "": none */
    const char *fingerprint;    /* SHA-256 of its certificate, with or without colons; "": none */
    const bool *audio;          /* default false */
    const bool *record_sub;     /* default false; true needs a sub stream */
    const bool *view_off;       /* default false */
    const char *onvif;          /* http:// or https://, without credentials; "": not known */
    const int64_t *connections; /* that its host takes at once, 1–256; 0: not known */
    const int64_t *heading_deg; /* where it looks, 0–359 from north by east; −1: not known */
    const int64_t *fov_deg;     /* its field of view, 1–360; 0: CAMERA_FOV_DEFAULT_DEG */
    const int64_t *reach_m;     /* 1 to CAMERA_REACH_MOST_M; 0: CAMERA_REACH_DEFAULT_M */
    const int64_t *height_cm;   /* of the lens above the ground, 50 to 10,000; 0: not known */
    const char *transport;      /* "auto" (default), "tcp", "udp" */
    const bool *paused;
    const char *pause_reason;
    const char *schedule;           /* see config/schedule.h; "": always */
    const int64_t *retention_days;  /* 0: the site's; 1–3650 */
    const int64_t *retention_bytes; /* 0: the site's; at least 1 GiB */
} CameraEdit;

/* All block. ERR_INVALID says which member is wrong and why; ERR_DENIED: the camera is locked by
 * the configuration file; ERR_NOT_FOUND; ERR_EXISTS: another camera has the name;
 * ERR_NEEDS_PASSWORD: an address leads to another server than the stored password is for. */
bool site_camera_add(Site *site, const CameraEdit *edit, Uuid *id, GError **error);
bool site_camera_edit(Site *site, const Uuid *id, const CameraEdit *edit, GError **error);
bool site_camera_remove(Site *site, const Uuid *id,
                        GError **error); /* footage stays until retention */

/* Not removed ones, by name: CameraRow *; `secret` in them is sealed: only say whether it is there.
 * Returned owned; NULL: no such camera. */
GPtrArray *site_camera_list(Site *site);
CameraRow *site_camera_get(Site *site, const Uuid *id);

/* Also a removed camera: its footage can still be asked for. */
CameraRow *site_camera_known(Site *site, const Uuid *id);

/* The opened password, for the camera floor only. `*password` is returned owned (secret_free), NULL
 * when the camera has none. */
bool site_camera_secret(Site *site, const Uuid *id, char **password, GError **error);

/* The same for a look at `address`, which may be any: ERR_NEEDS_PASSWORD unless it leads to the
 * server of the camera's main or sub stream. */
bool site_camera_secret_for(Site *site, const Uuid *id, const char *address, char **password,
                            GError **error);

typedef struct LocationEdit {
    const char *name;        /* 1–80 characters */
    const char *village;     /* at most 80 */
    const char *kind;        /* of location_kind(); default "other" */
    const double *latitude;  /* degrees, −90 … 90 */
    const double *longitude; /* degrees, −180 … 180 */
} LocationEdit;

/* As for cameras. A location with cameras on it can't be removed (ERR_EXISTS). */
bool site_location_add(Site *site, const LocationEdit *edit, Uuid *id, GError **error);
bool site_location_edit(Site *site, const Uuid *id, const LocationEdit *edit, GError **error);
bool site_location_remove(Site *site, const Uuid *id, GError **error);
GPtrArray *site_location_list(Site *site); /* LocationRow *, by name; returned owned */
LocationRow *site_location_get(Site *site, const Uuid *id); /* returned owned, or NULL */

/* The name of a village as its locations have it, whatever the case of `name`'s letters. Returned
 * owned; NULL and ERR_INVALID, which lists the villages, when no location lies in it. */
char *site_village(Site *site, const char *name, GError **error);

/* The kinds a location can have, in order; NULL after the last. */
const char *location_kind(unsigned index);

/* Texts sealed with the node's key, as passwords of cameras are: what people/ keeps of its secrets.
 * Returned owned (secret_free); opening fails when the key was lost. */
char *site_seal(const Site *site, const char *plain);
char *site_unseal(const Site *site, const char *sealed, GError **error);

/* The setting that names the roles which need a second factor: role names, by blanks. */
#define SITE_TOTP_ROLES "totp-roles"

/* The same of roles that sign in from an enrolled device only. */
#define SITE_DEVICE_ROLES "device-roles"

/* Writes DATA/site.json anew from the catalog; people/ calls it after an account or a token
 * changed. Blocks. */
bool site_save(Site *site, GError **error);

/* What `catalog rebuild` begins with: rows of cameras, locations, accounts, tokens and settings
 * from site.json into an empty catalog. A CatalogWork; `data` is the const SiteOptions *. */
bool site_restore(CatalogDb *db, void *options, GError **error);
