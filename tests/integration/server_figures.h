/* server_figures.h — what a running server takes of the machine, and whether it gives it back. */
#pragma once

#include "harness.h"

/* Memory in use and open descriptors, as the system tells them. */
typedef struct ServerFigures {
    int64_t resident_bytes;
    unsigned descriptors;
} ServerFigures;

ServerFigures server_figures(const Server *server);

/* Fails the test unless the server's descriptors come down to `before` within 10 s, and its memory
 * is less than 8 MiB over `before` then. */
void server_gives_back(const Server *server, const ServerFigures *before);
