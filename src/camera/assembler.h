/* assembler.h — from the frames of a session to access units with their times, published in a hub.
 *
 * It lives as long as its stream does, over all sessions: runs are counted here. Ingest thread
 * only.
 */
#pragma once

#include "camera/hub.h"
#include "media/depay.h"

typedef struct Assembler Assembler;

Assembler *assembler_new(Hub *hub); /* holds a reference */
void assembler_free(Assembler *assembler);

/* A new session begins: the next unit published is a key picture and starts a run. `cause`: why
 * there is a gap before it. */
void assembler_begin(Assembler *assembler, GapCause cause);

/* The session has ended: units that waited for the times of their young run are published with
 * those it has by now. Returns the newest video unit among them (borrowed, as by
 * assembler_frame()), or NULL. */
const AccessUnit *assembler_end(Assembler *assembler);

/* The track's times do not connect to those before. */
void assembler_restart(Assembler *assembler, Track track);

/* Whether pictures are timed by each single arrival now: it should be read at once. */
bool assembler_wants_arrivals(const Assembler *assembler);

/* Makes and publishes the unit. Damaged pictures are dropped, and all before the first key picture;
 * those that follow a dropped one are published with the mark `damaged`. Returns the video unit
 * published last (borrowed, good until the next call), or NULL. */
const AccessUnit *assembler_frame(Assembler *assembler, Track track, const DepayFrame *frame,
                                  CodecParams *params, int64_t arrival_us);
