#include "disk.h"

#include "../integration/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool disk_possible(const char **why)
{
    *why = access("/dev/fuse", R_OK | W_OK) != 0 ? "/dev/fuse is missing or closed"
           : geteuid() != 0                      ? "only root may mount"
           : !g_getenv("FAULT_FS")               ? "libfuse3-dev was not there at build time"
                                                 : NULL;
    return !*why;
}

static void expect_ok(Disk *disk)
{
    char line[16];
    g_assert(fgets(line, sizeof line, disk->answers) && strcmp(line, "ok\n") == 0);
}

void disk_put_back(Disk *disk)
{
    int in[2], out[2];
    const char *program = g_getenv("FAULT_FS");
    g_assert(program && pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    disk->pid = fork();
    g_assert(disk->pid >= 0);
    if (disk->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl(program, program, disk->store, disk->mount, NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    disk->commands = fdopen(in[1], "w");
    disk->answers = fdopen(out[0], "r");
    expect_ok(disk);
}

void disk_start(Disk *disk, const char *mount)
{
    *disk = (Disk){.store = temp_folder(), .mount = g_strdup(mount)};
    disk_put_back(disk);
}

void disk_is(Disk *disk, const char *mood)
{
    fprintf(disk->commands, "%s\n", mood);
    fflush(disk->commands);
    expect_ok(disk);
}

void disk_pull(Disk *disk)
{
    g_assert(umount2(disk->mount, MNT_DETACH) == 0);
    fclose(disk->commands);
    kill(disk->pid, SIGKILL); /* what is still open there gives errors from now on */
    waitpid(disk->pid, NULL, 0);
    fclose(disk->answers);
}

void disk_end(Disk *disk)
{
    disk_pull(disk);
    g_autofree char *kept = g_strconcat(disk->store, ".kept", NULL);
    remove_tree(disk->store);
    remove_tree(kept);
    g_free(disk->store);
    g_free(disk->mount);
}
