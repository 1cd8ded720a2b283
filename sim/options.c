#include "options.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAMERAS_MOST = 999, UNSET = -1 };

static const char SUMMARY[] =
    "Simulated cameras: a real RTSP server whose pictures are numbered and recorded.\n"
    "\n"
    "Each camera has rtsp://HOST:PORT/camNN/main (1920x1080) and …/camNN/sub (640x360), 15 "
    "pictures\n"
    "a second. When all is ready one line of JSON is printed: ports, addresses, accounts. What "
    "was\n"
    "sent is told over HTTP: /cameras, /sent, /truth; POST /fault makes a camera misbehave.";

static const char NOTES[] = "Examples:\n"
                            "  vonglau-sim --cameras 8 --port 0 --http-port 0 --scene test\n"
                            "  vonglau-sim --footage street.mp4=cam03\n"
                            "  vonglau-sim --prepare-only\n";

static void set_defaults(Options *options)
{
    *options = (Options){.cameras = 32, .live = UNSET, .port = 8554, .http_port = UNSET};
}

static bool check_range(const char *option, int value, int least, int most, GError **error)
{
    return (value >= least && value <= most) ||
           err_set(error, ERR_INVALID, "%s %d: must be %d to %d", option, value, least, most);
}

static bool complete(Options *options, GError **error)
{
    if (options->http_port == UNSET)
        options->http_port = options->port ? options->port + 1 : 0;
    if (options->live == UNSET)
        options->live = options->cameras >= 4 ? 2 : 0;
    if (!options->bind)
        options->bind = g_strdup("127.0.0.1");
    if (!options->cache)
        options->cache = g_build_filename(g_get_user_cache_dir(), "vonglau-sim", NULL);
    if (!options->mix)
        options->mix = g_strdup("varied");
    if (options->scene && strcmp(options->scene, "test") != 0)
        return err_set(error, ERR_INVALID, "--scene ‘%s’: there is only ‘test’", options->scene);
    if (strcmp(options->mix, "varied") != 0 && strcmp(options->mix, "plain") != 0)
        return err_set(error, ERR_INVALID, "--mix ‘%s’: must be varied or plain", options->mix);
    return check_range("--cameras", options->cameras, 1, CAMERAS_MOST, error) &&
           check_range("--live", options->live, 0, options->cameras, error) &&
           check_range("--port", options->port, 0, 65535, error) &&
           check_range("--http-port", options->http_port, 0, 65535, error);
}

bool options_parse(Options *options, int *argc, char ***argv, GError **error)
{
    set_defaults(options);
    gboolean version = FALSE, prepare_only = FALSE;
    const GOptionEntry entries[] = {
        {"cameras", 0, 0, G_OPTION_ARG_INT, &options->cameras, "How many cameras (32)", "N"},
        {"live", 0, 0, G_OPTION_ARG_INT, &options->live,
         "How many of them, the last ones, are small and drawn as they run, with a true clock (2 "
         "of 4 or more)",
         "N"},
        {"port", 0, 0, G_OPTION_ARG_INT, &options->port, "RTSP port (8554); 0: a free one", "P"},
        {"http-port", 0, 0, G_OPTION_ARG_INT, &options->http_port,
         "HTTP port (RTSP port + 1); 0: a free one", "P"},
        {"bind", 0, 0, G_OPTION_ARG_STRING, &options->bind, "Address to listen on (127.0.0.1)",
         "ADDRESS"},
        {"cache", 0, 0, G_OPTION_ARG_FILENAME, &options->cache,
         "Folder that keeps the encoded scenes (~/.cache/vonglau-sim)", "DIR"},
        {"scene", 0, 0, G_OPTION_ARG_STRING, &options->scene,
         "‘test’: one short cheap scene for all, ready within seconds", "NAME"},
        {"mix", 0, 0, G_OPTION_ARG_STRING, &options->mix,
         "‘varied’ (default): codecs, sound, passwords; ‘plain’: H.264, no sound, no passwords",
         "MIX"},
        {"street", 0, 0, G_OPTION_ARG_FILENAME, &options->street,
         "A clip that some cameras show, as one more scene; not with --scene", "FILE"},
        {"footage", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->footage,
         "Show a clip of your own on a camera; may be repeated", "FILE=camNN"},
        {"commune", 0, 0, G_OPTION_ARG_FILENAME, &options->commune,
         "Names of the cameras, as sim/commune.json", "FILE"},
        {"prepare-only", 0, 0, G_OPTION_ARG_NONE, &prepare_only,
         "Make and cache the scenes, then end", NULL},
        {"truth", 0, 0, G_OPTION_ARG_FILENAME, &options->truth,
         "Write the sub streams of the drawn scenes and the cells that figures cover, then end",
         "DIR"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and end", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_summary(context, SUMMARY);
    g_option_context_set_description(context, NOTES);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (*argc > 1)
        return err_set(error, ERR_INVALID, "what is ‘%s’? See vonglau-sim --help", (*argv)[1]);
    if (version) {
        puts("vonglau-sim " VONGLAU_VERSION);
        exit(0);
    }
    options->prepare_only = prepare_only;
    return complete(options, error);
}

void options_clear(Options *options)
{
    g_free(options->bind);
    g_free(options->cache);
    g_free(options->street);
    g_free(options->scene);
    g_free(options->mix);
    g_strfreev(options->footage);
    g_free(options->commune);
    g_free(options->truth);
}
