#include "archive/sealer.h"

#include "archive/seal_rows.h"
#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct Sealer {
    Store *store;
    Archive *archive;   /* its */
    GHashTable *chains; /* Uuid → SealChain, both owned */
};

Sealer *sealer_new(Store *store)
{
    Sealer *sealer = g_new0(Sealer, 1);
    sealer->store = store;
    sealer->archive = store->archive;
    sealer->chains =
        g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, (GDestroyNotify)seal_chain_free);
    return sealer;
}

void sealer_free(Sealer *sealer)
{
    g_hash_table_unref(sealer->chains);
    g_free(sealer);
}

SealChain *sealer_chain(Sealer *sealer, const Uuid *camera, GError **error)
{
    SealChain *chain = g_hash_table_lookup(sealer->chains, camera);
    const Volume *volume = &sealer->store->volume;
    if (chain)
        return chain;
    chain = seal_chain_load(volume->path, volume->id, *camera, sealer->archive->key, error);
    if (chain)
        g_hash_table_insert(sealer->chains, g_memdup2(camera, sizeof *camera), chain);
    return chain;
}

static bool enter_work(CatalogDb *db, void *data, GError **error)
{
    return seal_enter(db, data, error);
}

bool sealer_enter(Sealer *sealer, const SegmentSeal *seal, GError **error)
{
    return catalog_write_wait(sealer->archive->catalog, enter_work, (void *)seal, error);
}

static bool sync_file(const char *path, GError **error)
{
    fd_auto int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return err_errno(error, errno, "cannot sync %s", path);
    g_autofree char *day = g_path_get_dirname(path);
    g_autofree char *camera = g_path_get_dirname(day);
    return folder_sync(day, error) && folder_sync(camera, error);
}

bool sealer_seal(Sealer *sealer, const char *path, SegmentSeal *seal, bool maybe_there,
                 GError **error)
{
    g_auto(SegmentSeal) found = {0};
    int there = maybe_there ? seal_find(sealer->store->volume.path, &seal->camera, seal->file,
                                        &found, error)
                            : 0;
    if (there < 0)
        return false;
    if (there > 0)
        return sealer_enter(sealer, &found, error);
    SealChain *chain = sealer_chain(sealer, &seal->camera, error);
    return chain && sync_file(path, error) && seal_chain_append(chain, seal, error) &&
           sealer_enter(sealer, seal, error);
}

/* Cuts the file to its good bytes. ERR_CORRUPT when it has fewer. */
static bool cut_file(const char *path, uint64_t good, GError **error)
{
    struct stat facts;
    if (stat(path, &facts) < 0)
        return err_errno(error, errno, "%s", path);
    if ((uint64_t)facts.st_size < good)
        return err_set(error, ERR_CORRUPT, "%s has lost bytes since it was written", path);
    if ((uint64_t)facts.st_size > good && truncate(path, (off_t)good) < 0)
        return err_errno(error, errno, "cannot cut %s", path);
    return true;
}

/* The gap since the last run begins where recovery found that run to end, which it may find late:
 * later gaps are none of its. */
static void mend_first_gap(Archive *archive, Segment *segment)
{
    pthread_mutex_lock(&archive->lock);
    int64_t end_us = segment->stream->recovered_us;
    segment->stream->recovered_us = 0;
    SealGap *gap = segment->gaps->len ? &g_array_index(segment->gaps, SealGap, 0) : NULL;
    if (gap && end_us && end_us < gap->from_us && gap->from_us < archive->opened_us &&
        gap->from_us < segment->id.start_us) {
        SealGap lost = {end_us, gap->from_us, GAP_SERVER_DOWN};
        if (gap->cause == GAP_SERVER_DOWN)
            gap->from_us = end_us;
        else
            g_array_prepend_val(segment->gaps, lost);
    }
    pthread_mutex_unlock(&archive->lock);
}

bool sealer_seal_segment(Sealer *sealer, Segment *segment, GError **error)
{
    const CodecParams *video = segment->tracks[TRACK_VIDEO], *audio = segment->tracks[TRACK_AUDIO];
    if (!cut_file(segment->path, segment->size, error))
        return false;
    mend_first_gap(sealer->archive, segment);
    SegmentSeal seal = {.camera = segment->id.camera,
                        .stream = segment->id.stream,
                        .volume = sealer->store->volume.id,
                        .from_us = segment->id.start_us,
                        .to_us = segment->to_us,
                        .bytes = (int64_t)segment->size,
                        .pictures = segment->pictures,
                        .width = video->width,
                        .height = video->height,
                        .ntp_us = clock_ntp_offset_us(),
                        .gap_count = segment->gaps->len,
                        .gaps = (SealGap *)(void *)segment->gaps->data,
                        .entry_count = segment->entries->len / SHA256_BYTES,
                        .entries = (Hash *)(void *)segment->entries->data};
    g_strlcpy(seal.file, segment->file, sizeof seal.file);
    g_strlcpy(seal.codec, video->rfc6381, sizeof seal.codec);
    g_strlcpy(seal.audio, audio ? audio->rfc6381 : "", sizeof seal.audio);
    bool tried = segment->seal_tried;
    segment->seal_tried = true;
    return sealer_seal(sealer, segment->path, &seal, tried, error);
}
