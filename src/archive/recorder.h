/* recorder.h — from a stream's hub into its segments.
 *
 * The hub wakes it on the ingest thread for each unit; it decides there, by one comparison, whether
 * a fragment may be complete, and only then wakes the writer thread. All else runs on the writer
 * thread: it takes the units, cuts fragments, chooses segments and gaps.
 */
#pragma once

#include "archive/batch.h"
#include "archive/held.h"

/* A fragment that one volume could not take, on its way to another. */
typedef struct PutOff {
    bool waits;
    unsigned tries;
    Fragment fragment;
    AccessUnit *next; /* a reference, or NULL: as in FragmentFacts, as what follows */
    int64_t most_us, apart_us, ends_us;
} PutOff;

enum { GROUPS_LOOKED = 2 }; /* one alone may be what a camera sends on being asked */

typedef struct Recorder {
    Archive *archive;
    Hub *hub;         /* a reference */
    Stream *stream;   /* borrowed */
    Plan *plan;       /* borrowed */
    int64_t since_us; /* node time from which it listens */
    HubListener *_Atomic listener;
    _Atomic int64_t fragment_start; /* pts at which the fragment in work began, or NO_FRAGMENT */
    _Atomic int64_t interval;       /* ticks between pictures of a regular stream, else 0 */

    atomic_bool
        resting; /* what comes is not to be recorded; the writer's, read by the ingest thread */

    /* Guarded by the writer's lock. */
    struct Recorder *next_ready;
    struct Recorder *behind; /* of the same stream: served once this one has ended */
    Store *store;            /* whose writer serves it */
    bool ready, detached;

    /* The writer's. */
    bool adopted;
    unsigned written;  /* fragments tried; wraps */
    Store *next_store; /* to be handed over to; NULL: it stays */
    PutOff put_off;
    bool owes_later; /* the gap before the fragment in work is owed behind what is put off */
    Held held;       /* while it rests */
    Fragment fragment;
    int64_t fragment_since_us; /* monotonic: when its first picture was taken */
    Segment *segment;          /* owned; NULL between segments */
    CodecParams *audio;        /* newest heard, a reference; or NULL */
    int64_t audio_us;          /* capture time of the newest of it */
    bool waits_for_key;
    bool broken;        /* the next picture does not connect to the last one written … */
    GapCause missing;   /* … because of this */
    int64_t missing_us; /* capture time of the newest picture that is not there because of it */
    uint32_t run;
    int64_t newest_us; /* capture time of the newest picture; 0: none to go on from */
    int64_t apart_us;  /* between the newest two pictures that followed each other; 0: not known */
    int64_t key_us;    /* … of the newest key picture, the same */
    int64_t groups_us[GROUPS_LOOKED]; /* between key pictures, newest first; 0: not known */
} Recorder;

#define NO_FRAGMENT INT64_MIN

enum { FRAGMENT_TRIES_MOST = 4 }; /* volumes, one after the other */

/* Returns owned; its listener is attached by recorder_listen(). */
Recorder *recorder_new(Archive *archive, Hub *hub);

/* Starts to listen; writer_ready() is called whenever it is worth looking. */
void recorder_listen(Recorder *recorder);

/* Bytes that wait for the writer. Any thread that keeps the recorder from being detached. */
size_t recorder_waiting(Recorder *recorder);

/* Writer thread: takes the units that wait, writes the fragments that are complete. False when it
 * left some after a few fragments, so that others have their turn on a disk that falls behind. */
bool recorder_drain(Recorder *recorder, Batch *batch);

/* Writer thread, a few times a second: writes pictures that waited too long for their successor,
 * ends segments whose time is over. */
void recorder_tick(Recorder *recorder, Batch *batch);

/* Writer thread: stops listening; it is not made ready any more. */
void recorder_stop(Recorder *recorder);

/* Writer thread: writes the rest, ends the segment, frees. */
void recorder_end(Recorder *recorder, Batch *batch);
