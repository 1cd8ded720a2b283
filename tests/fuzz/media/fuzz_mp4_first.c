/* Bytes as the box moov of a film that somebody sent: what is found lies within them. */
#include "media/mp4_first.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Mp4First first;
    if (mp4_first_picture(data, size, &first) &&
        (first.config < data || first.config + first.config_bytes > data + size ||
         first.config_bytes == 0))
        abort();
    return 0;
}
