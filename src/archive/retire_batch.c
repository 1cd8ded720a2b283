#include "archive/retire_batch.h"

#include "archive/retention.h"
#include "archive/thumb_file.h"
#include "base/log.h"
#include "base/time_text.h"

#include <errno.h>
#include <unistd.h>

void retire_batch_clear(RetireBatch *batch)
{
    while (batch->count > 0)
        segment_row_free(batch->rows[--batch->count]);
}
void retire_batch_add(RetireBatch *batch, const SegmentRow *row)
{
    batch->rows[batch->count++] = segment_row_copy(row);
    batch->bytes += row->bytes;
}

/* What is marked already, before a stop or on a disk that was full, is passed over. */
static bool mark(CatalogDb *db, const SegmentRow *row, GError **error)
{
    GError *trouble = NULL;
    if (segments_retire(db, &row->camera, &row->volume, row->file, &trouble))
        return true;
    if (g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
        g_error_free(trouble);
        return true;
    }
    g_propagate_error(error, trouble);
    return false;
}

static bool mark_work(CatalogDb *db, void *data, GError **error)
{
    RetireBatch *batch = data;
    for (unsigned i = 0; i < batch->count; i++)
        if (!mark(db, batch->rows[i], error))
            return false;
    return true;
}

/* Marks them too: on a full disk that may have failed before. */
static bool forget_work(CatalogDb *db, void *data, GError **error)
{
    RetireBatch *batch = data;
    for (unsigned i = 0; i < batch->count; i++) {
        const SegmentRow *row = batch->rows[i];
        if (!mark(db, row, error) ||
            !segments_forget(db, &row->camera, &row->volume, row->file, error))
            return false;
    }
    return true;
}

/* No seal line: nothing of it may be deleted, but a row whose file is gone as well says nothing. */
static void forget_missing(Store *store, const RetireBatch *batch)
{
    for (unsigned i = 0; i < batch->count; i++) {
        SegmentRow *row = batch->rows[i];
        g_autofree char *path = segment_file_path(store->volume.path, &row->camera, row->file);
        RetireBatch one = {.rows = {row}, .count = 1};
        g_autoptr(GError) error = NULL;
        if (access(path, F_OK) < 0 && errno == ENOENT &&
            !catalog_write_wait(store->archive->catalog, forget_work, &one, &error))
            log_error("archive.retire_failed", "file=%s error=\"%s\"", path, error->message);
    }
}

static bool retire_seals(Store *store, Sealer *sealer, const RetireBatch *batch, const char *reason,
                         int64_t at_us, GError **error)
{
    const char *files[RETIRE_BATCH_MOST];
    for (unsigned i = 0; i < batch->count; i++)
        files[i] = batch->rows[i]->file;
    SealChain *chain = sealer_chain(sealer, &batch->rows[0]->camera, error);
    if (!chain)
        return false;
    GError *trouble = NULL;
    if (seal_chain_retire(chain, files, batch->count, reason, at_us, &trouble))
        return true;
    if (g_error_matches(trouble, ERR, ERR_NOT_FOUND))
        forget_missing(store, batch);
    g_propagate_error(error, trouble);
    return false;
}

/* Before the rows are forgotten: what a stop cuts off here is done again with them. */
static void tidy_thumbnails(const Store *store, const RetireBatch *batch)
{
    for (unsigned i = 0; i < batch->count; i++) {
        const SegmentRow *row = batch->rows[i];
        if (i > 0 && day_start_us(row->from_us) == day_start_us(batch->rows[i - 1]->from_us))
            continue;
        g_autofree char *path = segment_file_path(store->volume.path, &row->camera, row->file);
        g_autofree char *folder = g_path_get_dirname(path);
        thumb_files_tidy(folder);
    }
}

bool retire_batch_mark(Store *store, RetireBatch *batch, GError **error)
{
    GError *trouble = NULL;
    if (catalog_write_wait(store->archive->catalog, mark_work, batch, &trouble))
        return true;
    /* On a full disk the catalog cannot write either: footage goes first, and makes it room. */
    if (g_error_matches(trouble, ERR, ERR_FULL)) {
        g_error_free(trouble);
        return true;
    }
    g_propagate_error(error, trouble);
    return false;
}

/* Where the seal tells of the deletion already, the file is kept and nothing else can be. */
static bool put_back(Store *store, Sealer *sealer, const SegmentRow *row, GError **error)
{
    g_auto(SegmentSeal) seal = {0};
    int there = seal_find(store->volume.path, &row->camera, row->file, &seal, error);
    if (there > 0 && seal.entries)
        return sealer_enter(sealer, &seal, error);
    if (there >= 0)
        log_warning("archive.held_late", "file=%s", row->file);
    return there >= 0;
}

bool retire_batch_keep(Store *store, Sealer *sealer, RetireBatch *batch, const GArray *holds,
                       GError **error)
{
    unsigned left = 0;
    bool put = true;
    for (unsigned i = 0; i < batch->count; i++) {
        SegmentRow *row = batch->rows[i];
        if (holds && !holds_cover(holds, &row->camera, row->from_us, row->to_us)) {
            batch->rows[left++] = row;
            continue;
        }
        put = put && put_back(store, sealer, row, error);
        batch->bytes -= row->bytes;
        segment_row_free(row);
    }
    batch->count = left;
    return put;
}

bool retire_batch_delete(Store *store, Sealer *sealer, RetireBatch *batch, const char *reason,
                         int64_t at_us, GError **error)
{
    Archive *archive = store->archive;
    if (batch->count == 0)
        return true;
    if (!retire_seals(store, sealer, batch, reason, at_us, error))
        return false;
    tidy_thumbnails(store, batch);
    if (!catalog_write_wait(archive->catalog, forget_work, batch, error))
        return false;
    atomic_fetch_add(&archive->retired, batch->count);
    atomic_fetch_add(&archive->retired_bytes, (uint64_t)batch->bytes);
    return true;
}
