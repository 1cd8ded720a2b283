/* Addresses as people write them, and as cameras do: the first line is the address, the second a
 * Content-Base, the third a control. */
#include "media/rtsp_url.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was made can be understood again, and stays as it is. */
static void check_clean(const char *text)
{
    g_autoptr(RtspUrl) again = rtsp_url_parse(text, NULL);
    if (!again)
        return; /* more than 4096 bytes after escaping */
    g_autofree char *twice = rtsp_url_text(again);
    g_assert(strcmp(twice, text) == 0 || strlen(text) > 4096 || again->user);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 3);
    g_autoptr(RtspUrl) url = lines[0] ? rtsp_url_parse(lines[0], NULL) : NULL;
    if (!url)
        return 0;
    g_autofree char *clean = rtsp_url_text(url);
    check_clean(clean);
    g_autofree char *base = rtsp_url_base(lines[1], clean);
    g_assert(!strpbrk(base, "\r\n"));
    g_autofree char *joined = rtsp_url_join(base, lines[1] && lines[2] ? lines[2] : "");
    g_assert(!strpbrk(joined, "\r\n"));
    return 0;
}
