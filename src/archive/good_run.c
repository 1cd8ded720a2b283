#include "archive/good_run.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "media/fmp4_read.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20 };

typedef struct Search {
    const char *path;
    int fd;
    uint8_t *buffer; /* READ_BYTES; owned */
    Sha256 *hash;    /* owned */
    GArray *pending; /* SealGap told before the next fragment; owned */
} Search;

static void search_clear(Search *search)
{
    fd_clear(&search->fd);
    g_free(search->buffer);
    sha256_free(search->hash);
    if (search->pending)
        g_array_unref(search->pending);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

void good_run_clear(GoodRun *run)
{
    g_clear_pointer(&run->entries, g_array_unref);
    g_clear_pointer(&run->gaps, g_array_unref);
}

/* 1: the bytes are there as told; 0: they are not; -1: they cannot be read. */
static int bytes_hold(Search *search, const JournalRecord *record, GError **error)
{
    uint64_t at = record->offset, left = record->bytes;
    uint8_t hash[SHA256_BYTES];
    while (left > 0) {
        ssize_t got = pread(search->fd, search->buffer, MIN(left, READ_BYTES), (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        /* A damaged sector ends the good run; it must not keep what lies before it from its seal.
         */
        if (got < 0 && errno != EIO)
            return err_errno(error, errno, "cannot read %s", search->path) - 1;
        if (got <= 0)
            break;
        sha256_add(search->hash, search->buffer, (size_t)got);
        at += (uint64_t)got;
        left -= (uint64_t)got;
    }
    sha256_end(search->hash, hash);
    return left == 0 && memcmp(hash, record->hash, SHA256_BYTES) == 0;
}

static void describe_init(Search *search, const JournalRecord *record, GoodRun *run)
{
    g_autofree uint8_t *data = g_malloc(record->bytes);
    g_auto(Fmp4InitInfo) info = {0};
    size_t need;
    if (pread(search->fd, data, record->bytes, 0) != (ssize_t)record->bytes ||
        fmp4_read_init(data, record->bytes, &info, &need) != FMP4_OK)
        return;
    const CodecParams *video = info.tracks[TRACK_VIDEO], *audio = info.tracks[TRACK_AUDIO];
    if (video) {
        g_strlcpy(run->codec, video->rfc6381, sizeof run->codec);
        run->width = video->width;
        run->height = video->height;
    }
    if (audio)
        g_strlcpy(run->audio, audio->rfc6381, sizeof run->audio);
}

static void take_fragment(Search *search, const JournalRecord *record, GoodRun *run)
{
    run->pictures += record->pictures;
    run->to_us = MAX(run->to_us, record->to_us);
    g_array_append_vals(run->gaps, search->pending->data, search->pending->len);
    g_array_set_size(search->pending, 0);
}

static void note_gap(Search *search, const JournalRecord *record)
{
    SealGap gap = {record->from_us, record->to_us, record->cause};
    GArray *pending = search->pending;
    if (pending->len > 0) {
        const SealGap *newest = &g_array_index(pending, SealGap, pending->len - 1);
        if (newest->from_us == gap.from_us && newest->to_us == gap.to_us)
            return; /* journalled twice */
    }
    g_array_append_val(pending, gap);
}

/* Goes through the records; returns false on an I/O error only. */
static bool walk(Search *search, const SegmentJournal *journal, GoodRun *run, GError **error)
{
    for (guint i = 0; i < journal->records->len; i++) {
        const JournalRecord *record = &g_array_index(journal->records, JournalRecord, i);
        bool is_init = record->type == JOURNAL_INIT;
        if (record->type == JOURNAL_GAP) {
            note_gap(search, record);
            continue;
        }
        if (record->offset < (uint64_t)run->bytes)
            continue; /* journalled twice */
        if (record->offset > (uint64_t)run->bytes || is_init != (run->bytes == 0) ||
            record->bytes == 0)
            return true;
        int holds = bytes_hold(search, record, error);
        if (holds <= 0)
            return holds == 0;
        g_array_append_vals(run->entries, record->hash, 1);
        run->bytes += record->bytes;
        if (is_init)
            describe_init(search, record, run);
        else
            take_fragment(search, record, run);
    }
    return true;
}

bool good_run_find(const char *path, const SegmentJournal *journal, GoodRun *run, GError **error)
{
    *run = (GoodRun){.file_bytes = -1,
                     .to_us = journal->id.start_us,
                     .entries = g_array_new(FALSE, FALSE, sizeof(Hash)),
                     .gaps = g_array_new(FALSE, FALSE, sizeof(SealGap))};
    g_auto(Search) search = {.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
    struct stat facts;
    if (search.fd < 0 && errno == ENOENT)
        return true;
    if (search.fd < 0 || fstat(search.fd, &facts) < 0)
        return err_errno(error, errno, "cannot read %s", path);
    run->file_bytes = facts.st_size;
    search.buffer = g_malloc(READ_BYTES);
    search.hash = sha256_new();
    search.pending = g_array_new(FALSE, FALSE, sizeof(SealGap));
    return walk(&search, journal, run, error);
}

void good_run_describe(const GoodRun *run, const SegmentJournal *journal, SegmentSeal *seal)
{
    seal->camera = journal->id.camera;
    seal->stream = journal->id.stream;
    seal->from_us = journal->id.start_us;
    seal->to_us = run->to_us;
    seal->bytes = run->bytes;
    seal->pictures = run->pictures;
    g_strlcpy(seal->codec, run->codec, sizeof seal->codec);
    g_strlcpy(seal->audio, run->audio, sizeof seal->audio);
    seal->width = run->width;
    seal->height = run->height;
    seal->ntp_us = CLOCK_NTP_UNKNOWN;
    seal->recovered = true;
    seal->gap_count = run->gaps->len;
    seal->gaps = (SealGap *)(void *)run->gaps->data;
    seal->entry_count = run->entries->len;
    seal->entries = (Hash *)(void *)run->entries->data;
}
