/* fault.h — trouble on command. Any thread. */
#pragma once

#include "camera.h"
#include "rtsp.h"

typedef enum Fault {
    FAULT_NONE,       /* all is well again */
    FAULT_OFFLINE,    /* connections end, and new ones are cut at their first request */
    FAULT_DISCONNECT, /* connections end once */
    FAULT_STALL,      /* connections stay, nothing is sent */
    /* The view goes wrong; the stream goes on. See spoil.h. */
    FAULT_FREEZE,
    FAULT_BLACK,
    FAULT_COVER,
    FAULT_BLUR,
    FAULT_SHIFT,
    FAULTS
} Fault;

const char *fault_text(Fault fault); /* "none", "offline" … */
bool fault_parse(const char *text, Fault *fault);

typedef struct Faults Faults;

Faults *faults_new(Rtsp *rtsp); /* borrows */
void faults_free(Faults *faults);

/* Replaces the camera's fault; after `seconds` (0: never) it ends by itself. Blocks for a second or
 * so when the view is to be spoilt. */
bool faults_set(Faults *faults, Camera *camera, Fault fault, unsigned seconds, GError **error);
