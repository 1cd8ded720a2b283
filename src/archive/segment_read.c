#include "archive/segment_read.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read at a time: holds the head of nearly every fragment (12 bytes a picture, 8 a frame of sound,
 * about 200 beside them). */
enum { HEAD_BYTES = 4096, INIT_BYTES = 4096 };

struct SegmentReader {
    int fd;
    char *path;
    int64_t valid_bytes;
    int64_t from_us;
    Fmp4InitInfo init;
    uint64_t at; /* where the next fragment begins */
    uint8_t *head;
    size_t head_room;
    Fmp4FragmentInfo fragment;
};

/* As many bytes as are there, at most `size`. */
static bool read_at(SegmentReader *reader, uint64_t at, size_t size, size_t *got, GError **error)
{
    if (size > reader->head_room) {
        reader->head = g_realloc(reader->head, size);
        reader->head_room = size;
    }
    uint64_t left = (uint64_t)reader->valid_bytes > at ? (uint64_t)reader->valid_bytes - at : 0;
    size_t want = MIN(size, left);
    *got = 0;
    while (*got < want) {
        ssize_t part = pread(reader->fd, reader->head + *got, want - *got, (off_t)(at + *got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return err_errno(error, errno, "cannot read %s", reader->path);
        if (part == 0)
            break;
        *got += (size_t)part;
    }
    return true;
}

static bool read_init(SegmentReader *reader, GError **error)
{
    size_t size = INIT_BYTES, got, need = 0;
    for (;;) {
        if (!read_at(reader, 0, size, &got, error))
            return false;
        Fmp4Result result = fmp4_read_init(reader->head, got, &reader->init, &need);
        if (result == FMP4_OK)
            break;
        if (result == FMP4_BAD || got < size)
            return err_set(error, ERR_CORRUPT,
                           "%s is not a footage file: its first %zu bytes are "
                           "no init part",
                           reader->path, got);
        size = need;
    }
    if (reader->init.footage && reader->init.format > FMP4_FORMAT)
        return err_set(error, ERR_VERSION,
                       "%s has footage format %u; this program knows %d: use a "
                       "newer one",
                       reader->path, reader->init.format, FMP4_FORMAT);
    reader->at = reader->init.bytes;
    return true;
}

SegmentReader *segment_reader_open(const char *path, int64_t valid_bytes, int64_t from_us,
                                   GError **error)
{
    g_autoptr(SegmentReader) reader = g_new0(SegmentReader, 1);
    reader->path = g_strdup(path);
    reader->fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (reader->fd < 0 || fstat(reader->fd, &facts) < 0) {
        err_errno(error, errno, "cannot read %s", path);
        return NULL;
    }
    reader->valid_bytes = valid_bytes > 0 ? MIN(valid_bytes, facts.st_size) : facts.st_size;
    if (!read_init(reader, error))
        return NULL;
    reader->from_us = from_us == SEGMENT_OWN_TIME ? reader->init.from_us : from_us;
    return g_steal_pointer(&reader);
}

void segment_reader_free(SegmentReader *reader)
{
    if (!reader)
        return;
    fd_clear(&reader->fd);
    fmp4_init_info_clear(&reader->init);
    fmp4_fragment_info_clear(&reader->fragment);
    g_free(reader->head);
    g_free(reader->path);
    g_free(reader);
}

const Fmp4InitInfo *segment_reader_init(const SegmentReader *reader)
{
    return &reader->init;
}

int64_t segment_reader_from_us(const SegmentReader *reader)
{
    return reader->from_us;
}

int segment_reader_fd(const SegmentReader *reader)
{
    return reader->fd;
}

int64_t segment_reader_bytes(const SegmentReader *reader)
{
    return reader->valid_bytes;
}

const uint8_t *segment_reader_head(const SegmentReader *reader)
{
    return reader->head;
}

void segment_reader_seek(SegmentReader *reader, uint64_t offset)
{
    reader->at = offset ? offset : reader->init.bytes;
}

bool segment_reader_next(SegmentReader *reader, const Fmp4FragmentInfo **fragment, uint64_t *offset,
                         GError **error)
{
    size_t size = HEAD_BYTES, got, need = 0;
    for (;;) {
        if (!read_at(reader, reader->at, size, &got, error))
            return false;
        Fmp4Result result = fmp4_read_fragment(reader->head, got, &reader->fragment, &need);
        if (result == FMP4_OK)
            break;
        if (result == FMP4_BAD) {
            err_set(error, ERR_CORRUPT, "%s is damaged: no fragment begins at byte %" PRIu64,
                    reader->path, reader->at);
            return false;
        }
        if (got < size) /* the end, or a fragment that is not whole yet */
            return false;
        size = need;
    }
    if (reader->at + reader->fragment.bytes > (uint64_t)reader->valid_bytes)
        return false;
    *fragment = &reader->fragment;
    *offset = reader->at;
    reader->at += reader->fragment.bytes;
    return true;
}

/* True, and told in the log, when `trouble` is one to pass over; else it goes to `error`. */
static bool pass_over(GError *trouble, GError **error)
{
    if (!g_error_matches(trouble, ERR, ERR_CORRUPT) &&
        !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, trouble);
        return false;
    }
    log_warning("segment.unreadable", "cause=\"%s\"", trouble->message);
    g_error_free(trouble);
    return true;
}

bool segment_reader_try(const char *path, int64_t valid_bytes, int64_t from_us,
                        SegmentReader **reader, GError **error)
{
    GError *trouble = NULL;
    *reader = segment_reader_open(path, valid_bytes, from_us, &trouble);
    return *reader || pass_over(trouble, error);
}

bool segment_reader_next_good(SegmentReader *reader, const Fmp4FragmentInfo **fragment,
                              uint64_t *offset, GError **error)
{
    GError *trouble = NULL;
    if (segment_reader_next(reader, fragment, offset, &trouble))
        return true;
    if (trouble)
        pass_over(trouble, error);
    return false;
}

int64_t segment_time_us(const SegmentReader *reader, Track track, int64_t ticks)
{
    const CodecParams *params = reader->init.tracks[track];
    int64_t scale = params ? params->timescale : VIDEO_TIMESCALE;
    return reader->from_us + ticks / scale * SECOND_US + ticks % scale * SECOND_US / scale;
}

/* Where a picture lies and when it is shown. */
typedef struct Found {
    bool any;
    uint64_t offset;
    uint32_t size;
    int64_t pts;
} Found;

/* True when a key picture later than `at_us` was met: the search is over. */
static bool look_for_key(const SegmentReader *reader, const Fmp4FragmentInfo *fragment,
                         uint64_t offset, int64_t at_us, Found *found)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    uint64_t at = offset + run->offset;
    int64_t dts = (int64_t)run->decode_time;
    for (unsigned i = 0; i < run->count; i++) {
        const Fmp4Sample *sample = &run->samples[i];
        int64_t pts = dts + sample->composition;
        if (sample->key) {
            bool late = segment_time_us(reader, TRACK_VIDEO, pts) > at_us;
            if (!late || !found->any)
                *found = (Found){true, at, sample->size, pts};
            if (late)
                return true;
        }
        at += sample->size;
        dts += sample->duration;
    }
    return false;
}

AccessUnit *segment_key_picture(SegmentReader *reader, int64_t at_us, GError **error)
{
    GError *trouble = NULL;
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    Found found = {0};
    segment_reader_seek(reader, 0);
    while (segment_reader_next(reader, &fragment, &offset, &trouble))
        if (look_for_key(reader, fragment, offset, at_us, &found))
            break;
    if (trouble) {
        g_propagate_error(error, trouble);
        return NULL;
    }
    CodecParams *params = reader->init.tracks[TRACK_VIDEO];
    if (!found.any || !params) {
        err_set(error, ERR_NOT_FOUND, "%s has no key picture", reader->path);
        return NULL;
    }
    size_t got;
    if (!read_at(reader, found.offset, found.size, &got, error))
        return NULL;
    if (got < found.size) {
        err_set(error, ERR_CORRUPT, "%s ends within a picture", reader->path);
        return NULL;
    }
    AccessUnit *unit = access_unit_new(params, TRACK_VIDEO, found.size);
    memcpy(unit->data, reader->head, found.size);
    unit->key = true;
    unit->pts = found.pts;
    unit->capture_us = segment_time_us(reader, TRACK_VIDEO, found.pts);
    unit->arrival_us = unit->capture_us;
    return unit;
}
