#include "casework/export_work.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "casework/copy.h"
#include "casework/exports.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Retention keeps two hundredths of a disk free, 10 GiB at most; a copy ends before it has all of
 * that, since recording needs it. */
enum { LEAST_FREE_PART = 200, PIECE_BYTES = 1 << 20 };
#define LEAST_FREE_MOST_BYTES (INT64_C(2) << 30)
#define LOOK_BYTES (INT64_C(4) << 20)

typedef struct Run {
    const ExportWork *work;
    ExportJob *job;
    int64_t looked_bytes; /* when it was looked last whether there is room */
    bool stopped, full;
} Run;

static bool space(const char *folder, int64_t *free_bytes, int64_t *total_bytes)
{
    struct statvfs facts;
    if (statvfs(folder, &facts) < 0)
        return false;
    *free_bytes = (int64_t)(facts.f_bavail * facts.f_frsize);
    *total_bytes = (int64_t)(facts.f_blocks * facts.f_frsize);
    return true;
}

int64_t export_room(const char *folder)
{
    int64_t free_bytes, total_bytes;
    return space(folder, &free_bytes, &total_bytes) ? MIN(EXPORTS_BYTES_MOST, total_bytes / 10)
                                                    : EXPORTS_BYTES_MOST;
}

static bool is_full(const ExportWork *work, int64_t bytes)
{
    int64_t free_bytes, total_bytes;
    return bytes > work->most_bytes ||
           (space(work->folder, &free_bytes, &total_bytes) &&
            free_bytes < MIN(total_bytes / LEAST_FREE_PART, LEAST_FREE_MOST_BYTES));
}

static bool tell(void *data, double done, int64_t bytes)
{
    Run *run = data;
    if (bytes - run->looked_bytes >= LOOK_BYTES || bytes < run->looked_bytes) {
        run->looked_bytes = bytes;
        run->full = is_full(run->work, bytes);
    }
    run->stopped = !run->work->progress(run->work->data, done, bytes);
    run->job->bytes = bytes;
    return !run->full && !run->stopped;
}

static bool make(Run *run, GError **error)
{
    const ExportWork *work = run->work;
    const ExportJob *job = run->job;
    if (is_full(work, 0))
        return err_set(error, ERR_FULL, "there is no room for copies in %s", work->folder);
    g_autoptr(GArray) segments = archive_segments(work->archive, &job->camera, STREAM_MAIN,
                                                  job->from_us - CLIP_LEAD_US, job->to_us, error);
    g_autoptr(CameraRow) camera = site_camera_known(work->site, &job->camera);
    const PlaceLens lens = camera ? camera_lens(camera) : (PlaceLens){0};
    g_autoptr(ClipPlan) plan =
        segments ? clip_plan_segments(segments, job->from_us, job->to_us, job->listen, &lens, error)
                 : NULL;
    if (!plan)
        return false;
    g_autofree char *path = export_job_film(work->folder, &job->id);
    g_autofree char *language = site_language(work->site), *name = site_time_zone(work->site);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    const CopyAsked asked = {.plan = plan,
                             .path = path,
                             .id = job->id,
                             .camera = job->camera,
                             .number = job->number,
                             .from_us = job->from_us,
                             .to_us = job->to_us,
                             .where = job->where,
                             .who = job->who_name,
                             .device = job->device,
                             .reason = job->reason,
                             .zone = zone ? zone : utc,
                             .vietnamese = g_strcmp0(language, "en") != 0,
                             .masks = job->masks,
                             .redaction = job->redaction};
    return copy_write(&asked, tell, run, error);
}

/* What is handed over is told by its hash, as packages are. */
static bool take_hash(Run *run, GError **error)
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    g_autofree char *path = export_job_film(run->work->folder, &run->job->id);
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(error, errno, "cannot read %s", path);
    g_autofree uint8_t *piece = g_malloc(PIECE_BYTES);
    g_autoptr(Sha256) running = sha256_new();
    ssize_t got = 0;
    while ((got = read(fd, piece, PIECE_BYTES)) > 0)
        sha256_add(running, piece, (size_t)got);
    if (got < 0)
        return err_errno(error, errno, "cannot read %s", path);
    sha256_end(running, digest);
    hex_encode(digest, sizeof digest, hex);
    run->job->hash = g_strdup(hex);
    return true;
}

static ExportTrouble trouble_of(const Run *run, const GError *error)
{
    if (run->full || g_error_matches(error, ERR, ERR_FULL))
        return EXPORT_NO_ROOM;
    if (g_error_matches(error, ERR, ERR_NOT_FOUND))
        return EXPORT_NO_FOOTAGE;
    return g_error_matches(error, ERR, ERR_UNSUPPORTED) ? EXPORT_UNSUPPORTED : EXPORT_BROKEN;
}

void export_work(const ExportWork *work, ExportJob *job)
{
    char id[UUID_TEXT];
    g_autoptr(GError) error = NULL;
    Run run = {.work = work, .job = job};
    int64_t begin_us = clock_mono_us();
    bool made = make(&run, &error) && (!job->number || take_hash(&run, &error));
    uuid_text(&job->id, id);
    job->ended_us = clock_now_us();
    if (made) {
        struct stat facts;
        g_autofree char *path = export_job_film(work->folder, &job->id);
        job->bytes = stat(path, &facts) == 0 ? facts.st_size : job->bytes;
        job->state = EXPORT_DONE;
        job->progress = 1;
        log_info("export.made", "export=%s ms=%" PRId64 " bytes=%" PRId64, id,
                 (clock_mono_us() - begin_us) / 1000, job->bytes);
    } else if (run.stopped) {
        job->state = EXPORT_CANCELLED;
    } else {
        job->state = EXPORT_FAILED;
        job->trouble = trouble_of(&run, error);
        job->bytes = 0;
        log_warning("export.failed", "export=%s cause=\"%s\"", id, error->message);
    }
}
