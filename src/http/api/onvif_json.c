#include "http/api/onvif_json.h"

#include "base/error.h"

const char *onvif_trouble(const GError *error)
{
    return error->code == ERR_DENIED    ? "wrong-password"
           : error->code == ERR_INVALID ? "bad-address"
           : error->code == ERR_TIMEOUT ? "timeout"
                                        : "no-onvif";
}

static Json *stream_json(const OnvifStream *stream)
{
    if (!stream->url)
        return json_null();
    return json_pack("{s:s, s:s, s:i, s:i, s:f}", "url", stream->url, "encoding", stream->encoding,
                     "width", stream->width, "height", stream->height, "fps", stream->fps);
}

static Json *channel_json(const OnvifChannel *channel)
{
    return json_pack("{s:s, s:o, s:o, s:s?, s:b}", "name", channel->name, "main",
                     stream_json(&channel->main), "sub", stream_json(&channel->sub), "snapshot",
                     channel->snapshot, "ptz", channel->ptz);
}

Json *onvif_look_json(const OnvifLook *look)
{
    Json *channels = json_array();
    for (guint i = 0; i < look->channels->len; i++)
        json_array_append_new(channels, channel_json(look->channels->pdata[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o}", "address", look->address, "make",
                     look->device.make, "model", look->device.model, "firmware",
                     look->device.firmware, "serial", look->device.serial, "clock_offset_ms",
                     look->has_clock ? json_integer(look->clock_offset_us / 1000) : json_null(),
                     "clock_by_ntp", look->ntp, "channels", channels);
}

Json *onvif_found_json(const OnvifFound *found)
{
    const OnvifMatch *match = found->match;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "host", found->host, "address",
                     found->address, "make", match->make, "model", match->model, "name",
                     match->name, "location", match->location);
}
