#include "archive/recovery.h"

#include "archive/good_run.h"
#include "archive/journal_files.h"
#include "archive/lost_files.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { ROUNDS_HOPEFUL = 3 };

struct Recovery {
    Store *store;
    Archive *archive; /* its */
    int64_t opened_wall_us;
    GArray *numbers;     /* uint64_t: journal files of earlier runs */
    GPtrArray *segments; /* SegmentJournal, in the order of their first records */
    guint next;
    GPtrArray *todo;   /* of `segments`, those of this round … */
    GPtrArray *failed; /* … and of the next; both borrowed */
    unsigned rounds;   /* that `todo` failed in */
    bool files_seen;   /* the search for unlisted files is done */
};

static void segment_journal_free(void *data)
{
    SegmentJournal *journal = data;
    g_array_unref(journal->records);
    g_free(journal);
}

static void group_records(Recovery *recovery, const GArray *records)
{
    g_autoptr(GHashTable) known = g_hash_table_new(segment_id_hash, segment_id_equal_keys);
    for (guint i = 0; i < records->len; i++) {
        const JournalRecord *record = &g_array_index(records, JournalRecord, i);
        SegmentJournal *journal = g_hash_table_lookup(known, &record->segment);
        if (!journal) {
            journal = g_new(SegmentJournal, 1);
            *journal =
                (SegmentJournal){record->segment, g_array_new(FALSE, FALSE, sizeof(JournalRecord))};
            g_ptr_array_add(recovery->segments, journal);
            g_hash_table_insert(known, &journal->id, journal);
        }
        g_array_append_val(journal->records, *record);
    }
}

Recovery *recovery_load(Store *store, int64_t opened_wall_us, GError **error)
{
    const char *volume_path = store->volume.path;
    uint64_t first = journal_first(store->journal);
    g_autoptr(GArray) numbers = journal_numbers(volume_path, error);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(JournalRecord));
    if (!numbers)
        return NULL;
    while (numbers->len && g_array_index(numbers, uint64_t, numbers->len - 1) >= first)
        g_array_set_size(numbers, numbers->len - 1);
    for (guint i = 0; i < numbers->len; i++) {
        g_autofree char *path = journal_file_path(volume_path, g_array_index(numbers, uint64_t, i));
        if (!journal_read_file(path, records, error))
            return NULL;
    }
    Recovery *recovery = g_new0(Recovery, 1);
    *recovery = (Recovery){.store = store,
                           .archive = store->archive,
                           .opened_wall_us = opened_wall_us,
                           .numbers = g_steal_pointer(&numbers),
                           .segments = g_ptr_array_new_with_free_func(segment_journal_free),
                           .todo = g_ptr_array_new(),
                           .failed = g_ptr_array_new()};
    group_records(recovery, records);
    g_ptr_array_extend(recovery->todo, recovery->segments, NULL, NULL);
    return recovery;
}

void recovery_free(Recovery *recovery)
{
    if (!recovery)
        return;
    g_array_unref(recovery->numbers);
    g_ptr_array_unref(recovery->todo);
    g_ptr_array_unref(recovery->failed);
    g_ptr_array_unref(recovery->segments);
    g_free(recovery);
}

void recovery_tell_ends(const Recovery *recovery)
{
    for (guint i = 0; i < recovery->segments->len; i++) {
        const SegmentJournal *journal = g_ptr_array_index(recovery->segments, i);
        Stream *stream = archive_stream(recovery->archive, &journal->id.camera, journal->id.stream);
        for (guint j = 0; j < journal->records->len; j++)
            stream->cursor_us =
                MAX(stream->cursor_us, g_array_index(journal->records, JournalRecord, j).to_us);
    }
}

static void tell_recovered(const SegmentJournal *journal, const char *file, const GoodRun *run)
{
    char camera[UUID_TEXT];
    log_info("archive.recovered",
             "camera=%s file=%s pictures=%" G_GINT64_FORMAT " bytes=%" G_GINT64_FORMAT
             " cut_bytes=%" G_GINT64_FORMAT,
             uuid_text(&journal->id.camera, camera), file, run->pictures, run->bytes,
             run->file_bytes - run->bytes);
}

