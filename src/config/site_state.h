/* site_state.h — private to config/: what a Site is made of, for the files that implement site.h.
 */
#pragma once

#include "base/json.h"
#include "base/secret.h"
#include "base/turn.h"
#include "config/site.h"

#include <pthread.h>

struct Site {
    Catalog *catalog;
    char *file;
    SecretKey *key;
    SiteListener listener;
    void *listener_data;

    Turn change; /* whoever changes the site has it */

    pthread_mutex_t lock;  /* of all below; never held over disk, catalog or listener */
    GHashTable *cameras;   /* Uuid * (in the row) -> CameraRow *; removed ones too */
    GHashTable *locations; /* Uuid * (in the row) -> LocationRow * */
    Uuid node;
    char *values[SITE_VALUES];
    bool value_locked[SITE_VALUES];
    SiteWebhook webhook;
    SiteReason reason;
    GPtrArray *pending; /* PendingRow, owned, oldest first; changed in a turn only */
};

/* Within a turn: makes `row` durable, then visible. Takes `row` in any case. */
bool site_put_camera(Site *site, CameraRow *row, GError **error);
void site_show_camera(Site *site, CameraRow *row); /* is durable; takes it */
bool site_put_location(Site *site, LocationRow *row, GError **error);

/* Within a turn: writes site.json, telling trouble only in the log, since the catalog has it. */
void site_write_file(Site *site);
void site_tell(Site *site, SiteChange change, const Uuid *id);

/* site_webhook.c: from the catalog; and what the configuration file names (NULL: nothing). */
bool site_webhook_load(Site *site, CatalogDb *db, GError **error);
bool site_webhook_apply(Site *site, const char *url, const char *token, GError **error);

/* site_values.c: the same; and from site.json into an empty catalog. */
bool site_values_load(Site *site, CatalogDb *db, GError **error);
bool site_values_apply(Site *site, const Config *config, GError **error);
bool site_values_restore(CatalogDb *db, const Json *whole, GError **error);

/* One that was checked before: into the catalog; and, once it is durable and within a turn, into
 * force. */
bool site_value_put(CatalogDb *db, SiteValue value, const char *text, GError **error);
void site_value_take(Site *site, SiteValue value, const char *text);

/* site_reason.c: the same. */
bool site_reason_load(Site *site, CatalogDb *db, GError **error);
bool site_reason_apply(Site *site, uint32_t after_s, GError **error);

/* site_file.c */
bool site_file_write(Site *site, GError **error);

enum { SITE_FORMAT = 1, SITE_FILE_MOST = 64 << 20 };
#define SITE_NODE "node"
#define SITE_WEBHOOK "webhook"             /* sealed; "" for none */
#define SITE_WEBHOOK_TOKEN "webhook-token" /* sealed; "" for none */
#define SITE_REASON_AFTER "reason-after"   /* seconds */
