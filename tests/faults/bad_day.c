/* bad_day.c — preloaded into a server under test: a wall clock that can be set, and syncfs that
 * reaches fault_fs.c, or fails once when the file named by BAD_DAY_SYNC is there, and takes it
 * away.
 *
 * The file named by BAD_DAY_CLOCK holds an int64_t: by how many microseconds the wall clock is off.
 * It is added to what the program reads of CLOCK_REALTIME and to the kernel's receive times.
 *
 * BAD_DAY_PACE: for how many milliseconds the program rests behind each name of a file that it
 * changes or takes away, and behind each sync of one, so that a kill falls between two such steps.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { FUSE_MAGIC = 0x65735546 };

static const _Atomic int64_t nothing;
static const _Atomic int64_t *off_us = &nothing;

__attribute__((constructor)) static void find_clock(void)
{
    const char *path = getenv("BAD_DAY_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *memory = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (memory != MAP_FAILED)
        off_us = memory;
}

static void shift(struct timespec *at)
{
    int64_t us = (int64_t)at->tv_sec * 1000000 + at->tv_nsec / 1000 + atomic_load(off_us);
    long below = at->tv_nsec % 1000;
    at->tv_sec = us / 1000000;
    at->tv_nsec = us % 1000000 * 1000 + below;
}

int clock_gettime(clockid_t id, struct timespec *at)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int answer = real(id, at);
    if (answer == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        shift(at);
    return answer;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *at = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    static ssize_t (*real)(int, struct msghdr *, int);
    if (!real)
        real = (ssize_t(*)(int, struct msghdr *, int))dlsym(RTLD_NEXT, "recvmsg");
    ssize_t got = real(fd, message, flags);
    if (got < 0)
        return got;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part))
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS)
            shift((struct timespec *)(void *)CMSG_DATA(part));
    return got;
}

static bool fails_once(void)
{
    const char *path = getenv("BAD_DAY_SYNC");
    return path && unlink(path) == 0;
}

int syncfs(int fd)
{
    static int (*real)(int);
    struct statfs facts;
    if (fails_once()) {
        errno = EIO;
        return -1;
    }
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "syncfs");
    return fstatfs(fd, &facts) == 0 && facts.f_type == FUSE_MAGIC ? fsync(fd) : real(fd);
}

/* `answer`, and the errno of it, after a rest. */
static int paced(int answer)
{
    const char *pace = getenv("BAD_DAY_PACE");
    int saved = errno;
    if (pace)
        usleep((useconds_t)strtoul(pace, NULL, 10) * 1000);
    errno = saved;
    return answer;
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return paced(real(fd));
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return paced(real(fd));
}

int unlink(const char *path)
{
    static int (*real)(const char *);
    if (!real)
        real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    return paced(real(path));
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (!real)
        real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    return paced(real(from, to));
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    static int (*real)(int, const char *, int, const char *);
    if (!real)
        real = (int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");
    return paced(real(from_folder, from, to_folder, to));
}
