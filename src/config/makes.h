/* makes.h — where cameras and recorders of the common makes have their streams.
 */
#pragma once

#include <stdbool.h>

typedef struct CameraMake {
    const char *name;                 /* "hikvision" */
    const char *others;               /* further names for it, between blanks; "" */
    const char *main_path, *sub_path; /* {c}: the channel; {cc}: in two digits. NULL: is asked by
                                         ONVIF */
} CameraMake;

/* By name, whatever the case of its letters; NULL: not known. */
const CameraMake *camera_make_find(const char *name);

/* All names, ", " between them. Returns owned. */
char *camera_make_names(void);

/* The address of a stream: `host` with or without a port, `channel` from 1. Returns owned. */
char *camera_make_address(const CameraMake *make, const char *host, unsigned channel, bool sub);
