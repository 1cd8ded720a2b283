/* hub.h — hands each access unit of one stream to everyone who listens.
 *
 * One producer (the ingest loop; of a stream that is made, its transcoding), any number of
 * listeners on other threads. The hub never waits: a listener whose queue is full loses pictures
 * up to the next key picture and is told how many.
 * The hub holds references to the pictures since the newest key picture, so that a viewer starts at
 * once; of more than it can hold, the key picture, and the viewer is told at the next one how many
 * it did not see. Of sound, which is old at once, it holds the newest unit: what the stream has. A
 * hub outlives reconnects of its camera: it is made and closed with the camera, or with the
 * transcoding.
 */
#pragma once

#include "base/uuid.h"
#include "media/access_unit.h"

typedef struct Hub Hub;
typedef struct HubListener HubListener;

/* `id` is unique among the hubs of this run of the server: what live messages name a stream by. */
Hub *hub_new(Uuid camera, StreamKind kind);
Hub *hub_ref(Hub *hub);
void hub_unref(Hub *hub); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hub, hub_unref)

uint32_t hub_id(const Hub *hub);
Uuid hub_camera(const Hub *hub);
StreamKind hub_kind(const Hub *hub);

/* Numbers the unit and hands it on; takes a new reference to `unit`, the caller keeps its own.
 * The producer only. Returns the number of listeners that lost it. */
unsigned hub_publish(Hub *hub, AccessUnit *unit);

/* No more units will come; listeners are woken and see hub_listener_closed(). */
void hub_close(Hub *hub);

/* Called on the ingest thread after each unit is queued (`unit` borrowed; NULL when the hub closes
 * or the listener begins to lose). Must be quick and take no lock that is held across I/O. The
 * callee decides whether to wake its own thread. */
typedef void (*HubWake)(void *data, const AccessUnit *unit);

/* Starts with what the hub holds when `from_key`, else with the next one.
 * `max_bytes` bounds the queue. Returns owned; `wake` may be called before this returns. */
HubListener *hub_listen(Hub *hub, bool from_key, size_t max_bytes, HubWake wake, void *data);

/* Starts with what the hub holds, as a viewer does, but is none: nobody sees it. All of it fits the
 * queue, beyond `max_bytes`. */
HubListener *hub_listen_unseen(Hub *hub, size_t max_bytes, HubWake wake, void *data);

/* Nothing more comes; what waits is there to be taken. Any thread. */
void hub_listener_end(HubListener *listener);

/* No wake call runs any more when this returns. NULL is allowed. */
void hub_unlisten(HubListener *listener);

/* The next unit (returns owned) or NULL when there is none now. `*lost` (may be NULL) counts the
 * video pictures this listener lost just before it. */
AccessUnit *hub_listener_next(HubListener *listener, unsigned *lost);
/* Bytes that wait for this listener. Any thread. */
size_t hub_listener_waiting(HubListener *listener);

bool hub_listener_closed(HubListener *listener);

/* Newest key picture still held, for a snapshot. Returns owned, or NULL. Any thread. */
AccessUnit *hub_key_picture(Hub *hub);

/* Capture time of the newest picture, also of one that is not held; 0: none came. Any thread. */
int64_t hub_newest_us(const Hub *hub);

/* A listener wants all pictures that arrive until `at_us` (node time) to be handed over by then:
 * whoever reads the camera in batches reads sooner. The last word counts. Any thread. */
void hub_want(Hub *hub, int64_t at_us);
int64_t hub_wanted_us(const Hub *hub); /* INT64_MAX: nobody said */

/* Why no pictures come now, GAP_UNKNOWN while they do: what a gap will be told as that has no
 * picture behind it yet. The first is called by the ingest thread, the other by any. */
void hub_tell_outage(Hub *hub, GapCause cause);
GapCause hub_outage(const Hub *hub);

/* Listeners now that are viewers (listened with from_key): what "watched" means. */
unsigned hub_viewers(const Hub *hub);
