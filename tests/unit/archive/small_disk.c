#include "small_disk.h"

#include "unit.h"

#include <fcntl.h>
#include <glib.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

static void put_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

void small_disk_mount(const char *folder)
{
    if (mount("tmpfs", folder, "tmpfs", 0, "size=4m") == 0)
        return;
    g_autofree char *users = g_strdup_printf("%u %u 1", getuid(), getuid());
    g_autofree char *groups = g_strdup_printf("%u %u 1", getgid(), getgid());
    assert_int_equal(unshare(CLONE_NEWUSER | CLONE_NEWNS), 0);
    put_text("/proc/self/setgroups",
             "deny"); /* before gid_map may be written, user_namespaces(7) */
    put_text("/proc/self/uid_map", users);
    put_text("/proc/self/gid_map", groups);
    assert_int_equal(mount("tmpfs", folder, "tmpfs", 0, "size=4m"), 0);
}

void small_disk_unmount(const char *folder)
{
    umount2(folder, MNT_DETACH);
    rmdir(folder);
}

void small_disk_fill(const char *folder, unsigned free_bytes)
{
    struct statvfs facts;
    assert_int_equal(statvfs(folder, &facts), 0);
    uint64_t room = facts.f_bavail * facts.f_frsize;
    assert_true(room > free_bytes);
    g_autofree char *path = g_build_filename(folder, "filler", NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(posix_fallocate(fd, 0, (off_t)(room - free_bytes)), 0);
    close(fd);
}
