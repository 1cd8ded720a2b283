/* vonglau-sim — simulated cameras. See sim/README.md. */
#include "base/error.h"
#include "commune.h"
#include "ready.h"
#include "site.h"
#include "truth.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <libavutil/log.h>
#include <stdio.h>

static gboolean on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static void serve(const Site *site, const Options *options, const CameraPlan *plan)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGINT, on_signal, loop);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    ready_print(plan->cameras, options->bind, site_rtsp_port(site), site_http_port(site));
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}

static bool prepare(const Options *options, CameraPlan *plan, GError **error)
{
    return camera_plan_make(plan, options, error) &&
           (!options->commune || commune_name(plan->cameras, options->commune, error)) &&
           scenes_prepare(plan->scenes, options->cache, error);
}

static bool run(const Options *options, CameraPlan *plan, GError **error)
{
    if (!prepare(options, plan, error))
        return false;
    if (options->truth)
        return truth_write(plan->scenes, options->truth, error);
    if (options->prepare_only)
        return true;
    Site *site = site_start(options, plan, error);
    if (!site)
        return false;
    serve(site, options, plan);
    site_stop(site);
    return true;
}

/* 2: the command line makes no sense; 1: it could not be done. */
static int status_of(const GError *error)
{
    return g_error_matches(error, ERR, ERR_INVALID) || error->domain == G_OPTION_ERROR ? 2 : 1;
}

int main(int argc, char **argv)
{
    Options options = {0};
    CameraPlan plan = {0};
    g_autoptr(GError) error = NULL;
    av_log_set_level(AV_LOG_ERROR);
    gst_init(NULL, NULL);
    int status = 0;
    if (!options_parse(&options, &argc, &argv, &error) || !run(&options, &plan, &error)) {
        fprintf(stderr, "vonglau-sim: %s\n", error->message);
        status = status_of(error);
    }
    camera_plan_clear(&plan);
    options_clear(&options);
    return status;
}
