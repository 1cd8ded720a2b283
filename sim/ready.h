/* ready.h — the description of the cameras that programs read: the ready line and GET /cameras. */
#pragma once

#include "camera.h"

/* An array, one object a camera. Returns owned. */
Json *cameras_json(const GPtrArray *cameras, const char *host, int rtsp_port);

/* Prints {"ready":true,…} as one line on stdout and flushes. */
void ready_print(const GPtrArray *cameras, const char *host, int rtsp_port, int http_port);
