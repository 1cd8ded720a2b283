/* saved_view.h — saved views of the wall: who may see, change and share them, and what makes sense
 * in one. Blocking; thread-safe.
 *
 * A view belongs to one account. A shared one is seen by all, and changed by whoever may share.
 * That a camera stands in it gives no right to see that camera.
 */
#pragma once

#include "catalog/views.h"
#include "people/rights.h"

enum {
    VIEW_NAME_MOST = 60, /* letters */
    VIEW_PLACES_MOST = 128,
    VIEWS_MOST = 100, /* of an account */
    VIEW_TURN_LEAST_S = 5,
    VIEW_TURN_MOST_S = 600,
    VIEW_TURN_DEFAULT_S = 15,
};

/* What is asked for a view, new or known; borrowed. NULL leaves it as it is (new: the default). */
typedef struct ViewEdit {
    const char *name;
    const int64_t *layout, *turn_s;
    const bool *shared;
    const char *places; /* as in ViewRow, and no more than VIEW_PLACES_MOST */
} ViewEdit;

bool view_may_see(const Identity *who, const ViewRow *row);
bool view_may_change(const Identity *who, const ViewRow *row);

/* ERR_INVALID says what is wrong; ERR_DENIED: a token has no views, or `who` may not share. Returns
 * owned, or NULL. */
ViewRow *view_add(Catalog *catalog, const Identity *who, const ViewEdit *edit, int64_t now_us,
                  GError **error);

/* The view as it was before comes in `*before` (owned). ERR_NOT_FOUND also for one that `who` may
 * not see. Returns owned, or NULL. */
ViewRow *view_change(Catalog *catalog, const Identity *who, const Uuid *id, const ViewEdit *edit,
                     int64_t now_us, ViewRow **before, GError **error);
bool view_remove(Catalog *catalog, const Identity *who, const Uuid *id, GError **error);
