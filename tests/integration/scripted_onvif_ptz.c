#include "scripted_onvif_ptz.h"

#include <string.h>

#define DONE(what) "<" what "Response/>"

static const char *space(bool there, const char *name)
{
    return there ? name : "";
}

static char *told_nodes(const OnvifScript *script)
{
    return g_strdup_printf(
        "<z:GetNodesResponse xmlns:z=\"z\"><z:PTZNode token=\"n\"><z:SupportedPTZSpaces>%s%s"
        "</z:SupportedPTZSpaces></z:PTZNode></z:GetNodesResponse>",
        space(!script->zoom_only, "<z:ContinuousPanTiltVelocitySpace/>"),
        space(!script->pan_only, "<z:ContinuousZoomVelocitySpace/>"));
}

/* The value of an attribute in the tag that `tag` begins; "-" without such a tag. Owned. */
static char *speed(const char *request, const char *tag, const char *name)
{
    const char *at = strstr(request, tag);
    g_autofree char *key = g_strdup_printf(" %s=\"", name);
    at = at ? strstr(at, key) : NULL;
    return at ? g_strndup(at + strlen(key), strcspn(at + strlen(key), "\"")) : g_strdup("-");
}

static char *move(const OnvifScript *script, const char *request, GString *steps)
{
    bool turns = strstr(request, "<PanTilt ") != NULL, zooms = strstr(request, "<Zoom ") != NULL;
    if ((turns && script->zoom_only) || (zooms && script->pan_only))
        return NULL;
    g_autofree char *pan = speed(request, "<PanTilt ", "x"),
                    *tilt = speed(request, "<PanTilt ", "y"), *zoom = speed(request, "<Zoom ", "x");
    g_string_append_printf(steps, "move %s %s %s\n", pan, tilt, zoom);
    return g_strdup(DONE("ContinuousMove"));
}

char *scripted_onvif_ptz(const OnvifScript *script, const char *request, GString *steps)
{
    if (strstr(request, "<GetNodes "))
        return told_nodes(script);
    if (strstr(request, "<GetPresets "))
        return g_strdup("<GetPresetsResponse><Preset token=\"1\"><Name>Cổng</Name></Preset>"
                        "<Preset token=\"\"/><Preset token=\"p 2\"/></GetPresetsResponse>");
    if (strstr(request, "<ContinuousMove "))
        return move(script, request, steps);
    if (strstr(request, "<Stop ")) {
        g_string_append(steps, "stop\n");
        return g_strdup(DONE("Stop"));
    }
    if (strstr(request, "<GotoPreset ")) {
        bool known = strstr(request, "<PresetToken>p 2</PresetToken>") != NULL;
        g_string_append(steps, known ? "go p 2\n" : "");
        return known ? g_strdup(DONE("GotoPreset")) : NULL;
    }
    return NULL;
}
