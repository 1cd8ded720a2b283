/* onvif_device.c — a scripted ONVIF device as a program, for tests that are no C: one camera that
 * can be moved, found on HOST, whose streams are MAIN and SUB. Prints its address, then what it is
 * told to do, a line each, until its input ends. */
#include "scripted_onvif.h"

#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 50 };

static bool input_goes_on(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    return poll(&input, 1, LOOK_MS) == 0 || read(STDIN_FILENO, &byte, 1) > 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: onvif-device HOST MAIN SUB\n", stderr);
        return 2;
    }
    const OnvifScript script = {.stream = argv[2], .sub_stream = argv[3], .ptz = true};
    ScriptedOnvif *device = scripted_onvif_new(argv[1], &script, true);
    puts(scripted_onvif_url(device));
    fflush(stdout);
    size_t told = 0;
    while (input_goes_on()) {
        g_autofree char *steps = scripted_onvif_steps(device);
        fputs(steps + told, stdout);
        fflush(stdout);
        told = strlen(steps);
    }
    scripted_onvif_free(device);
    return 0;
}
