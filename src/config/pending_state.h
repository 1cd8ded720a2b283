/* pending_state.h — private to config/: how what takes two persons is held back from a change.
 * All within a turn of the site. */
#pragma once

#include "config/pending.h"

#define FIELD_NTP "ntp" /* of a camera: where it takes its time from */

/* Is `after` less than `before`? Of what may be set by one person in any case: false. */
bool pending_is_weaker(SiteValue value, const char *before, const char *after);

/* Adds to `ask->waits` that `field` is to become what `set` says. Texts are borrowed. */
typedef struct PendingWish {
    const Uuid *camera; /* NULL: the site's */
    const char *field, *set, *before, *after;
} PendingWish;
bool pending_hold_back(Site *site, PendingAsk *ask, const PendingWish *wish, GError **error);

/* What of `row` is less than in `before` waits, and stays in `row` as it was. */
bool pending_hold_back_camera(Site *site, PendingAsk *ask, const CameraRow *before, CameraRow *row,
                              GError **error);

/* What counts of that field now, and what would once the row is agreed to. Each is owned, or NULL:
 * there is nothing that it could be said of. */
char *pending_now(Site *site, const PendingRow *row);
char *pending_then(Site *site, const PendingRow *row);

/* Of a row that is agreed to: `camera` becomes as it says. */
void pending_apply_to_camera(const PendingRow *row, CameraRow *camera);

/* In a write of the catalog; NULL or empty: nothing. */
bool pending_put_all(CatalogDb *db, const GPtrArray *rows, GError **error);

/* They are durable: from now on they are known. */
void pending_take_all(Site *site, const GPtrArray *rows);

bool pending_load(Site *site, CatalogDb *db, GError **error);
