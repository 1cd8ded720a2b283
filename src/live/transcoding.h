/* transcoding.h — H.265 made into H.264 for viewers whose browser has no H.265, and what any camera
 * with privacy masks sends made into H.264 with these covered; once a camera for all of them.
 *
 * Each runs on a thread of its own, behind everything else on the machine, and hands what it makes
 * to a hub of its own, to which live/stream listens like to a camera's. So many run at once and no
 * more. One that falls behind goes on at the newest key picture. A thread that hangs in a picture
 * is not waited for before the server ends.
 *
 * Service thread.
 */
#pragma once

#include "camera/hub.h"
#include "media/mask.h"

typedef struct Transcodings Transcodings;
typedef struct Transcoding Transcoding;

/* `most` run at once; 0: none does. Returns owned. */
Transcodings *transcodings_new(unsigned most);
void transcodings_free(Transcodings *all); /* after all have ended; waits for their threads */

/* Begins with the newest key picture of `source`; `masks` (borrowed, NULL: none) cover what is
 * made. NULL: as many run as may, or the machine has no thread for one more. */
Transcoding *transcoding_begin(Transcodings *all, Hub *source, MaskSet *masks);

/* Takes `transcoding`; does not wait. NULL is allowed. */
void transcoding_end(Transcoding *transcoding);

/* What is made, borrowed. It closes when the source closes, and when nothing can be made of it. */
Hub *transcoding_hub(const Transcoding *transcoding);

/* The hub closed because nothing can be made of the source, or nothing in time. */
bool transcoding_failed(const Transcoding *transcoding);
