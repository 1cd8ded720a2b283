/* command.h — what every subcommand shares: its row in the table, options, exit status. */
#pragma once

#include "base/error.h"
#include "base/json.h"

#include <glib.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef int (*CommandRun)(int argc, char **argv);

typedef struct Command {
    const char *name;
    CommandRun run;
    const char *summary;
} Command;

/* Parses the options in `entries` (GNU style, --help made from them). What is left in `argv` are
 * the arguments after the command's name. Returns false, with `*status` set, when the command is to
 * end here: after --help, or with one line on stderr. `synopsis`: "camera add --name N --url RTSP".
 */
bool command_options(const char *synopsis, const char *about, const GOptionEntry *entries,
                     int *argc, char ***argv, int *status);

/* One line on stderr: "vonglau: what, why, what to do". Returns the exit status for the error. */
int command_fail(const GError *error);
int command_usage(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Runs the row of `table` that argv[0] names; lists the table for --help or an unknown name. */
int command_dispatch(const char *group, const Command *table, size_t count, int argc, char **argv);

int command_serve(int argc, char **argv);
int command_init(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_camera(int argc, char **argv);
int command_user(int argc, char **argv);
int command_token(int argc, char **argv);
int command_clip(int argc, char **argv);
int command_evidence(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_catalog(int argc, char **argv);
int command_doctor(int argc, char **argv);
