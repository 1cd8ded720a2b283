/* The reading half of jsonl.h. */
#include "base/error.h"
#include "base/file.h"
#include "ledger/jsonl.h"
#include "ledger/line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

/* Forward, the buffer holds what was read but not given out, [start, end) of it, and `offset` is
 * where in the file the next read begins. Backward, it holds the file's bytes from `offset` on to
 * the end of the line to be given out next. */
struct JsonlReader {
    char *path;
    int fd;
    bool back;
    bool tail_seen; /* backward: the torn tail is known and skipped */
    char *buffer;
    size_t start, end, room;
    int64_t offset;
    unsigned number;
    size_t torn;
};

static JsonlReader *reader_open(const char *path, bool back, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode)) {
        err_errno(error, fd < 0 ? errno : EINVAL, "cannot read %s", path);
        fd_clear(&fd);
        return NULL;
    }
    JsonlReader *reader = g_new0(JsonlReader, 1);
    reader->path = g_strdup(path);
    reader->fd = fd;
    reader->back = back;
    reader->offset = back ? facts.st_size : 0;
    return reader;
}

JsonlReader *jsonl_reader_open(const char *path, GError **error)
{
    return reader_open(path, false, error);
}

JsonlReader *jsonl_reader_open_back(const char *path, GError **error)
{
    return reader_open(path, true, error);
}

JsonlReader *jsonl_reader_open_before(const char *path, int64_t end, GError **error)
{
    JsonlReader *reader = reader_open(path, true, error);
    if (reader)
        reader->offset = CLAMP(end, 0, reader->offset);
    return reader;
}

void jsonl_reader_close(JsonlReader *reader)
{
    if (!reader)
        return;
    fd_clear(&reader->fd);
    g_free(reader->buffer);
    g_free(reader->path);
    g_free(reader);
}

unsigned jsonl_reader_number(const JsonlReader *reader)
{
    return reader->back ? 0 : reader->number;
}

int64_t jsonl_reader_begin(const JsonlReader *reader)
{
    return reader->offset + (int64_t)reader->end;
}

size_t jsonl_reader_torn(const JsonlReader *reader)
{
    return reader->torn;
}

static int too_long(const JsonlReader *reader, GError **error)
{
    err_set(error, ERR_CORRUPT, "%s: a line is over %d bytes long", reader->path, LINE_MOST_BYTES);
    return -1;
}

static void make_room(JsonlReader *reader, size_t bytes)
{
    if (reader->end + bytes <= reader->room)
        return;
    reader->room = MAX(reader->room * 2, reader->end + bytes);
    reader->buffer = g_realloc(reader->buffer, reader->room);
}

/* 1: there is more in the buffer; 0: the file ends here; -1: error. */
static int read_on(JsonlReader *reader, GError **error)
{
    memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    make_room(reader, CHUNK);
    ssize_t got = pread(reader->fd, reader->buffer + reader->end, CHUNK, reader->offset);
    if (got < 0) {
        err_errno(error, errno, "cannot read %s", reader->path);
        return -1;
    }
    reader->offset += got;
    reader->end += (size_t)got;
    return got > 0;
}

static int next_forward(JsonlReader *reader, const char **line, size_t *size, GError **error)
{
    make_room(reader, CHUNK);
    size_t looked_at = 0; /* bytes from start that hold no newline */
    for (;;) {
        char *from = reader->buffer + reader->start;
        size_t waiting = reader->end - reader->start;
        char *newline = memchr(from + looked_at, '\n', waiting - looked_at);
        if (newline) {
            *newline = '\0';
            *line = from;
            *size = (size_t)(newline - from);
            reader->start += *size + 1;
            reader->number++;
            return *size > LINE_MOST_BYTES ? too_long(reader, error) : 1;
        }
        if (waiting > LINE_MOST_BYTES)
            return too_long(reader, error);
        looked_at = waiting;
        int more = read_on(reader, error);
        if (more < 0)
            return -1;
        if (more == 0) {
            reader->torn = waiting;
            return 0;
        }
    }
}

/* Puts the bytes before the buffer's in front of it. */
static bool read_before(JsonlReader *reader, GError **error)
{
    size_t part = (size_t)MIN(reader->offset, CHUNK);
    make_room(reader, part);
    memmove(reader->buffer + part, reader->buffer, reader->end);
    ssize_t got = pread(reader->fd, reader->buffer, part, reader->offset - (int64_t)part);
    if (got != (ssize_t)part)
        return err_errno(error, got < 0 ? errno : EIO, "cannot read %s", reader->path);
    reader->end += part;
    reader->offset -= (int64_t)part;
    return true;
}

/* Where the last newline of the buffer's first `size` bytes stands + 1; 0 when there is none up to
 * the front of the file; -1 on error. Reads more of the file as it must; `size` counts from the
 * buffer's end, as `from_end` bytes that are left out. */
static int64_t newline_before(JsonlReader *reader, size_t from_end, GError **error)
{
    for (size_t clean = 0;;) {
        size_t size = reader->end - MIN(from_end, reader->end);
        const char *newline = size > clean ? memrchr(reader->buffer, '\n', size - clean) : NULL;
        if (newline)
            return newline - reader->buffer + 1;
        if (reader->offset == 0)
            return 0;
        if (size > LINE_MOST_BYTES)
            return too_long(reader, error);
        clean = size;
        if (!read_before(reader, error))
            return -1;
    }
}

static bool skip_tail(JsonlReader *reader, GError **error)
{
    int64_t whole = newline_before(reader, 0, error);
    if (whole < 0)
        return false;
    reader->torn = reader->end - (size_t)whole;
    reader->end = (size_t)whole;
    reader->tail_seen = true;
    return true;
}

static int next_back(JsonlReader *reader, const char **line, size_t *size, GError **error)
{
    if (!reader->tail_seen && !skip_tail(reader, error))
        return -1;
    if (reader->end == 0 && reader->offset == 0)
        return 0;
    if (reader->end == 0 && !read_before(reader, error))
        return -1;
    int64_t start = newline_before(reader, 1, error);
    if (start < 0)
        return -1;
    reader->buffer[reader->end - 1] = '\0';
    *line = reader->buffer + start;
    *size = reader->end - 1 - (size_t)start;
    reader->end = (size_t)start;
    return *size > LINE_MOST_BYTES ? too_long(reader, error) : 1;
}

int jsonl_next(JsonlReader *reader, const char **line, size_t *size, GError **error)
{
    return reader->back ? next_back(reader, line, size, error)
                        : next_forward(reader, line, size, error);
}
