#include "archive/journal.h"

#include "archive/journal_files.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    JOURNAL_FILE_BYTES = 1 << 20, /* then the next file begins: each can be dropped soon */
    APPEND_AT_ONCE = 256,         /* records encoded on the stack */
};

/* One file of this run: which segments keep it. */
typedef struct JournalFile {
    uint64_t number;
    GHashTable *segments; /* SegmentId, owned keys */
} JournalFile;

struct Journal {
    char *volume_path;
    int fd;       /* -1: the next append starts a file. Writer thread */
    int64_t size; /* of the file being written. Writer thread */
    pthread_mutex_t lock;
    GPtrArray *files; /* JournalFile, oldest first; guarded by lock */
    uint64_t first;   /* number of this run's first file, 0: none yet; guarded by lock */
    bool writing;     /* the newest file is being written; guarded by lock */
};

static void file_free(void *data)
{
    JournalFile *file = data;
    g_hash_table_unref(file->segments);
    g_free(file);
}

Journal *journal_open(const char *volume_path)
{
    Journal *journal = g_new0(Journal, 1);
    journal->volume_path = g_strdup(volume_path);
    journal->fd = -1;
    pthread_mutex_init(&journal->lock, NULL);
    journal->files = g_ptr_array_new_with_free_func(file_free);
    return journal;
}

static bool next_number(Journal *journal, uint64_t *number, GError **error)
{
    g_autoptr(GArray) numbers = journal_numbers(journal->volume_path, error);
    if (!numbers)
        return false;
    *number = numbers->len ? g_array_index(numbers, uint64_t, numbers->len - 1) + 1 : 1;
    return true;
}

static bool start_file(Journal *journal, GError **error)
{
    g_autofree char *folder = journal_folder(journal->volume_path);
    uint64_t number;
    if (mkdir(folder, 0750) < 0 && errno != EEXIST)
        return err_errno(error, errno, "cannot make folder %s", folder);
    if (!next_number(journal, &number, error))
        return false;
    g_autofree char *path = journal_file_path(journal->volume_path, number);
    journal->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0640);
    if (journal->fd < 0)
        return err_errno(error, errno, "cannot start journal %s", path);
    journal->size = 0;
    JournalFile *file = g_new(JournalFile, 1);
    *file = (JournalFile){
        number, g_hash_table_new_full(segment_id_hash, segment_id_equal_keys, g_free, NULL)};
    pthread_mutex_lock(&journal->lock);
    if (!journal->first)
        journal->first = number;
    g_ptr_array_add(journal->files, file);
    journal->writing = true;
    pthread_mutex_unlock(&journal->lock);
    return true;
}

/* Takes the files that keep nothing off the list, but for the one being written; their paths are
 * returned owned, to be removed without the lock. Called with the lock held. */
static GPtrArray *take_empty(Journal *journal)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = journal->files->len; i-- > 0;) {
        JournalFile *file = g_ptr_array_index(journal->files, i);
        bool newest = i + 1 == journal->files->len;
        if (g_hash_table_size(file->segments) > 0 || (newest && journal->writing))
            continue;
        g_ptr_array_add(paths, journal_file_path(journal->volume_path, file->number));
        g_ptr_array_remove_index(journal->files, i);
    }
    return paths;
}

static void remove_files(GPtrArray *paths)
{
    for (guint i = 0; i < paths->len; i++)
        unlink(g_ptr_array_index(paths, i));
    g_ptr_array_unref(paths);
}

static void end_file(Journal *journal)
{
    fd_clear(&journal->fd);
    pthread_mutex_lock(&journal->lock);
    journal->writing = false;
    GPtrArray *empty = take_empty(journal);
    pthread_mutex_unlock(&journal->lock);
    remove_files(empty);
}

void journal_close(Journal *journal)
{
    if (!journal)
        return;
    end_file(journal);
    g_ptr_array_unref(journal->files);
    pthread_mutex_destroy(&journal->lock);
    g_free(journal->volume_path);
    g_free(journal);
}

static void note_segments(Journal *journal, const JournalRecord *records, unsigned count)
{
    pthread_mutex_lock(&journal->lock);
    JournalFile *file = g_ptr_array_index(journal->files, journal->files->len - 1);
    for (unsigned i = 0; i < count; i++)
        if (!g_hash_table_contains(file->segments, &records[i].segment))
            g_hash_table_add(file->segments,
                             g_memdup2(&records[i].segment, sizeof records[i].segment));
    pthread_mutex_unlock(&journal->lock);
}

static bool append_some(Journal *journal, const JournalRecord *records, unsigned count,
                        GError **error)
{
    uint8_t bytes[APPEND_AT_ONCE * JOURNAL_RECORD_BYTES];
    for (unsigned i = 0; i < count; i++)
        journal_record_encode(&records[i], bytes + (size_t)i * JOURNAL_RECORD_BYTES);
    size_t size = (size_t)count * JOURNAL_RECORD_BYTES;
    if (!fd_write_all(journal->fd, bytes, size, error)) {
        g_prefix_error(error, "journal of %s: ", journal->volume_path);
        end_file(journal);
        return false;
    }
    journal->size += (int64_t)size;
    return true;
}

bool journal_append(Journal *journal, const JournalRecord *records, unsigned count, GError **error)
{
    if (journal->fd >= 0 && journal->size >= JOURNAL_FILE_BYTES)
        end_file(journal);
    if (journal->fd < 0 && !start_file(journal, error))
        return false;
    note_segments(journal, records, count);
    for (unsigned at = 0; at < count; at += APPEND_AT_ONCE)
        if (!append_some(journal, records + at, MIN(count - at, APPEND_AT_ONCE), error))
            return false;
    return true;
}

void journal_restart(Journal *journal)
{
    end_file(journal);
}

void journal_forget(Journal *journal, const SegmentId *segment)
{
    pthread_mutex_lock(&journal->lock);
    for (guint i = 0; i < journal->files->len; i++) {
        JournalFile *file = g_ptr_array_index(journal->files, i);
        g_hash_table_remove(file->segments, segment);
    }
    GPtrArray *empty = take_empty(journal);
    pthread_mutex_unlock(&journal->lock);
    remove_files(empty);
}

uint64_t journal_first(Journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    uint64_t first = journal->first ? journal->first : UINT64_MAX;
    pthread_mutex_unlock(&journal->lock);
    return first;
}
