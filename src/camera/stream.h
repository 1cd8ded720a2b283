/* stream.h — the supervisor of one stream of a camera: connects, watches, reconnects for ever.
 *
 * At every moment it has a state and a cause in plain words. The hub lives as long as the stream.
 */
#pragma once

#include "camera/cameras.h"
#include "camera/host_limit.h"
#include "camera/ingest.h"

typedef struct Stream Stream;

typedef struct StreamSettings {
    char *url;             /* without credentials */
    char *user, *password; /* NULL: none */
    char *fingerprint;     /* of the certificate accepted; NULL: none */
    CameraTransport transport;
    bool audio, paused;
    unsigned connections; /* that its host takes at once; 0: not known */
} StreamSettings;
StreamSettings *stream_settings_new(const CameraSource *source, StreamKind kind);
bool stream_settings_equal(const StreamSettings *a, const StreamSettings *b);
void stream_settings_free(StreamSettings *settings); /* wipes; NULL is allowed */

/* Any thread. Does not connect yet. `watch` is called at each change of state. */
Stream *stream_new(Ingest *ingest, HostLimits *limits, Uuid camera, StreamKind kind,
                   CamerasWatch watch, void *watch_data);

/* Ingest thread: (re)connects by these settings; takes `settings`. */
void stream_set(Stream *stream, StreamSettings *settings);

/* Ingest thread: ends the session, closes the hub. */
void stream_free(Stream *stream);

Ingest *stream_ingest(const Stream *stream);
Hub *stream_hub(const Stream *stream);                    /* borrowed; any thread */
void stream_status(Stream *stream, StreamStatus *status); /* any thread */
