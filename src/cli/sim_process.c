#include "cli/sim_process.h"

#include "base/file.h"
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_LINE_MOST = 256 * 1024 };

static char *find_program(GError **error)
{
    g_autofree char *folder = program_folder();
    g_autofree char *built = g_build_filename(folder, "sim/vonglau-sim", NULL);
    if (access(built, X_OK) == 0)
        return g_steal_pointer(&built);
    g_autofree char *beside = g_build_filename(folder, "vonglau-sim", NULL);
    if (access(beside, X_OK) == 0)
        return g_steal_pointer(&beside);
    char *found = g_find_program_in_path("vonglau-sim");
    if (!found)
        err_set(
            error, ERR_NOT_FOUND,
            "the demo needs vonglau-sim, which is not beside this program; ./dev build makes it");
    return found;
}

/* In the child, between fork and exec: async-signal-safe calls only. */
static void become(const char *program, char *const *argv, int out, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0); /* Ctrl-C ends us first, then we end it */
    if (getppid() != parent || dup2(out, STDOUT_FILENO) < 0)
        _exit(127);
    execv(program, argv);
    _exit(127);
}

static bool read_ready(SimProcess *sim, int out, GError **error)
{
    g_autofree char *line = g_malloc(READY_LINE_MOST);
    FILE *stream = fdopen(dup(out), "r");
    bool got = stream && fgets(line, READY_LINE_MOST, stream);
    if (stream)
        fclose(stream);
    if (!got)
        return err_set(error, ERR_UNAVAILABLE, "vonglau-sim ended before its cameras were ready");
    sim->ready = json_parse(line, strlen(line), error);
    return sim->ready != NULL;
}

bool sim_process_start(SimProcess *sim, const char *const *arguments, GError **error)
{
    *sim = (SimProcess){0};
    g_autofree char *program = find_program(error);
    if (!program)
        return false;
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, program);
    for (; *arguments; arguments++)
        g_ptr_array_add(argv, (void *)*arguments);
    g_ptr_array_add(argv, NULL);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_errno(error, errno, "cannot make a pipe");
    fd_auto int out = ends[0];
    pid_t parent = getpid();
    sim->pid = fork();
    if (sim->pid == 0)
        become(program, (char *const *)argv->pdata, ends[1], parent);
    close(ends[1]);
    if (sim->pid < 0)
        return err_errno(error, errno, "cannot start %s", program);
    if (read_ready(sim, out, error))
        return true;
    sim_process_stop(sim);
    return false;
}

void sim_process_stop(SimProcess *sim)
{
    if (sim->pid > 0) {
        kill(sim->pid, SIGTERM);
        waitpid(sim->pid, NULL, 0);
    }
    json_decref(sim->ready);
    *sim = (SimProcess){0};
}
