#include "config/makes.h"

#include <glib.h>
#include <string.h>

/* As integrators of these makes commonly use them; none was tried on a device here. */
static const CameraMake makes[] = {
    {"hikvision", " hilook hiwatch ", "/Streaming/Channels/{c}01", "/Streaming/Channels/{c}02"},
    {"dahua", " amcrest kbvision ", "/cam/realmonitor?channel={c}&subtype=0",
     "/cam/realmonitor?channel={c}&subtype=1"},
    {"imou", "", "/cam/realmonitor?channel={c}&subtype=0",
     "/cam/realmonitor?channel={c}&subtype=1"},
    {"axis", "", "/axis-media/media.amp?camera={c}",
     "/axis-media/media.amp?camera={c}&resolution=640x360"},
    {"uniview", " unv ", "/unicast/c{c}/s0/live", "/unicast/c{c}/s1/live"},
    {"reolink", "", "/Preview_{cc}_main", "/Preview_{cc}_sub"},
    {"tp-link", " tplink tapo vigi ", "/stream1", "/stream2"},
    {"ezviz", "", "/h264/ch{c}/main/av_stream", "/h264/ch{c}/sub/av_stream"},
    {"onvif", " other ", NULL, NULL},
};

const CameraMake *camera_make_find(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    g_autofree char *word = g_strdup_printf(" %s ", lower);
    for (size_t i = 0; i < G_N_ELEMENTS(makes); i++)
        if (strcmp(lower, makes[i].name) == 0 || strstr(makes[i].others, word))
            return &makes[i];
    return NULL;
}

char *camera_make_names(void)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(makes); i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", makes[i].name);
    return g_string_free(out, FALSE);
}

char *camera_make_address(const CameraMake *make, const char *host, unsigned channel, bool sub)
{
    char one[12], two[12];
    g_snprintf(one, sizeof one, "%u", channel);
    g_snprintf(two, sizeof two, "%02u", channel);
    GString *out = g_string_new("rtsp://");
    g_string_append(out, host);
    g_string_append(out, sub ? make->sub_path : make->main_path);
    g_string_replace(out, "{cc}", two, 0);
    g_string_replace(out, "{c}", one, 0);
    return g_string_free(out, FALSE);
}
