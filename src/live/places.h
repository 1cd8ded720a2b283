/* places.h — who may have H.264 made now: so many places for all viewers together, given out
 * fairly.
 *
 * A live stream that is made has a place until it is given back; whoever plays footage of a camera
 * has one for as long as they go on. One person may hold several while nobody else waits. Who holds
 * none and comes in vain waits for some seconds: meanwhile nobody gets a second place, and the
 * newest place whose holders all have another one is taken away from them. Thread-safe, and quick.
 */
#pragma once

#include "base/uuid.h"

#include <stdbool.h>

typedef struct Places Places;
typedef struct Place Place;

/* `most` places; 0: none is ever given. Returns owned. */
Places *places_new(unsigned most);
void places_free(Places *places); /* after all places were given back; NULL is allowed */

/* A place for what `who` wants to see live, until place_give(); NULL: there is none for them now.
 */
Place *places_take(Places *places, const Uuid *who);
void place_give(Place *place); /* NULL is allowed */

/* `who` sees what is made there, and does not any more; as often as they say. */
void place_join(Place *place, const Uuid *who);
void place_leave(Place *place, const Uuid *who);

/* Its holders have another one, and somebody waits who has none: give it back. */
bool place_wanted(Place *place);

/* May `who` have footage of `camera` made into H.264, now and in the next PLACES_LEASE_US? Asked
 * anew with each piece. */
bool places_lease(Places *places, const Uuid *who, const Uuid *camera);
#define PLACES_LEASE_US (20 * SECOND_US)

unsigned places_taken(Places *places);
unsigned places_most(const Places *places);
