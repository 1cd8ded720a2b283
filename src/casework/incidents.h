/* incidents.h — what happened, where and when: reports, and cases that no report tells of. For
 * looking at all of them together, without persons and words.
 */
#pragma once

#include "catalog/catalog.h"
#include "config/site.h"
#include "place/place.h"

#include <glib.h>
#include <stdint.h>

enum { INCIDENTS_MOST = 50000 };

typedef struct Incident {
    PlacePoint at;
    int64_t told_us; /* when it became known */
    int64_t when_us; /* the middle of the span in which it happened */
} Incident;

typedef struct Incidents {
    GArray *list;      /* Incident */
    GArray *unplaced;  /* int64_t: when those became known whose place nobody knows */
    int64_t since_us;  /* when the first one of all became known; 0: there is none */
    unsigned left_out; /* more than INCIDENTS_MOST */
} Incidents;

/* Fills `incidents` (cleared by the caller, also on error) with what became known before `to_us`.
 * What was joined to another, or rejected, is none; damage to a camera is none either. A place is
 * the one on the map, else that of the location, else that of the camera. Blocking. */
bool incidents_gather(Catalog *catalog, Site *site, int64_t to_us, Incidents *incidents,
                      GError **error);

void incidents_clear(Incidents *incidents);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Incidents, incidents_clear)

/* Where the location is; false: it has no place, or is none. */
bool incident_location(Site *site, const Uuid *location, PlacePoint *at);
