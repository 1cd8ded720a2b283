/* stream.h — one watched stream: listens to its hub, makes each message once, hands it to the
 * views.
 *
 * Made when the first viewer comes, freed by live_sweep() when the last has gone. Service thread,
 * but for the wake of the hub.
 */
#pragma once

#include "live/live.h"
#include "live/places.h"
#include "live/transcoding.h"

#include <stdatomic.h>

typedef struct LiveStream LiveStream;
typedef struct LiveView LiveView;

/* A message. Pictures are kept since the newest key picture, for those who come later. */
typedef struct LiveRecent {
    Buffer *message; /* holds a reference */
    Track track;
    bool key;
} LiveRecent;

struct LiveStream {
    Live *live;
    Hub *hub;
    HubListener *listener;
    atomic_bool fresh; /* the hub has queued something since the last pump */
    uint32_t id;
    Uuid camera;
    StreamKind kind;
    CodecParams *params[TRACKS];
    Buffer *init[TRACKS];
    unsigned generation[TRACKS]; /* counts init parts; 0: none yet */
    uint64_t sequence[TRACKS];
    int64_t last_pts[TRACKS];
    GArray *recent; /* LiveRecent, pictures from the newest key picture on */
    size_t recent_bytes;
    bool cut;                 /* of too many or too much, the key picture only */
    int64_t key_us;           /* time of capture of the newest key picture */
    GPtrArray *views;         /* LiveView *, borrowed */
    Transcoding *transcoding; /* owned: who makes this stream; NULL: the camera sends it so */
    MaskSet *masks;           /* a reference: what covers it; NULL: nothing does */
    Place *place;             /* owned: for its making */
    bool taken_back;          /* the place is needed by others: nobody comes any more */
};

/* Takes `hub`. */
LiveStream *live_stream_new(Live *live, Hub *hub);
void live_stream_free(LiveStream *stream);

/* A view sees the stream, and does not any more. */
void live_stream_add(LiveStream *stream, LiveView *view);
void live_stream_remove(LiveStream *stream, LiveView *view);

/* How its pictures are coded; CODEC_NONE while it has none. */
Codec live_stream_codec(const LiveStream *stream);

/* Makes and hands on what has arrived. False: the hub is closed, no more will come. */
bool live_stream_pump(LiveStream *stream);
