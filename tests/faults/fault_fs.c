/* fault_fs.c — a disk that can lose its power, fill up, fail, turn read-only or be pulled.
 *
 * fault-fs STORE MOUNT: shows the folder STORE at MOUNT by libfuse3, in one thread. What is written
 * reaches STORE at once, but what stood there before is remembered until it is flushed: fsync of
 * the file, fsync of its folder for names, or syncfs for all. A power cut undoes the newest first
 * until nothing is left that was not flushed. Commands come on standard input, a line each, and are
 * answered by "ok": `cut` (from then on all calls fail; unmount, and STORE is what the disk kept),
 * `full`, `fail` (EIO of writes and flushes), `read-only`, `gone` (all calls fail), `slow` (each
 * write takes 1 s), `well`.
 *
 * The kernel tells a FUSE file system nothing of syncfs: bad_day.c, preloaded into the server,
 * makes it an fsync of the folder it is called on, and here an fsync of a folder with a volume.json
 * counts as a sync of all. fsync of a file also writes its name, as ext4 does.
 */
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

typedef enum Mood { WELL, FULL, FAIL, READ_ONLY, GONE, SLOW, MOODS } Mood;

enum { SLOW_WRITE_US = 1000000 };

static const char *const mood_names[MOODS] = {"well", "full", "fail", "read-only", "gone", "slow"};

/* How to take one change back. */
typedef enum UndoKind { UNDO_BYTES, UNDO_MADE, UNDO_MADE_FOLDER, UNDO_GONE, UNDO_MOVED } UndoKind;

typedef struct Undo {
    UndoKind kind;
    char *path, *other; /* of the store; `other`: where it was moved to, or is kept meanwhile */
    off_t size, offset; /* of the file before; where `bytes` stood */
    GBytes *bytes;
} Undo;

static char *store, *kept; /* folders */
static atomic_int mood;
static GQueue undos = G_QUEUE_INIT; /* oldest first; guarded by lock */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned kept_count;

static char *real(const char *path)
{
    return g_strconcat(store, path, NULL);
}

static void undo_free(void *data)
{
    Undo *undo = data;
    if (undo->kind == UNDO_GONE)
        unlink(undo->other);
    g_free(undo->path);
    g_free(undo->other);
    if (undo->bytes)
        g_bytes_unref(undo->bytes);
    g_free(undo);
}

static void remember(UndoKind kind, const char *path, const char *other)
{
    Undo *undo = g_new0(Undo, 1);
    *undo = (Undo){.kind = kind, .path = g_strdup(path), .other = g_strdup(other)};
    g_queue_push_tail(&undos, undo);
}

/* Bytes [offset, offset + size) and the length of the file as they are now. */
static void remember_bytes(int fd, const char *path, off_t offset, size_t size)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0)
        return;
    Undo *undo = g_new0(Undo, 1);
    *undo =
        (Undo){.kind = UNDO_BYTES, .path = g_strdup(path), .size = facts.st_size, .offset = offset};
    if (offset < facts.st_size) {
        size_t there = MIN(size, (size_t)(facts.st_size - offset));
        char *bytes = g_malloc(there);
        ssize_t got = pread(fd, bytes, there, offset);
        undo->bytes = g_bytes_new_take(bytes, got > 0 ? (gsize)got : 0);
    }
    g_queue_push_tail(&undos, undo);
}

