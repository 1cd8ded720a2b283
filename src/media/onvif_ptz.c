#include "media/onvif_ptz.h"

#include "media/soap.h"

#include <string.h>

#define SCHEMA "http://www.onvif.org/ver10/schema"

bool onvif_nodes_read(const XmlNode *content, bool *moves, bool *zooms, bool *turns)
{
    *moves = *zooms = *turns = false;
    if (!content || strcmp(xml_name(content), "GetNodesResponse") != 0)
        return false;
    const XmlNode *node = xml_at(content, "PTZNode");
    if (!node)
        return false;
    for (; node; node = xml_next(node)) {
        const XmlNode *spaces = xml_at(node, "SupportedPTZSpaces");
        *moves = *moves || xml_at(spaces, "ContinuousPanTiltVelocitySpace");
        *zooms = *zooms || xml_at(spaces, "ContinuousZoomVelocitySpace");
        *turns = *turns || xml_at(spaces, "AbsolutePanTiltPositionSpace") ||
                 xml_at(spaces, "RelativePanTiltTranslationSpace");
    }
    *turns = *turns || *moves;
    if (!*moves && !*zooms)
        *moves = *zooms = true;
    return true;
}

static void add_number(GString *out, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, " %s=\"%s\"", name,
                           g_ascii_formatd(text, sizeof text, "%.3f", value));
}

char *onvif_ask_move(const char *profile, double pan, double tilt, double zoom, int timeout_s)
{
    g_autofree char *token = soap_escape(profile);
    GString *out = g_string_new(NULL);
    g_string_append_printf(
        out, "<ContinuousMove xmlns=\"" ONVIF_PTZ_NS "\"><ProfileToken>%s</ProfileToken><Velocity>",
        token);
    if (pan < 0 || pan > 0 || tilt < 0 || tilt > 0) {
        g_string_append(out, "<PanTilt xmlns=\"" SCHEMA "\"");
        add_number(out, "x", pan);
        add_number(out, "y", tilt);
        g_string_append(out, "/>");
    }
    if (zoom < 0 || zoom > 0) {
        g_string_append(out, "<Zoom xmlns=\"" SCHEMA "\"");
        add_number(out, "x", zoom);
        g_string_append(out, "/>");
    }
    g_string_append_printf(out, "</Velocity><Timeout>PT%dS</Timeout></ContinuousMove>", timeout_s);
    return g_string_free(out, FALSE);
}

static char *ask(const char *what, const char *profile, const char *more)
{
    g_autofree char *token = soap_escape(profile);
    return g_strdup_printf("<%s xmlns=\"" ONVIF_PTZ_NS "\"><ProfileToken>%s</ProfileToken>%s</%s>",
                           what, token, more, what);
}

char *onvif_ask_stop(const char *profile)
{
    return ask("Stop", profile, "<PanTilt>true</PanTilt><Zoom>true</Zoom>");
}

char *onvif_ask_presets(const char *profile)
{
    return ask("GetPresets", profile, "");
}

char *onvif_ask_preset(const char *profile, const char *preset)
{
    g_autofree char *token = soap_escape(preset);
    g_autofree char *more = g_strconcat("<PresetToken>", token, "</PresetToken>", NULL);
    return ask("GotoPreset", profile, more);
}

void onvif_preset_free(OnvifPreset *preset)
{
    g_free(preset->token);
    g_free(preset->name);
    g_free(preset);
}

GPtrArray *onvif_presets_read(const XmlNode *content)
{
    if (!content || strcmp(xml_name(content), "GetPresetsResponse") != 0)
        return NULL;
    GPtrArray *presets = g_ptr_array_new_with_free_func((GDestroyNotify)onvif_preset_free);
    const XmlNode *node = xml_at(content, "Preset");
    for (; node && presets->len < ONVIF_PRESETS_MAX; node = xml_next(node)) {
        char *token = xml_attribute(node, "token");
        if (!token || !*token) {
            g_free(token);
            continue;
        }
        char *name = xml_text(node, "Name");
        OnvifPreset *preset = g_new(OnvifPreset, 1);
        *preset = (OnvifPreset){token, name ? name : g_strdup("")};
        g_ptr_array_add(presets, preset);
    }
    return presets;
}
