/* Init parts and heads of fragments: what is read is in bounds, and written again it reads the
 * same. */
#include "media/fmp4_read.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_init(const uint8_t *data, size_t size)
{
    g_auto(Fmp4InitInfo) info = {0};
    g_auto(Fmp4InitInfo) again = {0};
    size_t need = 0;
    Fmp4Result result = fmp4_read_init(data, size, &info, &need);
    g_assert(result != FMP4_MORE || need > size);
    if (result != FMP4_OK)
        return;
    g_assert(info.bytes <= size);
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_init(&bytes, &(Fmp4Init){.tracks = {info.tracks[0], info.tracks[1]},
                                        .footage = info.footage,
                                        .camera = info.camera,
                                        .stream = info.stream,
                                        .from_us = info.from_us});
    g_assert(fmp4_read_init(bytes.data, bytes.size, &again, &need) == FMP4_OK);
    for (Track track = 0; track < TRACKS; track++)
        g_assert(info.tracks[track] == again.tracks[track] ||
                 codec_params_equal(info.tracks[track], again.tracks[track]));
}

static void check_fragment(const uint8_t *data, size_t size)
{
    g_auto(Fmp4FragmentInfo) info = {0};
    g_auto(Fmp4FragmentInfo) again = {0};
    size_t need = 0;
    Fmp4Result result = fmp4_read_fragment(data, size, &info, &need);
    g_assert(result != FMP4_MORE || need > size);
    if (result != FMP4_OK)
        return;
    g_assert(info.head_bytes <= size && info.bytes >= info.head_bytes);
    Fmp4Fragment fragment = {.sequence = info.sequence, .prft_us = FMP4_NO_PRFT};
    uint64_t samples = 0;
    for (Track track = 0; track < TRACKS; track++) {
        const Fmp4ReadRun *run = &info.tracks[track];
        fragment.tracks[track] = (Fmp4Run){run->decode_time, run->samples, run->count};
        g_assert(run->offset + run->bytes <= info.bytes);
        samples += run->bytes;
    }
    if (samples >
        UINT32_MAX / 2) /* runs may overlap when they are read, not when they are written */
        return;
    g_auto(ByteWriter) bytes = {0};
    fmp4_write_fragment(&bytes, &fragment);
    g_assert(fmp4_read_fragment(bytes.data, bytes.size, &again, &need) == FMP4_OK);
    for (Track track = 0; track < TRACKS; track++) {
        g_assert(again.tracks[track].count == info.tracks[track].count);
        g_assert(again.tracks[track].bytes == info.tracks[track].bytes);
        g_assert(again.tracks[track].duration == info.tracks[track].duration);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_init(data, size);
    check_fragment(data, size);
    return 0;
}
