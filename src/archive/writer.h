/* writer.h — the one thread that appends footage to a volume. */
#pragma once

#include "archive/recorder.h"

Writer *writer_new(Store *store);

/* Ends all recorders, writes what they hold, joins the thread. */
void writer_free(Writer *writer);

/* Gives a new recorder the store that it begins with: that of the one before it of the same stream,
 * which is written out first, else the one with the most room. Any thread. */
void writer_adopt(Recorder *recorder);

/* There may be something to write for `recorder`; the first call hands it to the writer of its
 * store. Any thread; takes a lock for a moment. */
void writer_ready(Recorder *recorder);

/* Takes `recorder`: what was published until now is written, then it ends. Any thread. */
void writer_end(Recorder *recorder);
