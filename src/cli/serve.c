/* serve.c — `vonglau serve`: records the cameras and serves the app. */
#include "cli/serve.h"

#include "base/clock.h"
#include "base/log.h"
#include "catalog/care.h"
#include "cli/command.h"
#include "cli/daily_job.h"
#include "cli/init.h"
#include "cli/program.h"
#include "cli/report_job.h"
#include "http/control.h"
#include "http/server.h"
#include "live/replay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TICK_US = 1000000, ALIVE_US = 5000000 };

/* ---- what happens beside serving ---- */

typedef struct Backup {
    Catalog *catalog;
    char *path, *folder;
    int64_t now_us;
} Backup;

static void backup_job(void *data)
{
    Backup *backup = data;
    g_autoptr(GError) error = NULL;
    if (!catalog_backup(backup->path, backup->folder, backup->now_us, NULL, NULL, NULL, &error))
        log_error("catalog.backup", "cause=\"%s\"", error->message);
    if (g_error_matches(error, ERR, ERR_CORRUPT))
        catalog_tell_damaged(backup->catalog);
    g_free(backup->path);
    g_free(backup->folder);
    g_free(backup);
}

static void back_up(Node *node, int64_t now_us)
{
    Backup *backup = g_new(Backup, 1);
    *backup = (Backup){node->catalog, g_strdup(node->folder->catalog),
                       g_strdup(node->folder->backup), now_us};
    pool_run(node->pool, backup_job, backup, 0);
}

static void end_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

void serve_block_signals(void)
{
    sigset_t set;
    end_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* Ticks once a second until a signal asks to end. */
static void run_until_signal(Node *node)
{
    sigset_t set;
    end_signals(&set);
    int64_t next_backup_us = clock_mono_us() + HOUR_US, next_alive_us = 0;
    for (;;) {
        struct timespec tick = {.tv_sec = TICK_US / SECOND_US};
        int got = sigtimedwait(&set, NULL, &tick);
        if (got > 0) {
            log_info("server.stopping", "signal=%s", strsignal(got));
            return;
        }
        if (clock_tick())
            log_warning("clock.step",
                        "cause=\"the wall clock was set; runs of pictures begin anew\"");
        int64_t now = clock_now_us();
        daily_job_look(node, now);
        report_job_look(node);
        int64_t mono_us = clock_mono_us(); /* what is due does not wait for a clock set back */
        if (mono_us >= next_alive_us) {
            data_folder_alive(node->folder, now);
            next_alive_us = mono_us + ALIVE_US;
        }
        if (mono_us >= next_backup_us) {
            back_up(node, now);
            next_backup_us = mono_us + HOUR_US;
        }
    }
}

/* ---- serving ---- */

/* Many phones and many segments need many descriptors; more than this only costs tables. */
enum { DESCRIPTORS = 16384 };

static void take_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
        return;
    limit.rlim_cur = MIN(limit.rlim_max, DESCRIPTORS);
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

char *serve_web_dir(void)
{
    g_autofree char *index = program_file("web/dist/index.html", "web/index.html");
    return index ? g_path_get_dirname(index) : NULL;
}

char *serve_verify_page(void)
{
    return program_file("web/dist/verify.html", "web/verify.html");
}

/* "HOST:PORT", "[::1]:PORT". */
static bool split_listen(const char *listen, char **host, int *port, GError **error)
{
    const char *colon = strrchr(listen, ':');
    guint64 number;
    if (!colon || colon == listen ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &number, NULL))
        return err_set(error, ERR_INVALID, "‘%s’ is not HOST:PORT, such as 0.0.0.0:8443", listen);
    *port = (int)number;
    *host = listen[0] == '[' && colon[-1] == ']'
                ? g_strndup(listen + 1, (gsize)(colon - listen - 2))
                : g_strndup(listen, (gsize)(colon - listen));
    return true;
}

/* What can be told of --listen before the data folder is touched. */
static bool check_listen(const ServeOptions *options, GError **error)
{
    g_autofree char *host = NULL;
    HttpConfig http = {.no_tls = options->no_tls, .behind_proxy = options->behind_proxy};
    if (!options->listen)
        return true;
    if (!split_listen(options->listen, &host, &http.port, error))
        return false;
    http.host = host;
    return http_config_check(&http, error);
}

