/* session_quirks.h — judges and hooks of cameras whose RTSP session is odd; rows in
 * test_camera_session.c. */
#pragma once

#include "sign_in.h"

/* Addresses that the only right requests have; "%a" is HOST:PORT; NULL: any. */
typedef struct OnlyAt {
    const char *setup, *play, *keepalive;
    const SignIn *signed_so; /* NULL: as it likes */
} OnlyAt;
/* 404 to SETUP and PLAY at another one, silence to such a keep-alive. */
char *judge_address(const ScriptRequest *request, const void *only_at);

/* 401 without a challenge to a request that does not say who sends it (S4). */
char *judge_user_agent(const ScriptRequest *request, const void *unused);
/* Basic, refused when other headers than needed come along; no SETUP without DESCRIBE (S5). */
char *judge_headers(const ScriptRequest *request, const void *unused);

/* 302 to /moved for this method below /main; NULL: for each DESCRIBE, for ever (S3). */
char *judge_moved(const ScriptRequest *request, const void *method);
/* 302 from /main to /hop1, from there to /hop2 and so on, as many times as the number says. */
char *judge_hops(const ScriptRequest *request, const void *number);

/* The nonce is a new one from this method on; with or without `stale` (S7). */
typedef struct NewNonce {
    const char *method;
    const char *stale; /* "" or ", stale=true" */
} NewNonce;
char *judge_new_nonce(const ScriptRequest *request, const void *new_nonce);
/* Each nonce is good for one request. */
char *judge_nonce_once(const ScriptRequest *request, const void *unused);

/* Each SETUP is answered with a session of its own; this one counts (S11). */
char *judge_session(const ScriptRequest *request, const void *id);
/* 400 to a header or value (S12, PLAY with Range). */
char *judge_never(const ScriptRequest *request, const void *text);
/* 400 to PLAY without this. */
char *judge_play_needs(const ScriptRequest *request, const void *text);
/* 453 to SETUP while an older connection is not ended by TEARDOWN (S15). */
char *judge_one_session(const ScriptRequest *request, const void *unused);

/* SDP of video and silent sound, their controls /track1 and /track2. */
extern const char session_with_sound[];

void use_channel_4(const ScriptPicture *picture, GArray *packets);
/* PLAY is answered only behind the first picture, by these bytes (S14) … */
void answer_play_late(const ScriptPicture *picture, ByteWriter *bytes);
/* … which is another session's (S15). */
void answer_play_after_a_leak(const ScriptPicture *picture, ByteWriter *bytes);
void blank_lines_before_frames(const ScriptPicture *picture, ByteWriter *bytes);
void foreign_channels(const ScriptPicture *picture, ByteWriter *bytes);
void fall_silent(const ScriptPicture *picture, ByteWriter *bytes);        /* the first connection */
void write_garbage(const ScriptPicture *picture, ByteWriter *bytes);      /* the first connection */
void write_half_a_frame(const ScriptPicture *picture, ByteWriter *bytes); /* once (S15) */
void write_twice(const ScriptPicture *picture, ByteWriter *bytes);        /* once, a part (S16) */
void skip_a_part(const ScriptPicture *picture, ByteWriter *bytes);        /* once (S16) */
