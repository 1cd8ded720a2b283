/* server_figures.h — what a running server takes of the machine, and whether it gives it back. */
#pragma once

#include "cameras_api.h"

/* Memory asked for and not freed, as `/metrics` tells it: the allocator keeps some MiB of what was
 * freed, which is no leak. Open descriptors, as the system tells them: of the catalog, and others.
 */
typedef struct ServerFigures {
    int64_t heap_bytes;
    unsigned descriptors, catalog_descriptors;
} ServerFigures;

/* Within 2 s, the most of descriptors and the least of memory: what comes and goes with each
 * picture is not in it. */
ServerFigures server_figures_at_rest(const Server *server, const Api *api);

/* Fails the test unless the server's descriptors come down to `before` within 15 s, those of the
 * catalog to what all its readers may have, and its memory to less than 2 MiB over `before`. */
void server_gives_back(const Server *server, const Api *api, const ServerFigures *before);