/* `host` is returned owned and lent to the result. */
static bool http_config(const Node *node, const ServeOptions *options, const char *web_dir,
                        char **host, HttpConfig *http, GError **error)
{
    const ConfigServer *server = &node->config->server;
    *http = (HttpConfig){
        .data_dir = node->folder->path,
        .cert_file = options->tls_cert ? options->tls_cert : server->tls_cert,
        .key_file = options->tls_key ? options->tls_key : server->tls_key,
        .no_tls = options->no_tls || server->no_tls,
        .behind_proxy = options->behind_proxy,
        .web_dir = web_dir,
    };
    if (!split_listen(options->listen ? options->listen : server->listen, host, &http->port, error))
        return false;
    http->host = *host;
    return http_config_check(http, error) && http_port_check(http, error);
}

bool serve_node(Node *node, const ServeOptions *options, ServeStarted started, void *data,
                GError **error)
{
    HttpConfig config;
    g_autofree char *host = NULL, *web_dir = serve_web_dir();
    if (!http_config(node, options, web_dir, &host, &config, error))
        return false;
    take_descriptors();
    if (!node_start(node, error))
        return false;
    g_autoptr(HttpServer) http = http_server_start(&config, &node->api, error);
    if (!http)
        return false;
    g_autoptr(ControlServer) control = control_server_start(node->folder->path, &node->api, error);
    if (!control)
        return false;
    log_info("server.started", "version=" VONGLAU_VERSION " address=%s", http_server_url(http));
    if (started && !started(data, http_server_url(http), http_server_ca(http), error))
        return false;
    run_until_signal(node);
    replay_stop(live_replay(node->live)); /* clients are not waited for */
    return true;
}

/* ---- the command ---- */

void serve_print_authority(const char *ca)
{
    if (ca)
        printf("Phones and browsers trust it once they have this certificate installed:\n"
               "  %s\n"
               "(also in the app, under Settings)\n",
               ca);
}

/* A password told once is told when the server stands, not before a start that fails. */
static bool tell_start(void *data, const char *url, const char *ca, GError **error)
{
    if (!init_first_admin(data, error))
        return false;
    printf("Vọng Lâu is at %s\n", url);
    serve_print_authority(ca);
    fflush(stdout);
    return true;
}

int command_serve(int argc, char **argv)
{
    g_autofree char *data = NULL, *config = NULL, *listen = NULL, *cert = NULL, *key = NULL;
    ServeOptions options = {0};
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder, made if it is missing", "DIR"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config,
         "YAML file (default DIR/config.yaml, if any)", "FILE"},
        {"listen", 0, 0, G_OPTION_ARG_STRING, &listen,
         "Address to listen on (default " CONFIG_LISTEN_DEFAULT ")", "HOST:PORT"},
        {"tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &cert, "Certificate chain (PEM)", "FILE"},
        {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Key of the certificate (PEM)", "FILE"},
        {"no-tls", 0, 0, G_OPTION_ARG_NONE, &options.no_tls,
         "Plain HTTP; only on loopback, or behind a proxy", NULL},
        {"behind-proxy", 0, 0, G_OPTION_ARG_NONE, &options.behind_proxy,
         "A proxy on this machine ends TLS: believe its X-Forwarded-For", NULL},
        {NULL}};
    int status;
    if (!command_options("serve --data DIR [--config FILE] [--listen HOST:PORT] [--tls-cert F "
                         "--tls-key F | --no-tls]",
                         "Records the cameras and serves the app until it is told to stop.",
                         entries, &argc, &argv, &status))
        return status;
    if (!data || argc > 1)
        return command_usage("serve needs --data DIR and nothing else; see vonglau serve --help");
    if (!cert != !key)
        return command_usage("--tls-cert and --tls-key go together");
    options.listen = listen;
    options.tls_cert = cert;
    options.tls_key = key;
    g_autoptr(GError) error = NULL;
    if (!check_listen(&options, &error))
        return command_usage("--listen: %s", error->message);
    serve_block_signals();
    Node node;
    bool served = node_open(&node, data, config, &error) &&
                  serve_node(&node, &options, tell_start, &node, &error);
    node_close(&node);
    return served ? EXIT_OK : command_fail(error);
}
