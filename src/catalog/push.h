/* push.h — rows of Web Push: where open apps may be reached when they are closed, and of what each
 * person wants to be told. Rules about them live in notify/push.h.
 */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

enum { PUSH_ROW_POINT_BYTES = 65, PUSH_ROW_AUTH_BYTES = 16 };

typedef struct PushRow {
    Uuid id;
    Uuid account;
    char *endpoint; /* of the push service; whoever knows it may send: a secret */
    uint8_t point[PUSH_ROW_POINT_BYTES];
    uint8_t auth[PUSH_ROW_AUTH_BYTES];
    char *device; /* in words */
    int64_t created_us;
    int64_t delivered_us; /* when the service last took one; 0: never */
} PushRow;

void push_row_free(PushRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PushRow, push_row_free)

/* What one person wants to be told. */
typedef struct PushChoice {
    Uuid account;
    char *silent;   /* kinds of events that are not told, by commas; "": none */
    int after_s;    /* only what has lasted so long */
    int quiet_from; /* minutes of the site's day; equal to quiet_to: never quiet */
    int quiet_to;
    bool off_duty; /* also while others are on duty */
} PushChoice;

void push_choice_free(PushChoice *choice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PushChoice, push_choice_free)

/* Inserts, or replaces what has the same endpoint, which keeps its id. */
bool push_put(CatalogDb *db, const PushRow *row, GError **error);
bool push_remove(CatalogDb *db, const Uuid *id, GError **error);         /* ERR_NOT_FOUND */
bool push_remove_of(CatalogDb *db, const Uuid *account, GError **error); /* all; may be none */
bool push_delivered(CatalogDb *db, const Uuid *id, int64_t at_us, GError **error);
GPtrArray *push_list(CatalogDb *db, GError **error); /* PushRow *, oldest first; returns owned */

bool push_choice_put(CatalogDb *db, const PushChoice *choice, GError **error);
GPtrArray *push_choices(CatalogDb *db, GError **error); /* PushChoice *; returns owned */
