/* event.h — the journal of what was noticed by a machine: durable, listened to, with pictures.
 *
 * An event has a camera (nil: the server itself), a kind, a beginning and mostly an end. Whoever
 * notices something begins one and ends it; the journal keeps it in the catalog for EVENTS_KEEP_US,
 * tells its listeners at once, and keeps a picture of it as a file. Nothing here makes its caller
 * wait for a disk but the functions marked blocking. Thread-safe.
 */
#pragma once

#include "base/clock.h"
#include "base/uuid.h"
#include "catalog/events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum EventKind {
    EVENT_NOT_RECORDED,
    EVENT_MOTION,
    EVENT_BLACK,
    EVENT_FROZEN,
    EVENT_COVERED,
    EVENT_OUT_OF_FOCUS,
    EVENT_MOVED,
    EVENT_TAMPER,
    EVENT_STORAGE, /* of the server: footage cannot be written */
    EVENT_HELD,    /* of the server: holds take much of the room for footage */
    EVENT_KINDS,
} EventKind;

const char *event_kind_text(EventKind kind); /* "not-recorded", as on the API */
bool event_kind_parse(const char *text, EventKind *kind);

/* Is somebody to be told of it, or is it only to be found later, as motion is? */
bool event_kind_is_trouble(EventKind kind);

/* As listeners see it. */
typedef struct Event {
    Uuid id;
    Uuid camera; /* nil: the server itself */
    EventKind kind;
    int64_t from_us;
    int64_t to_us;      /* 0: it goes on */
    const char *detail; /* plain text, borrowed; NULL: none */
} Event;

#define EVENTS_KEEP_US (90 * DAY_US)
#define EVENT_PICTURES_MOST_BYTES (INT64_C(1) << 30)
enum { EVENT_PICTURE_MOST_BYTES = 1 << 20 };

typedef struct Events Events;

/* Events that the last run left open end when they were last known to go on, or at `alive_us`, when
 * the server was last known to run, if that is later (0: not known). `catalog` is borrowed until
 * events_close(), `folder` (DATA/events) is made at the first picture. Blocking. Returns owned, or
 * NULL. */
Events *events_open(Catalog *catalog, const char *folder, int64_t alive_us, GError **error);

/* What is open stays so until the next start. Nobody may call any more. NULL is allowed. */
void events_close(Events *events);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Events, events_close)

/* An event begins; returns its id. `camera` NULL: the server itself. `detail`: short plain text or
 * NULL, borrowed. While the catalog does not take it, as on a full disk, it is kept in memory,
 * which is told in the log. */
Uuid events_begin(Events *events, const Uuid *camera, EventKind kind, int64_t from_us,
                  const char *detail);

/* Ends an event that goes on; of another id nothing happens. */
void events_end(Events *events, const Uuid *id, int64_t to_us);

/* Sets the picture (JPEG, borrowed) of an event that goes on. One over EVENT_PICTURE_MOST_BYTES, or
 * one too many for the disk, is left out, which is told in the log. When all pictures hold more
 * than EVENT_PICTURES_MOST_BYTES, the oldest are deleted. */
void events_picture(Events *events, const Uuid *id, const uint8_t *jpeg, size_t bytes);

/* Called at the beginning and at the end of each event, on the thread that told of it; must be
 * quick, may be called on several threads at once. There is no way to stop listening: what `data`
 * is must outlive the last event. */
typedef void (*EventListener)(void *data, const Event *event);
void events_listen(Events *events, EventListener listener, void *data);

/* Those that go on now, oldest first: EventRow *, returned owned. */
GPtrArray *events_now(Events *events);

/* What the catalog holds: up to half a second behind. Blocking. */
GPtrArray *events_list(Events *events, const EventQuery *query, GError **error);
EventRow *events_get(Events *events, const Uuid *id, GError **error);

/* "seen", "real", "false-alarm"; "": no mark. */
bool event_mark_known(const char *text);

/* Sets the marks of events, `count` of them, in one write; `set` has room for as many and says
 * which were set. Blocking. */
bool events_mark(Events *events, const EventMark *marks, size_t count, bool *set, GError **error);

/* The bytes of an event's picture, returned owned. ERR_NOT_FOUND: it has none. Blocking. */
char *events_picture_read(Events *events, const EventRow *row, size_t *bytes, GError **error);

/* A picture goes with the footage of its camera: so many days are kept of one without its own rule.
 * Until it is told, and at most, EVENTS_KEEP_US. Any thread. */
void events_keep_pictures(Events *events, int64_t days);

/* The time by which what is old goes (archive_due_us()), to be told again and again: without it
 * nothing is deleted for its age. Any thread. */
void events_due(Events *events, int64_t due_us);

/* Deletes what is older than EVENTS_KEEP_US before `now_us`, pictures older than their camera's
 * footage, but for those that are held with it or named by a case, and those over the bound. Done
 * by itself once an hour. Blocking. */
bool events_tidy(Events *events, int64_t now_us, GError **error);
