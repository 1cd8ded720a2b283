/* rtsp_offer.h — what a camera offers by its description: the tracks to set up, and where. */
#pragma once

#include "camera/cameras.h"
#include "media/rtsp_message.h"
#include "media/sdp.h"

typedef struct RtspOffer {
    Sdp *sdp;
    const SdpMedia *media[TRACKS]; /* in `sdp`; NULL: none that is wanted and understood */
    char *control_url[TRACKS];
    SoundTrouble sound_trouble;
    char *base_url; /* for PLAY and what follows it; NULL until described */
} RtspOffer;

/* The codec of the sound offered, as the camera names it; "" when it offers none. */
const char *rtsp_offer_sound(const RtspOffer *offer);

/* Takes the answer to a DESCRIBE of `request_url`. TROUBLE_NONE, or what is wrong, `*cause` then
 * set to a text owned by the caller. */
CameraTrouble rtsp_offer_take(RtspOffer *offer, const RtspItem *answer, const char *request_url,
                              bool want_audio, char **cause);
void rtsp_offer_clear(RtspOffer *offer);
