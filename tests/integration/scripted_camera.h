/* scripted_camera.h — a camera of the test's own making on loopback, that misbehaves as it is told.
 *
 * By itself it is a well-behaved RTSP server (TCP, interleaved) with real H.264 pictures, 15 a
 * second and a key picture each second, each with its mark (media/sim_sei.h); like the simulator it
 * keeps a record of what it sent. A script replaces answers, or gets at a picture on its way:
 *
 *     picture → NAL units → RTP packets → bytes of the connection
 *
 * so that a quirk of CAMERAS.md is a row of answers or a hook of a few lines. Each connection has a
 * thread of its own; hooks run on it and keep no state but what the picture tells.
 */
#pragma once

#include "base/bytes.h"
#include "base/json.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SCRIPT_FPS = 15, SCRIPT_KEY_EVERY = 15, SCRIPT_PAYLOAD_TYPE = 96, SCRIPT_SOUND_CHANNEL = 2 };

typedef struct ScriptedCamera ScriptedCamera;

/* A picture on its way to one connection. */
typedef struct ScriptPicture {
    uint64_t number; /* in its mark; a multiple of SCRIPT_KEY_EVERY is a key picture */
    int64_t sent_us;
    bool key;
    unsigned connection; /* 0: the first since the camera was made */
    unsigned since_play; /* pictures that came before it on this connection */
} ScriptPicture;

typedef struct ScriptPacket {
    uint8_t channel, payload_type;
    bool marker;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    GBytes *payload; /* owned by the packet */
} ScriptPacket;

typedef enum ScriptThen {
    SCRIPT_GOES_ON,
    SCRIPT_PLAYS, /* sends pictures from the next key picture on */
    SCRIPT_HANGS_UP,
    SCRIPT_REPEATS,      /* sends the text again and again until the client leaves */
    SCRIPT_SAYS_NO_MORE, /* keeps the connection, reads, never answers again */
} ScriptThen;

/* Sound beside the pictures: `number` covers the ticks from number * ticks on since the camera was
 * made, and is sent when they have passed. */
typedef struct ScriptSound {
    uint8_t payload_type;
    uint32_t clock_hz, ticks;
    void (*payloads)(uint64_t number, GPtrArray *payloads); /* GBytes, each for a packet */
    /* Gets at them on their way; `since_play`: sounds that came before on this connection. NULL:
     * nobody does. */
    void (*packets)(uint64_t number, unsigned since_play, GArray *packets); /* ScriptPacket */
} ScriptSound;

/* Answers in place of the camera's own; the first row that fits counts. */
typedef struct ScriptAnswer {
    const char *method; /* what the request begins with; "": any request; NULL ends the rows */
    const char *text;   /* "%u" becomes the CSeq, "%a" the camera's HOST:PORT, "%d" the
                           description, "%l" its length, "%c" the channels asked for */
    ScriptThen then;
    unsigned connections; /* only on so many first connections; 0: on all */
} ScriptAnswer;

/* A request that came. */
typedef struct ScriptRequest {
    const char *text;
    const char *before;         /* all earlier ones, of all connections */
    const char *host;           /* HOST:PORT of the camera */
    unsigned connection, asked; /* 0: the first one of the camera, of the connection */
    unsigned udp_port;          /* of the camera's RTP, once it was asked for; else 0 */
} ScriptRequest;

/* TLS on its connections, by a certificate of the camera's own. */
typedef struct ScriptTls {
    const char *host; /* IP address or name that the certificate is for */
    bool trusted;     /* signed by scripted_tls_authority(), else by itself */
    bool plain_too;   /* takes plain connections as well */
} ScriptTls;

/* What it does with UDP; by itself it answers a SETUP of UDP with the ports of both ends. */
typedef struct ScriptUdp {
    bool no_port; /* does not tell its own ports */
    bool silent;  /* sends nothing */
    bool foreign; /* others send to the client, too: each packet first, with nonsense in it */
} ScriptUdp;

typedef struct CameraScript {
    const ScriptUdp *udp;  /* NULL: it knows no UDP, and answers as if TCP had been asked for */
    unsigned payload_most; /* bytes; 0: as fits into an Ethernet frame */
    const ScriptTls *tls;  /* NULL: plain */
    const ScriptAnswer *answers; /* NULL: none */
    const char *greeting;        /* sent before any request; NULL: nothing */
    const char *sdp; /* "%s" becomes sprop-parameter-sets, "%b" the same in Annex B, "%a" HOST:PORT;
                        NULL: its own */
    /* What to say, as in a row, to a request that the camera does not like, owned; NULL: the rows
     * decide. */
    char *(*judge)(const ScriptRequest *request, const void *judge_data);
    const void *judge_data;
    /* While it plays it hangs up `alive_s` after the newest accepted request that begins with
     * `alive_by` ("": any, "$": RTCP). NULL: never. */
    const char *alive_by;
    unsigned alive_s;
    const ScriptSound *sound; /* on the channel behind those of the pictures; NULL: none */
    void (*nals)(const ScriptPicture *picture, GPtrArray *nals);    /* GBytes */
    void (*packets)(const ScriptPicture *picture, GArray *packets); /* ScriptPacket */
    void (*bytes)(const ScriptPicture *picture, ByteWriter *bytes); /* frames behind `$` */
} CameraScript;

/* Listens at once. `name` is in the marks; `script` is borrowed for good, NULL: well-behaved. */
ScriptedCamera *scripted_camera_new(const char *name, const CameraScript *script);
void scripted_camera_free(ScriptedCamera *camera); /* NULL is allowed */

/* "rtsp://127.0.0.1:PORT/main", owned by the camera. */
const char *scripted_camera_url(const ScriptedCamera *camera);

/* SHA-256 of its certificate, in hex; owned by the camera, "" without TLS. */
const char *scripted_camera_fingerprint(const ScriptedCamera *camera);

/* From the next request and picture on. */
void scripted_camera_set(ScriptedCamera *camera, const CameraScript *script);

/* Off: connections end, and new ones are refused. On: listens again on the same port. */
void scripted_camera_power(ScriptedCamera *camera, bool on);

unsigned scripted_camera_connections(ScriptedCamera *camera); /* that it has accepted so far */
char *scripted_camera_requests(ScriptedCamera *camera);       /* all of them, as they came; owned */

/* As sim_sent(): array of {number, sent_us, key}, oldest first. Owned. */
Json *scripted_camera_sent(ScriptedCamera *camera);
