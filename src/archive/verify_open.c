/* Footage that has no seal yet: checked against the journal of the running, or killed, server. */
#include "archive/footage_scan.h"
#include "archive/good_run.h"
#include "archive/verify_check.h"

#include <string.h>

static void segment_journal_free(void *data)
{
    SegmentJournal *journal = data;
    g_array_unref(journal->records);
    g_free(journal);
}

static char *path_of(const char *volume_folder, const SegmentId *id)
{
    g_autofree char *file = segment_file_name(id);
    return segment_file_path(volume_folder, &id->camera, file);
}

static void record_take(Verify *verify, const char *volume_folder, const JournalRecord *record)
{
    g_autofree char *path = path_of(volume_folder, &record->segment);
    SegmentJournal *journal = g_hash_table_lookup(verify->journal, path);
    if (!journal) {
        journal = g_new0(SegmentJournal, 1);
        journal->id = record->segment;
        journal->records = g_array_new(FALSE, FALSE, sizeof(JournalRecord));
        g_hash_table_insert(verify->journal, g_steal_pointer(&path), journal);
    }
    g_array_append_val(journal->records, *record);
}

void verify_journal_load(Verify *verify, const char *volume_folder)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GArray) records = journal_load(volume_folder, &trouble);
    g_clear_pointer(&verify->journal, g_hash_table_unref);
    verify->journal = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, segment_journal_free);
    if (!records)
        verify_note(verify, "the journal cannot be read: %s", trouble->message);
    for (size_t i = 0; records && i < records->len; i++)
        record_take(verify, volume_folder, &g_array_index(records, JournalRecord, i));
}

/* What the journal says there should be: bytes up to the end of the last record, and its time. */
static int64_t journal_end(const SegmentJournal *journal, int64_t *to_us)
{
    int64_t end = 0;
    *to_us = journal->id.start_us;
    for (size_t i = 0; i < journal->records->len; i++) {
        const JournalRecord *record = &g_array_index(journal->records, JournalRecord, i);
        if (record->type == JOURNAL_GAP)
            continue;
        end = MAX(end, (int64_t)record->offset + record->bytes);
        *to_us = MAX(*to_us, record->to_us);
    }
    return end;
}

/* Whether what is good reaches as far as the file does, but for part of a fragment. */
static bool only_tail_lost(const SegmentJournal *journal, const GoodRun *run)
{
    for (size_t i = 0; i < journal->records->len; i++) {
        const JournalRecord *record = &g_array_index(journal->records, JournalRecord, i);
        if (record->type != JOURNAL_GAP && (int64_t)record->offset >= run->bytes)
            return (int64_t)record->offset + record->bytes > run->file_bytes;
    }
    return true;
}

static void open_check(Verify *verify, const char *path, const SegmentJournal *journal)
{
    g_autoptr(GError) trouble = NULL;
    g_auto(GoodRun) run = {0};
    int64_t to_us, end = journal_end(journal, &to_us);
    const Uuid *camera = &journal->id.camera;
    verify->report->open_segments++;
    if (!good_run_find(path, journal, &run, &trouble)) {
        verify_fault(verify, camera, journal->id.start_us, to_us, path, "%s", trouble->message);
        return;
    }
    int64_t good_us = run.pictures > 0 ? run.to_us : journal->id.start_us;
    if (run.bytes < end && only_tail_lost(journal, &run))
        verify_note(verify,
                    "%s: its last %" G_GINT64_FORMAT
                    " bytes are not on the disk, as after a power cut",
                    path, end - run.bytes);
    else if (run.bytes < end)
        verify_fault(verify, camera, good_us, to_us, path,
                     "not sealed yet, and from here on not what the journal says was written");
    verify_read(verify, run.bytes);
}

/* First and last time that a file tells of itself; 0 when it tells none. */
static void own_times(const char *path, int64_t *from_us, int64_t *to_us)
{
    g_autoptr(GArray) parts = footage_scan(path, NULL, NULL);
    *from_us = *to_us = 0;
    for (size_t i = 0; parts && i < parts->len; i++) {
        int64_t prft_us = g_array_index(parts, FootagePart, i).prft_us;
        if (prft_us == FOOTAGE_NO_TIME)
            continue;
        if (*from_us == 0)
            *from_us = prft_us;
        *to_us = prft_us;
    }
}

/* 1: it has been sealed since the seals were read, and is checked; 0: it has not; -1: told. */
static int sealed_meanwhile(Verify *verify, const CameraTarget *target, const char *file,
                            const char *path)
{
    g_autoptr(GError) trouble = NULL;
    g_auto(SegmentSeal) seal = {0};
    int found = seal_find(target->volume_folder, &target->camera, file, &seal, &trouble);
    if (found < 0)
        verify_fault(verify, &target->camera, 0, 0, path, "%s", trouble->message);
    else if (found > 0 && seal.entries)
        verify_segment(verify, path, &seal);
    return found;
}

void verify_unsealed(Verify *verify, const CameraTarget *target, const char *file)
{
    g_autofree char *path = segment_file_path(target->volume_folder, &target->camera, file);
    if (!g_hash_table_contains(verify->journal, path))
        verify_journal_load(verify, target->volume_folder);
    const SegmentJournal *journal = g_hash_table_lookup(verify->journal, path);
    if (journal) {
        open_check(verify, path, journal);
        return;
    }
    if (sealed_meanwhile(verify, target, file, path) != 0)
        return;
    int64_t from_us, to_us;
    own_times(path, &from_us, &to_us);
    verify_fault(verify, &target->camera, from_us, to_us, path,
                 "neither a seal nor the journal knows this file");
}
