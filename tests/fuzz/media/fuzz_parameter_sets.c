/* Codec headers: the first byte says which, the rest is the SPS or AudioSpecificConfig. */
#include "media/aac.h"
#include "media/h264.h"
#include "media/h265.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(CodecParams *params)
{
    if (params) {
        g_assert(params->rfc6381[0] && params->width >= 0 && params->width <= 16384);
        g_assert(params->height >= 0 && params->height <= 16384);
    }
    codec_params_unref(params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const Nal pps = {(const uint8_t *)"\x68\xce\x0f\xc8", 4};
    if (size < 2)
        return 0;
    const Nal nal = {data + 1, size - 1};
    H264Sps h264;
    H265Sps h265;
    switch (data[0] % 3) {
    case 0:
        if (h264_sps_parse(nal.data, nal.size, &h264))
            g_assert(h264.width > 0 && h264.height > 0 && h264_sps_fps(&h264) >= 0);
        check(h264_params(&nal, 1, &pps, 1));
        break;
    case 1:
        if (h265_sps_parse(nal.data, nal.size, &h265))
            g_assert(h265.width > 0 && h265.height > 0 && h265_sps_fps(&h265) >= 0);
        check(h265_params(&pps, 1, &nal, 1, &pps, 1));
        break;
    default:
        check(aac_params(nal.data, nal.size, 8000));
        aac_adts_header(nal.data, nal.size);
        break;
    }
    return 0;
}
