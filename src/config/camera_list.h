/* camera_list.h — many cameras in one table: a CSV file as people keep it in a spreadsheet.
 *
 * docs/reference/camera-list.md says which columns there are. Pure: what has to be asked of a
 * device is marked, and asked by the caller.
 */
#pragma once

#include "config/makes.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    CAMERA_LIST_BYTES_MOST = 1 << 20,
    CAMERA_LIST_CHANNELS_MOST = 64,
    CAMERA_LIST_MOST = 1024 /* cameras, all channels counted */
};

typedef struct ListedCamera {
    unsigned line;
    char *name;                      /* owned, as all texts; NULL: not given */
    char *location, *village, *kind; /* of the location it stands at */
    char *url, *sub_url;             /* without credentials; `url` NULL: ask `host` by ONVIF */
    char *host;                      /* given in place of an address */
    unsigned channel;                /* from 1; of the recorder at `host` */
    char *user, *password;
    bool audio;
    bool record_sub;
    char *transport, *fingerprint, *schedule; /* as CameraEdit takes them */
    int heading_deg;                          /* −1: where it looks is not known */
    int fov_deg, reach_m;                     /* 0: as is usual */
    int64_t height_cm;                        /* 0: not known */
    int connections;                          /* that its host takes at once; 0: not known */
    int retention_days;                       /* 0: as the site */
    char *onvif;                              /* set by who asked the device */
} ListedCamera;

/* What is wrong in a row. */
typedef struct ListFault {
    unsigned line;
    const char *column; /* a constant: "channels"; NULL: the row as a whole */
    const char *code;   /* a constant, for whoever says it in another language */
    char *text;         /* owned; without line, and without passwords */
} ListFault;

typedef struct CameraList {
    GPtrArray *cameras; /* ListedCamera, in the order of the file; a recorder's channels are one
                           each */
    GPtrArray *faults;  /* ListFault; empty: all is right */
} CameraList;

/* False with ERR_INVALID when it is no table, or lacks its columns; what is wrong in single rows
 * stands in `faults`, without passwords. */
bool camera_list_read(const char *text, size_t size, CameraList *list, GError **error);
void camera_list_clear(CameraList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CameraList, camera_list_clear)

/* `column` and `code` are constants. */
void camera_list_fault(CameraList *list, unsigned line, const char *column, const char *code,
                       const char *format, ...) G_GNUC_PRINTF(5, 6);
