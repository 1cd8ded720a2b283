/* A session description, and all that is made of it before the first packet. */
#include "media/depay.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Sdp) sdp = sdp_parse(data, size);
    if (!sdp)
        return 0;
    g_assert(sdp->media_count >= 1 && sdp->media_count <= SDP_MEDIA_MAX);
    sdp_choose(sdp, SDP_AUDIO);
    sdp_choose(sdp, SDP_VIDEO);
    for (size_t i = 0; i < sdp->media_count; i++) {
        const SdpMedia *media = &sdp->media[i];
        g_assert(media->clock_hz > 0 && media->channels > 0 && !strpbrk(media->control, "\r\n"));
        g_auto(SdpSets) sets = {0};
        if (sdp_sets(media, &sets))
            for (size_t k = 0; k < sets.count; k++)
                g_assert(nal_role(media->codec, sets.sets[k].data) <= NAL_PPS);
        g_autoptr(Depay) depay = depay_new(media->codec, media);
    }
    return 0;
}
