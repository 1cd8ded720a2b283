/* onvif_look.h — what an ONVIF device is and where its streams are; a single look.
 *
 * A camera has one channel, a recorder one for each of its cameras.
 */
#pragma once

#include "media/onvif_device.h"

#include <stdbool.h>

typedef struct OnvifStream {
    char *url;      /* owned; RTSP, without credentials, at the host that was asked; NULL: none */
    char *encoding; /* owned; "H265" … */
    int width, height;
    double fps; /* 0: not told */
} OnvifStream;

typedef struct OnvifChannel {
    char *profile;                /* owned; token of the main stream's */
    char *source, *source_config; /* owned; tokens of the lens and its configuration, or "" */
    char *name;                   /* owned; of the profile of the main stream */
    OnvifStream main, sub;        /* proposed by the size of their pictures */
    char *snapshot;               /* owned; http address; NULL: none */
    bool ptz;
} OnvifChannel;

typedef struct OnvifLook {
    char *address; /* owned; of the device service */
    OnvifDevice device;
    bool has_clock, ntp;
    int64_t clock_offset_us; /* its clock minus ours */
    int64_t clock_doubt_us;  /* by which that may be wrong, either way */
    char *ptz, *events;      /* owned; addresses of these services; NULL: there is none */
    GPtrArray *channels;     /* OnvifChannel, owned; at least one */
} OnvifLook;
void onvif_look_clear(OnvifLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OnvifLook, onvif_look_clear)

/* Is `text` an address to ask by ONVIF, an http address or a host, rather than one of RTSP? */
bool onvif_look_takes(const char *text);

/* Looks at "192.168.1.20", "camera:8000", "http://…". Without a port 80, 8000, 2020 and 8080 are
 * tried, then what the device tells on port 3702. `user` and `password` NULL: those in `text`, if
 * any. Blocks up to `timeout_us`: pool threads only. The message of `error` is in plain words. */
bool onvif_look(const char *text, const char *user, const char *password, int64_t timeout_us,
                OnvifLook *look, GError **error);
