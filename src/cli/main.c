/* main.c — the program: one row a subcommand. */
#include "base/secret.h"
#include "cli/command.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static const Command commands[] = {
    {"serve", command_serve, "record the cameras and serve the app"},
    {"init", command_init, "make a data folder and its first account"},
    {"demo", command_demo, "a simulated commune of 27 locations and 32 cameras"},
    {"camera", command_camera, "add, list, edit, remove, probe cameras"},
    {"user", command_user, "add, list, disable accounts; set passwords"},
    {"token", command_token, "make tokens for programs that use the API"},
    {"clip", command_clip, "cut a clip out of the footage"},
    {"evidence", command_evidence, "make a sealed package of footage that anybody can check"},
    {"verify", command_verify, "check that footage and ledgers are unchanged"},
    {"catalog", command_catalog, "check, rebuild, back up the catalog"},
    {"doctor", command_doctor, "what is wrong with this installation"},
};

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    /* Camera passwords and keys lie in memory: never in a core dump. */
    prctl(PR_SET_DUMPABLE, 0);
    /* A few arenas, and memory given back: what is freed on one thread was taken on another. */
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    secret_init();
    json_wipe_freed();
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("vonglau " VONGLAU_VERSION);
        return EXIT_OK;
    }
    return command_dispatch("", commands, G_N_ELEMENTS(commands), argc - 1, argv + 1);
}