/* The stream's footage of the last run ends at `end_us`, if no later segment says otherwise. */
static void note_end(Archive *archive, const SegmentJournal *journal, int64_t end_us)
{
    Stream *stream = archive_stream(archive, &journal->id.camera, journal->id.stream);
    pthread_mutex_lock(&archive->lock);
    stream->recovered_us = MAX(stream->recovered_us, end_us);
    pthread_mutex_unlock(&archive->lock);
}

static bool cut_and_seal(Recovery *recovery, Sealer *sealer, const SegmentJournal *journal,
                         const char *file, const char *path, GoodRun *run, GError **error)
{
    if (run->file_bytes > run->bytes && truncate(path, (off_t)run->bytes) < 0)
        return err_errno(error, errno, "cannot cut %s", path);
    SegmentSeal seal = {.volume = recovery->store->volume.id};
    g_strlcpy(seal.file, file, sizeof seal.file);
    good_run_describe(run, journal, &seal);
    tell_recovered(journal, file, run);
    return sealer_seal(sealer, path, &seal, false, error);
}

static bool recover(Recovery *recovery, Sealer *sealer, const SegmentJournal *journal,
                    GError **error)
{
    Archive *archive = recovery->archive;
    const char *volume_path = recovery->store->volume.path;
    g_autofree char *file = segment_file_name(&journal->id);
    g_autofree char *path = segment_file_path(volume_path, &journal->id.camera, file);
    g_auto(SegmentSeal) sealed = {0};
    int there = seal_find(volume_path, &journal->id.camera, file, &sealed, error);
    if (there < 0)
        return false;
    if (there > 0) {
        note_end(archive, journal, sealed.to_us);
        /* Retired since, perhaps: then the catalog has no place for it. */
        return sealed.entries ? sealer_enter(sealer, &sealed, error) : true;
    }
    g_auto(GoodRun) run = {0};
    if (!good_run_find(path, journal, &run, error))
        return false;
    note_end(archive, journal, run.pictures ? run.to_us : journal->id.start_us);
    if (run.pictures)
        return cut_and_seal(recovery, sealer, journal, file, path, &run, error);
    return run.file_bytes < 0 || lost_file_move(volume_path, &journal->id.camera, file, error);
}

static void drop_journals(Recovery *recovery)
{
    for (guint i = 0; i < recovery->numbers->len; i++) {
        g_autofree char *path = journal_file_path(recovery->store->volume.path,
                                                  g_array_index(recovery->numbers, uint64_t, i));
        unlink(path);
    }
}

/* What failed is the next round. */
static void begin_again(Recovery *recovery)
{
    GPtrArray *done = recovery->todo;
    recovery->todo = recovery->failed;
    recovery->failed = done;
    g_ptr_array_set_size(done, 0);
    recovery->next = 0;
    recovery->rounds++;
}

static RecoveryLeft left(const Recovery *recovery)
{
    if (recovery->next < recovery->todo->len || !recovery->files_seen)
        return RECOVERY_MORE;
    return recovery->failed->len > 0 ? RECOVERY_LATER : RECOVERY_DONE;
}

RecoveryLeft recovery_step(Recovery *recovery, Sealer *sealer, bool *hopeless)
{
    if (left(recovery) == RECOVERY_LATER)
        begin_again(recovery);
    if (recovery->next < recovery->todo->len) {
        SegmentJournal *journal = g_ptr_array_index(recovery->todo, recovery->next++);
        g_autoptr(GError) error = NULL;
        if (!recover(recovery, sealer, journal, &error)) {
            log_error("archive.recovery_failed", "error=\"%s\"", error->message);
            g_ptr_array_add(recovery->failed, journal);
        }
    } else if (!recovery->files_seen) {
        recovery->files_seen = true;
        lost_files_search(recovery->store, recovery->segments, recovery->opened_wall_us);
    }
    if (left(recovery) == RECOVERY_DONE)
        drop_journals(recovery);
    *hopeless = recovery->rounds + 1 >= ROUNDS_HOPEFUL;
    return left(recovery);
}
