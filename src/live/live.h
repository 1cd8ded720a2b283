/* live.h — live pictures to many viewers (docs/reference/live.md), without knowing their sockets.
 *
 * Each stream that someone watches has one LiveStream: it listens to the hub and makes the message
 * of each unit once; viewers hold references to it. Ingest threads only mark a stream as having
 * something new and call `wake`; all else runs on the one thread that owns the sockets (the
 * "service thread"), which calls live_pump() when woken.
 *
 * A viewer that says it knows no H.265 gets a stream of H.264: the camera's sub stream where that
 * is one, else one that is made for all such viewers of the camera (transcoding.h).
 *
 * Of a camera with privacy masks everyone gets what is made so, with these covered, but for who may
 * see without them for a while.
 *
 * A viewer whose line lags loses what waits, up to the next key picture, and gets less until the
 * line keeps up again (ladder.h); it is told of both.
 */
#pragma once

#include "base/buffer.h"
#include "base/json.h"
#include "base/uuid.h"
#include "camera/hub.h"
#include "media/mask.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Live Live;
typedef struct LiveViewer LiveViewer;
typedef struct Recent Recent;
typedef struct Replay Replay;

/* What becomes of a view and of its sound, for the audit log. */
typedef enum LiveMark {
    LIVE_BEGINS,
    LIVE_ENDS,
    LIVE_REFUSED,
    LIVE_SOUND_BEGINS,
    LIVE_SOUND_ENDS,
    LIVE_SOUND_REFUSED,
    LIVE_BARE_BEGINS, /* it is seen without the masks that others see */
    LIVE_BARE_ENDS,
} LiveMark;

/* What live needs from elsewhere; the functions must be quick and touch no disk. */
typedef struct LiveSource {
    /* Hub of a stream that exists and is not paused, as a new reference, or NULL. */
    Hub *(*hub)(void *data, Uuid camera, StreamKind kind);
    /* {state, cause, cause_code, since} of a camera, owned; NULL when there is no such camera. */
    Json *(*state)(void *data, Uuid camera);
    /* May this viewer watch (or listen to) this camera? `account` is live_viewer_new()'s. */
    bool (*may_watch)(void *data, const void *account, Uuid camera, bool listen);
    /* A view or its sound begins, ends, or is refused for want of the right. Hands the writing to
     * another thread. */
    void (*viewed)(void *data, const void *account, Uuid camera, LiveMark mark);
    /* Whose it is: one for all sockets of a person. */
    Uuid (*person)(void *data, const void *account);
    void *data;
    /* So many cameras at once are made into H.264 for viewers that know no other, live and played
     * back together. */
    unsigned transcodings_most;
    /* What covers the camera for this viewer, as a new reference; NULL: nothing does. `*lifted`:
     * something does for others. NULL: cameras have no masks. */
    MaskSet *(*masks)(void *data, const void *account, Uuid camera, bool *lifted);
} LiveSource;

/* `head_room` bytes stand free before each message, for the transport's own header. */
Live *live_new(const LiveSource *source, size_t head_room);
void live_free(Live *live); /* after all viewers are freed; NULL is allowed */

/* What live needs of whoever owns the sockets. */
typedef struct LiveTransport {
    void (*wake)(void *data);         /* any thread, at most once between two pumps */
    void (*ready)(void *viewer_data); /* service thread: `viewer` has something to send */
    /* Service thread: how long ago was handed to the line what has not arrived yet, beyond the time
     * that the way there and back takes. 0: all is there. */
    int64_t (*lag_us)(void *viewer_data);
    void *data;
} LiveTransport;

/* What makes footage into H.264 (replay.h), within the same bound. Borrowed; any thread. */
Replay *live_replay(Live *live);

/* Live pictures as HLS (recent.h). Borrowed; any thread. */
Recent *live_recent(Live *live);

/* NULL: there is none any more. */
void live_attach(Live *live, const LiveTransport *transport);

/* The state of `camera` changed: viewers of it are told. Any thread. */
void live_camera_changed(Live *live, Uuid camera);

/* Masks of some camera changed, or who sees without them: from when this returns on, no picture
 * goes to a socket that they cover now. Any thread. */
void live_masks_changed(Live *live);

/* Who is to have a text. */
typedef struct LiveAudience {
    /* Service thread. `account` as live_viewer_new() was given it. */
    bool (*includes)(void *data, const void *account);
    void *data; /* taken */
    void (*free)(void *data);
} LiveAudience;

/* A text for every viewer whom the audience includes. Takes `json`. Any thread. */
void live_notice(Live *live, const LiveAudience *audience, Json *json);

/* Service thread: makes the messages of what has arrived, hands them to the viewers. */
void live_pump(Live *live);

/* Service thread, all of these. `account` is borrowed until the viewer is freed. */
LiveViewer *live_viewer_new(Live *live, const void *account, void *viewer_data);
void live_viewer_free(LiveViewer *viewer); /* ends its views */

/* Ends the views of cameras that the viewer may no longer watch. */
void live_viewer_review(LiveViewer *viewer);

/* A text for this viewer. Takes `json`. */
void live_viewer_text(LiveViewer *viewer, Json *json);

/* A text message of the client. */
void live_viewer_message(LiveViewer *viewer, const char *text, size_t size);

/* The next message to send, as a new reference, or NULL: payload of `*size` bytes at
 * data + head_room. */
Buffer *live_viewer_next(LiveViewer *viewer, bool *binary, size_t *size);

/* More texts wait than a client that reads would let wait: hang up. None is appended any more. */
bool live_viewer_overrun(const LiveViewer *viewer);

bool live_viewer_waiting(const LiveViewer *viewer); /* is there a next message? */

/* For metrics. Any thread. */
typedef struct LiveFigures {
    unsigned viewers, streams, transcodings;
    uint64_t messages, bytes, lost_pictures;
} LiveFigures;
LiveFigures live_figures(Live *live);
