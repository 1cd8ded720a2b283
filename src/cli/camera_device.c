#include "cli/camera_device.h"

#include "base/clock.h"
#include "cli/command.h"
#include "http/api/onvif_json.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_US (30 * SECOND_US)
#define WAIT_S_DEFAULT 4

static void print_json(Json *value)
{
    g_autoptr(Json) owned = value;
    g_autofree char *line = json_line(owned);
    puts(line);
}

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

/* ---- discover ---- */

static void print_found(const GPtrArray *found)
{
    for (guint i = 0; i < found->len; i++) {
        const OnvifFound *one = found->pdata[i];
        printf("%-15s  %-12s  %-20s  %s  %s\n", one->host, or_dash(one->match->make),
               or_dash(one->match->model), or_dash(one->match->name), one->address);
    }
}

int camera_discover(int argc, char **argv)
{
    g_autofree char *subnet = NULL;
    gboolean json = FALSE;
    int wait_s = WAIT_S_DEFAULT, status;
    const GOptionEntry entries[] = {
        {"subnet", 0, 0, G_OPTION_ARG_STRING, &subnet,
         "Ask each address of it, where multicast does not get to", "CIDR"},
        {"wait", 0, 0, G_OPTION_ARG_INT, &wait_s, "How long to listen", "SECONDS"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Answer as JSON", NULL},
        {NULL}};
    if (!command_options("camera discover [--subnet CIDR] [--wait SECONDS] [--json]",
                         "Looks for cameras and recorders that speak ONVIF: address, make, model, "
                         "name.",
                         entries, &argc, &argv, &status))
        return status;
    if (argc != 1 || wait_s < 1 || wait_s > 60)
        return command_usage("camera discover takes no words, and --wait of 1 to 60");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = onvif_discover(subnet, wait_s * SECOND_US, &error);
    if (!found)
        return command_fail(error);
    if (json) {
        Json *list = json_array();
        for (guint i = 0; i < found->len; i++)
            json_array_append_new(list, onvif_found_json(found->pdata[i]));
        print_json(list);
        return EXIT_OK;
    }
    print_found(found);
    if (found->len == 0)
        fputs("vonglau: no camera answered; ONVIF may be off in it, or it is in another network: "
              "try --subnet\n",
              stderr);
    return EXIT_OK;
}

/* ---- probe ---- */

static void print_stream(const char *word, const OnvifStream *stream)
{
    if (!stream->url)
        return;
    printf("%-9s %s  %s %d×%d", word, stream->url, stream->encoding, stream->width, stream->height);
    if (stream->fps > 0)
        printf(", %.3g pictures/s", stream->fps);
    putchar('\n');
}

static void print_clock(const OnvifLook *look)
{
    int64_t off_s = look->clock_offset_us / SECOND_US;
    if (!look->has_clock)
        puts("clock     not told");
    else
        printf("clock     %" G_GINT64_FORMAT " s %s ours%s\n", off_s < 0 ? -off_s : off_s,
               off_s < 0 ? "behind" : "ahead of", look->ntp ? ", set by NTP" : "");
}

static void print_look(const OnvifLook *look)
{
    printf("%s %s, firmware %s, serial number %s, at %s\n", or_dash(look->device.make),
           or_dash(look->device.model), or_dash(look->device.firmware),
           or_dash(look->device.serial), look->address);
    print_clock(look);
    for (guint i = 0; i < look->channels->len; i++) {
        const OnvifChannel *channel = look->channels->pdata[i];
        if (look->channels->len > 1)
            printf("channel %u: %s\n", i + 1, channel->name);
        print_stream("main", &channel->main);
        print_stream("sub", &channel->sub);
        if (channel->snapshot)
            printf("snapshot  %s\n", channel->snapshot);
        if (channel->ptz)
            puts("ptz       can be moved");
    }
}

int camera_probe_device(const char *address, const char *user, const char *password, bool json)
{
    g_autoptr(GError) error = NULL;
    g_auto(OnvifLook) look = {0};
    if (!onvif_look(address, user, password, LOOK_US, &look, &error))
        return command_fail(error);
    if (json)
        print_json(onvif_look_json(&look));
    else
        print_look(&look);
    return EXIT_OK;
}