static void take_back(const Undo *undo)
{
    switch (undo->kind) {
    case UNDO_BYTES: {
        int fd = open(undo->path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
            return;
        size_t size = 0;
        const void *bytes = undo->bytes ? g_bytes_get_data(undo->bytes, &size) : NULL;
        if (size > 0 && pwrite(fd, bytes, size, undo->offset) != (ssize_t)size)
            fprintf(stderr, "fault-fs: %s cannot be taken back\n", undo->path);
        if (ftruncate(fd, undo->size) != 0)
            fprintf(stderr, "fault-fs: %s cannot be cut back\n", undo->path);
        close(fd);
        return;
    }
    case UNDO_MADE:
        unlink(undo->path);
        return;
    case UNDO_MADE_FOLDER:
        rmdir(undo->path);
        return;
    case UNDO_GONE:
        (void)!rename(undo->other, undo->path);
        return;
    case UNDO_MOVED:
        (void)!rename(undo->other, undo->path);
        return;
    }
}

static void cut_power(void)
{
    pthread_mutex_lock(&lock);
    atomic_store(&mood, GONE);
    Undo *undo;
    while ((undo = g_queue_pop_tail(&undos))) {
        take_back(undo);
        undo_free(undo);
    }
    pthread_mutex_unlock(&lock);
}

/* Forgets what `keeps` says is on the disk now. */
static void flushed(bool (*on_disk)(const Undo *undo, const char *path), const char *path)
{
    for (GList *at = undos.head; at;) {
        GList *next = at->next;
        if (on_disk(at->data, path)) {
            undo_free(at->data);
            g_queue_delete_link(&undos, at);
        }
        at = next;
    }
}

static bool is_any(const Undo *undo, const char *path)
{
    return true;
}

static bool is_of_file(const Undo *undo, const char *path)
{
    return strcmp(undo->path, path) == 0 ||
           (undo->kind == UNDO_MOVED && strcmp(undo->other, path) == 0);
}

static bool is_name_in(const Undo *undo, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(undo->path);
    return undo->kind != UNDO_BYTES && strcmp(folder, path) == 0;
}

/* What a call answers in this mood: 0 or -errno. */
static int answer(bool writes, bool grows)
{
    switch ((Mood)atomic_load(&mood)) {
    case GONE:
        return -EIO;
    case FULL:
        return grows ? -ENOSPC : 0;
    case FAIL:
        return writes ? -EIO : 0;
    case READ_ONLY:
        return writes ? -EROFS : 0;
    case WELL:
    case SLOW:
    case MOODS:
        return 0;
    }
    return 0;
}

static int outcome(int result)
{
    return result < 0 ? -errno : 0;
}

#define READS()                             \
    do {                                    \
        int refused = answer(false, false); \
        if (refused)                        \
            return refused;                 \
    } while (0)
#define WRITES(grows)                      \
    do {                                   \
        int refused = answer(true, grows); \
        if (refused)                       \
            return refused;                \
    } while (0)

static int fs_getattr(const char *path, struct stat *facts, struct fuse_file_info *file)
{
    READS();
    if (file)
        return outcome(fstat((int)file->fh, facts));
    g_autofree char *at = real(path);
    return outcome(lstat(at, facts));
}

static int fs_readdir(const char *path, void *to, fuse_fill_dir_t fill, off_t offset,
                      struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
    READS();
    g_autofree char *at = real(path);
    DIR *folder = opendir(at);
    struct dirent *entry;
    if (!folder)
        return -errno;
    while ((entry = readdir(folder)))
        fill(to, entry->d_name, NULL, 0, 0);
    closedir(folder);
    return 0;
}

static int fs_mkdir(const char *path, mode_t mode)
{
    WRITES(true);
    g_autofree char *at = real(path);
    if (mkdir(at, mode) != 0)
        return -errno;
    pthread_mutex_lock(&lock);
    remember(UNDO_MADE_FOLDER, at, NULL);
    pthread_mutex_unlock(&lock);
    return 0;
}

/* Sockets, which a power cut may leave. */
static int fs_mknod(const char *path, mode_t mode, dev_t device)
{
    WRITES(true);
    g_autofree char *at = real(path);
    return outcome(mknod(at, mode, device));
}

/* Keeps what is to go aside, for the case that the power is cut. */
static void set_aside(const char *path)
{
    g_autofree char *aside = g_strdup_printf("%s/%u", kept, kept_count++);
    if (link(path, aside) == 0)
        remember(UNDO_GONE, path, aside);
}

static int fs_unlink(const char *path)
{
    WRITES(false);
    g_autofree char *at = real(path);
    pthread_mutex_lock(&lock);
    set_aside(at);
    int done = outcome(unlink(at));
    pthread_mutex_unlock(&lock);
    return done;
}

static int fs_rmdir(const char *path)
{
    WRITES(false);
    g_autofree char *at = real(path);
    return outcome(rmdir(at));
}

static int fs_rename(const char *from, const char *to, unsigned flags)
{
    WRITES(false);
    g_autofree char *old = real(from), *fresh = real(to);
    pthread_mutex_lock(&lock);
    if (!(flags & RENAME_NOREPLACE) && access(fresh, F_OK) == 0)
        set_aside(fresh);
    int done = outcome(renameat2(AT_FDCWD, old, AT_FDCWD, fresh, flags));
    if (done == 0)
        remember(UNDO_MOVED, old, fresh);
    pthread_mutex_unlock(&lock);
    return done;
}

static int fs_open(const char *path, struct fuse_file_info *file)
{
    bool writes = (file->flags & O_ACCMODE) != O_RDONLY;
    int refused = answer(writes, false);
    if (refused)
        return refused;
    g_autofree char *at = real(path);
    int flags = file->flags & ~(O_APPEND | O_CREAT | O_EXCL | O_TRUNC);
    if (writes)
        flags = (flags & ~O_ACCMODE) | O_RDWR; /* what is overwritten is read first */
    int fd = open(at, flags | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    file->fh = (uint64_t)fd;
    return 0;
}

static int fs_create(const char *path, mode_t mode, struct fuse_file_info *file)
{
    WRITES(true);
    g_autofree char *at = real(path);
    int fd = open(at, O_RDWR | O_CREAT | (file->flags & O_EXCL) | O_CLOEXEC, mode);
    if (fd < 0)
        return -errno;
    pthread_mutex_lock(&lock);
    remember(UNDO_MADE, at, NULL);
    pthread_mutex_unlock(&lock);
    file->fh = (uint64_t)fd;
    return 0;
}

static int fs_read(const char *path, char *to, size_t size, off_t offset,
                   struct fuse_file_info *file)
{
    READS();
    ssize_t got = pread((int)file->fh, to, size, offset);
    return got < 0 ? -errno : (int)got;
}

static int fs_write(const char *path, const char *bytes, size_t size, off_t offset,
                    struct fuse_file_info *file)
{
    WRITES(true);
    g_autofree char *at = real(path);
    if (atomic_load(&mood) == SLOW)
        g_usleep(SLOW_WRITE_US);
    pthread_mutex_lock(&lock);
    bool gone = atomic_load(&mood) == GONE; /* by now */
    if (!gone)
        remember_bytes((int)file->fh, at, offset, size);
    ssize_t done = gone ? -1 : pwrite((int)file->fh, bytes, size, offset);
    int code = gone ? EIO : errno;
    pthread_mutex_unlock(&lock);
    return done < 0 ? -code : (int)done;
}

static int fs_truncate(const char *path, off_t size, struct fuse_file_info *file)
{
    WRITES(false);
    g_autofree char *at = real(path);
    int fd = open(at, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    pthread_mutex_lock(&lock);
    remember_bytes(fd, at, size, SIZE_MAX);
    int done = outcome(ftruncate(fd, size));
    pthread_mutex_unlock(&lock);
    close(fd);
    return done;
}

static int fs_fsync(const char *path, int data_only, struct fuse_file_info *file)
{
    WRITES(false);
    g_autofree char *at = real(path);
    pthread_mutex_lock(&lock);
    flushed(is_of_file, at);
    pthread_mutex_unlock(&lock);
    return 0;
}

static int fs_fsyncdir(const char *path, int data_only, struct fuse_file_info *file)
{
    WRITES(false);
    g_autofree char *at = real(path), *volume = g_build_filename(at, "volume.json", NULL);
    pthread_mutex_lock(&lock);
    flushed(access(volume, F_OK) == 0 ? is_any : is_name_in, at);
    pthread_mutex_unlock(&lock);
    return 0;
}

static int fs_release(const char *path, struct fuse_file_info *file)
{
    close((int)file->fh);
    return 0;
}

static int fs_statfs(const char *path, struct statvfs *facts)
{
    READS();
    return outcome(statvfs(store, facts));
}

static int fs_chmod(const char *path, mode_t mode, struct fuse_file_info *file)
{
    WRITES(false);
    g_autofree char *at = real(path);
    return outcome(chmod(at, mode));
}

static int fs_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *file)
{
    WRITES(false);
    g_autofree char *at = real(path);
    return outcome(utimensat(AT_FDCWD, at, times, 0));
}

/* Nothing may be remembered by the kernel: moods change behind its back. */
static void *fs_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
    config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
    config->hard_remove = 1;
    return NULL;
}

static const struct fuse_operations operations = {
    .init = fs_init,
    .getattr = fs_getattr,
    .readdir = fs_readdir,
    .mkdir = fs_mkdir,
    .mknod = fs_mknod,
    .unlink = fs_unlink,
    .rmdir = fs_rmdir,
    .rename = fs_rename,
    .open = fs_open,
    .create = fs_create,
    .read = fs_read,
    .write = fs_write,
    .truncate = fs_truncate,
    .fsync = fs_fsync,
    .fsyncdir = fs_fsyncdir,
    .release = fs_release,
    .statfs = fs_statfs,
    .chmod = fs_chmod,
    .utimens = fs_utimens,
};

static void *obey(void *fuse)
{
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        g_strchomp(line);
        if (strcmp(line, "cut") == 0)
            cut_power();
        for (int i = 0; i < MOODS; i++)
            if (strcmp(line, mood_names[i]) == 0)
                atomic_store(&mood, i);
        puts("ok");
        fflush(stdout);
    }
    fuse_exit(fuse);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: fault-fs STORE MOUNT\n", stderr);
        return 2;
    }
    umask(0);
    store = g_strdup(argv[1]);
    kept = g_strconcat(store, ".kept", NULL);
    g_mkdir_with_parents(kept, 0700);
    char *options[] = {argv[0], (char *)"-ofsname=fault-fs,default_permissions", NULL};
    struct fuse_args arguments = FUSE_ARGS_INIT(2, options);
    struct fuse *fuse = fuse_new(&arguments, &operations, sizeof operations, NULL);
    if (!fuse || fuse_mount(fuse, argv[2]) != 0)
        return 1;
    pthread_t thread;
    pthread_create(&thread, NULL, obey, fuse);
    puts("ok");
    fflush(stdout);
    int status = fuse_loop(fuse);
    fuse_unmount(fuse);
    return status != 0;
}
