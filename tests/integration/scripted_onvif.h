/* scripted_onvif.h — an ONVIF device of the test's own making on loopback, with the quirks of its
 * script: HTTP, and discovery on port 3702.
 *
 * It checks what is proven to it with code of its own. Its account is admin / ONVIF_PASSWORD.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ONVIF_PASSWORD "p@ss:w/rd#1"

typedef struct ScriptedOnvif ScriptedOnvif;

typedef struct OnvifScript {
    const char *prefix; /* of SOAP; NULL: "s" */
    bool soap11;        /* envelope and faults of SOAP 1.1 */
    int64_t ahead_s;    /* its clock minus ours */
    int64_t told_s;     /* what it adds when it tells UTC: local time told as UTC */
    int64_t restart_s;  /* its clock after the first question that needed an account */
    bool clock_denied;  /* its clock, too, wants an account */
    bool http_digest;   /* wants HTTP Digest, and refuses a Security header beside it */
    bool no_token;      /* ignores WS-Security: whoever asks may */
    int fault_status;   /* HTTP status of faults; 0: 400 */
    bool no_services;   /* GetServices is not supported */
    bool no_media_told; /* capabilities do not name the media service */
    bool media1_only;
    const char *media_path;   /* NULL: "/onvif/media" */
    const char *told_host;    /* in what it tells of itself; NULL: its own */
    const char *stream;       /* of the main stream; NULL: made up */
    const char *sub_stream;   /* likewise */
    unsigned channels;        /* 0: one */
    bool ptz;                 /* can be moved */
    bool zoom_only, pan_only; /* and refuses the other */
    const char *topic;        /* of what it notices, "VideoSource/MotionAlarm"; NULL: no events */
    const char *item;         /* that tells how it stands */
    bool renew_refused;       /* pull points cannot be renewed */
    bool wants_time;          /* refuses to be asked without time to answer */
    bool is_html;             /* a web server that knows no ONVIF */
    bool redirects;           /* sends on to where nobody should follow */
    bool is_long;             /* answers without an end */
} OnvifScript;

/* Listens at once on `host`, an address of 127.0.0.0/8; `discovery`: on its UDP port 3702 too.
 * `script` is borrowed for good. */
ScriptedOnvif *scripted_onvif_new(const char *host, const OnvifScript *script, bool discovery);
void scripted_onvif_free(ScriptedOnvif *device); /* NULL is allowed */

const char *scripted_onvif_url(const ScriptedOnvif *device); /* "http://host:port" */
/* What it was told to do, a line each: "move 0.500 0.000 -", "stop", "go TOKEN", "ntp SERVER".
 * Returned owned. */
char *scripted_onvif_steps(ScriptedOnvif *device);

/* What it notices has begun, goes on, or is over. */
void scripted_onvif_say(ScriptedOnvif *device, bool active);
void scripted_onvif_forget(ScriptedOnvif *device); /* its pull point, as at a restart */
/* It takes connections, but does not answer. */
void scripted_onvif_hang(ScriptedOnvif *device, bool hangs);
/* Pull points made; questions; and those that came within half a second of the one before. */
void scripted_onvif_counts(ScriptedOnvif *device, unsigned *made, unsigned *pulls, unsigned *early);

unsigned scripted_onvif_denied(const ScriptedOnvif *device);  /* proofs that it refused */
unsigned scripted_onvif_doubled(const ScriptedOnvif *device); /* messages with two proofs */
