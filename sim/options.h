/* options.h — what vonglau-sim was asked to do. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Options {
    int cameras, live;
    int port, http_port;
    char *bind;
    char *cache;
    char *scene;    /* NULL: all; "test": the short one */
    char *mix;      /* "varied" or "plain" */
    char *street;   /* a clip that is one of the scenes; NULL: none */
    char **footage; /* FILE=camNN …, NULL-terminated; NULL: none */
    char *commune;  /* file, or NULL */
    char *truth;    /* a folder to write the truth into, then end; or NULL */
    bool prepare_only;
} Options;

/* Reads the command line. False with `error` set for bad usage; `--help` and `--version` print and
 * exit. */
bool options_parse(Options *options, int *argc, char ***argv, GError **error);
void options_clear(Options *options);
