/* serve.h — running a node as a server until a signal ends it. */
#pragma once

#include "cli/node.h"

typedef struct ServeOptions {
    char *listen;             /* HOST:PORT; NULL: the configuration's, else the default */
    char *tls_cert, *tls_key; /* PEM files; NULL: by our own authority */
    gboolean no_tls, behind_proxy;
} ServeOptions;

/* Blocks the signals that end the server, for the threads to come: call first. */
void serve_block_signals(void);

/* Told once with the address people open and the file of our own authority's certificate (NULL:
 * none); false ends the server with `error`. */
typedef bool (*ServeStarted)(void *data, const char *url, const char *ca, GError **error);

/* Serves `node`, which was opened, until SIGINT, SIGTERM or SIGHUP; then stops all of it but the
 * node itself. What is wrong with the address is told before anything is recorded. */
bool serve_node(Node *node, const ServeOptions *options, ServeStarted started, void *data,
                GError **error);

/* Tells that phones need the certificate, and where it is; nothing for NULL. */
void serve_print_authority(const char *ca);

/* Folder of the app's files beside the program, or installed. Returns owned, or NULL. */
char *serve_web_dir(void);

/* verify.html among them, which goes into each evidence package. Returns owned, or NULL. */
char *serve_verify_page(void);
