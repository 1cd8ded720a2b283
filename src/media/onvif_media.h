/* onvif_media.h — the media services of ONVIF: profiles, and where their streams are.
 *
 * Media2 (profile T) and media (profile S) tell the same by other names; one reader takes both.
 */
#pragma once

#include "media/xml.h"

#include <stdbool.h>

typedef enum OnvifMedia { ONVIF_MEDIA_1, ONVIF_MEDIA_2 } OnvifMedia;

enum { ONVIF_PROFILES_MAX = 128 };

typedef struct OnvifProfile {
    char *token;         /* owned */
    char *name;          /* owned; "" when not told */
    char *source;        /* owned; the lens, or channel of a recorder; "" when not told */
    char *source_config; /* owned; token of its configuration; "" when not told */
    char *encoding;      /* owned; "H264", "H265", "JPEG" …; "" when the profile has no video */
    int width, height;
    double fps;
    int kbps;
    bool ptz;
} OnvifProfile;

/* Bodies of requests, returned owned. */
char *onvif_ask_profiles(OnvifMedia media);
char *onvif_ask_stream(OnvifMedia media, const char *token);
char *onvif_ask_snapshot(OnvifMedia media, const char *token);

/* Array of OnvifProfile, owned; NULL when the answer is another one. */
GPtrArray *onvif_profiles_read(const XmlNode *content);
void onvif_profile_free(OnvifProfile *profile);

/* The address in the answer about a stream or a snapshot, as it is told; NULL when there is none.
 * Returns owned. */
char *onvif_uri_read(const XmlNode *content);

/* Of the profiles of one source (NULL: of any): the largest picture that can be recorded is the
 * main stream, the smallest one that is smaller is the sub stream. Borrowed; NULL: there is none.
 */
void onvif_propose(const GPtrArray *profiles, const char *source, const OnvifProfile **main_stream,
                   const OnvifProfile **sub_stream);
