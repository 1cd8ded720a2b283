/* The value of one WWW-Authenticate header. */
#include "media/rtsp_auth.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static RtspItem item = {.kind = RTSP_RESPONSE, .status = 401, .header_count = 1};
    item.headers[0] = (RtspHeader){rtsp_text("WWW-Authenticate"), {(const char *)data, size}};
    RtspAuth auth = {0};
    if (rtsp_auth_choose(&item, &auth)) {
        g_autofree char *answer =
            rtsp_auth_answer(&auth, "user\"", "pass", "DESCRIBE", "rtsp://h/a", "0123");
        g_assert(answer && !strpbrk(answer, "\r\n"));
    }
    return 0;
}
