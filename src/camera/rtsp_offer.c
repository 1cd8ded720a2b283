#include "camera/rtsp_offer.h"

#include "media/depay.h"
#include "media/rtsp_url.h"

#include <string.h>

static void take_media(RtspOffer *offer, Track track, const SdpMedia *media)
{
    offer->media[track] = media;
    g_free(offer->control_url[track]);
    offer->control_url[track] = rtsp_url_join(offer->base_url, media->control);
}

/* Some describe a codec of ours in a way that nobody can decode it by. */
static SoundTrouble trouble_of(const SdpMedia *audio)
{
    if (!audio)
        return SOUND_NOT_OFFERED;
    if (audio->codec == CODEC_NONE)
        return sdp_knows(audio) ? SOUND_MISDESCRIBED : SOUND_CODEC_UNKNOWN;
    g_autoptr(Depay) depay = depay_new(audio->codec, audio);
    return depay_params(depay) ? SOUND_FINE : SOUND_MISDESCRIBED;
}

static void take_sound(RtspOffer *offer)
{
    const SdpMedia *audio = sdp_choose(offer->sdp, SDP_AUDIO);
    offer->sound_trouble = trouble_of(audio);
    if (offer->sound_trouble == SOUND_FINE)
        take_media(offer, TRACK_AUDIO, audio);
}

const char *rtsp_offer_sound(const RtspOffer *offer)
{
    const SdpMedia *audio = offer->sdp ? sdp_choose(offer->sdp, SDP_AUDIO) : NULL;
    return audio ? audio->encoding : "";
}

/* Controls are joined to the base without the session's own control, as cameras expect it. */
static void take_base(RtspOffer *offer, const RtspItem *answer, const char *request_url)
{
    RtspText told = rtsp_header(answer, "Content-Base");
    if (!told.data)
        told = rtsp_header(answer, "Content-Location");
    g_autofree char *text = told.data ? rtsp_text_dup(told) : NULL;
    g_free(offer->base_url);
    offer->base_url = rtsp_url_base(text, request_url);
}

CameraTrouble rtsp_offer_take(RtspOffer *offer, const RtspItem *answer, const char *request_url,
                              bool want_audio, char **cause)
{
    g_clear_pointer(&offer->sdp, sdp_free);
    memset(offer->media, 0, sizeof offer->media);
    offer->sound_trouble = SOUND_FINE;
    offer->sdp = sdp_parse(answer->data, answer->size);
    const SdpMedia *video = offer->sdp ? sdp_choose(offer->sdp, SDP_VIDEO) : NULL;
    if (!video) {
        *cause =
            g_strdup("the camera offers no video at this address; check the path after the host");
        return TROUBLE_NO_VIDEO;
    }
    if (video->codec == CODEC_NONE) {
        *cause = g_strdup_printf(
            "the camera sends %s; set it to H.264 or H.265 in the camera's own settings",
            video->encoding);
        return TROUBLE_CODEC_UNKNOWN;
    }
    take_base(offer, answer, request_url);
    take_media(offer, TRACK_VIDEO, video);
    if (want_audio)
        take_sound(offer);
    char *aggregate = rtsp_url_join(offer->base_url, offer->sdp->control);
    g_free(offer->base_url);
    offer->base_url = aggregate;
    return TROUBLE_NONE;
}

void rtsp_offer_clear(RtspOffer *offer)
{
    g_clear_pointer(&offer->sdp, sdp_free);
    memset(offer->media, 0, sizeof offer->media);
    for (Track track = TRACK_VIDEO; track < TRACKS; track++)
        g_clear_pointer(&offer->control_url[track], g_free);
    g_clear_pointer(&offer->base_url, g_free);
}
