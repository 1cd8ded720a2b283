/* play.h — asks an RTSP server for a stream as little as it lets one: DESCRIBE, SETUP of the video
 * track, PLAY, with Digest or Basic where asked. What comes then is the caller's to read.
 *
 * For the bench programs: whatever goes wrong ends the program with a line on stderr.
 */
#pragma once

#include "media/access_unit.h"

typedef struct Playing Playing;

/* `url`: rtsp://user:password@host:port/path, `host` numeric. Lives until the program ends. */
Playing *play_start(const char *url);

int play_fd(const Playing *playing); /* blocking; media on channel 0, RTCP on 1 */
Codec play_codec(const Playing *playing);

/* To be called at least once in PLAY_KEEP_S, or the server ends the session. */
enum { PLAY_KEEP_S = 20 };
void play_keep_alive(Playing *playing);

/* Ends the program: "bench: WHAT: errno's text". */
_Noreturn void bench_die(const char *what);
