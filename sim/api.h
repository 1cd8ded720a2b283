/* api.h — the simulator's own record and its faults, over HTTP. sim/README.md lists the routes. */
#pragma once

#include "camera.h"
#include "fault.h"
#include "http.h"

typedef struct Api {
    const CameraPlan *plan;
    Faults *faults;
    const char *host;
    int rtsp_port;
} Api;

/* An HttpHandler; `api` is an Api. */
Json *api_handle(void *api, const HttpRequest *request, int *status);
