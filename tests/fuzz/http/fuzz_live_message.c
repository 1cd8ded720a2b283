/* What a viewer may say over WS /live. */
#include "live/live.h"

#include <string.h>

static Hub *hub_of(void *data, Uuid camera, StreamKind kind)
{
    return camera.bytes[0] & 1 ? hub_new(camera, kind) : NULL;
}

static Json *state_of(void *data, Uuid camera)
{
    return json_object();
}

static bool may(void *data, const void *account, Uuid camera, bool listen)
{
    return camera.bytes[1] & 1;
}

static void viewed(void *data, const void *account, Uuid camera, LiveMark mark)
{
    *(int *)data += mark == LIVE_BEGINS ? 1 : mark == LIVE_ENDS ? -1 : 0;
}

static Uuid person(void *data, const void *account)
{
    return (Uuid){{0}};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int watching = 0;
    LiveSource source = {hub_of, state_of, may, viewed, person, &watching, 0, NULL};
    Live *live = live_new(&source, 16);
    LiveViewer *viewer = live_viewer_new(live, NULL, NULL);
    /* Messages, one a line. */
    for (const char *at = (const char *)data, *end = at + size; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);
        live_viewer_message(viewer, at, length);
        live_pump(live);
        at += length + 1;
    }
    bool binary;
    size_t bytes;
    for (Buffer *message; (message = live_viewer_next(viewer, &binary, &bytes));)
        buffer_unref(message);
    live_viewer_free(viewer);
    g_assert(watching == 0 && live_figures(live).streams == 0);
    live_free(live);
    return 0;
}
