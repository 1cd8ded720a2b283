/* watchdog.h — is what should be recorded on disk? If not, an event says so within seconds.
 *
 * Its own thread looks once a second at the newest durable picture of each stream that should be
 * recorded, whatever any other thread believes of itself; of one that waits for an event to be
 * recorded, at the newest picture that came. A stream whose newest is older than the setting begins
 * EVENT_NOT_RECORDED with the cause; trouble of the server's own (the volume is full, failing or
 * gone) begins EVENT_STORAGE, once, instead of an event for each camera.
 */
#pragma once

#include "archive/archive.h"
#include "camera/cameras.h"
#include "config/site.h"
#include "event/event.h"

typedef struct Watchdog Watchdog;

typedef enum Wanted {
    WANTED_NOT,
    WANTED_READY,   /* pictures must come: an event may want them on disk at any moment */
    WANTED_ON_DISK, /* recorded now */
} Wanted;

typedef struct WatchdogSettings {
    int64_t late_us; /* how old the newest picture may get */
    /* What is wanted of this stream now? Removed cameras are not asked about. */
    Wanted (*wanted)(void *data, const CameraRow *camera, StreamKind kind);
    void *data;
} WatchdogSettings;

/* All are borrowed until watchdog_stop(). */
Watchdog *watchdog_start(Site *site, Cameras *cameras, Archive *archive, Events *events,
                         const WatchdogSettings *settings);
void watchdog_stop(Watchdog *watchdog); /* joins; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watchdog, watchdog_stop)
