#include "http/upload.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "casework/report_file.h"
#include "people/lockout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Slower than this for longer than that is no phone, but somebody who takes a place. */
enum { SLOWEST_BYTES_A_S = 10 << 10 };
#define SLOW_START_US (20 * SECOND_US)

struct Upload {
    Service *service;
    char *guest;  /* the place of who has no account; NULL: somebody has one */
    Upload *next; /* of guests */
    UploadAsk may_come;
    ServiceCall written;
    void *data;                        /* of both */
    int64_t announced, begun_us, came; /* bytes; monotonic; bytes */
    ByteWriter waiting;                /* the service thread's */
    bool busy;
    bool refused; /* the pool's while busy */
    /* The pool's while busy, as what follows. */
    ByteWriter writing;
    int fd; /* -1: not open */
    char *path;
    Sha256 *hash;
    ApiUpload file;
    GError *error;
};

static unsigned uploads_from(const Service *service, const char *place)
{
    unsigned count = 0;
    for (const Upload *one = service->guest_uploads; one; one = one->next)
        count += strcmp(one->guest, place) == 0;
    return count;
}

static void ask_job(void *data);

static void run_job(Upload *upload, PoolJob job)
{
    upload->busy = true;
    upload->service->in_work++;
    pool_run(upload->service->api->pool, job, upload, 0);
}

Upload *upload_new(Service *service, const char *guest, int64_t bytes, UploadAsk may_come,
                   ServiceCall written, void *data)
{
    g_autofree char *place = guest ? lockout_place(guest) : NULL;
    if (service->uploads >= (guest ? UPLOADS_OF_GUESTS : UPLOADS_MOST) ||
        (guest && uploads_from(service, place) >= UPLOADS_OF_ADDRESS))
        return NULL;
    service->uploads++;
    Upload *upload = g_new0(Upload, 1);
    if (guest) {
        upload->guest = g_steal_pointer(&place);
        upload->next = service->guest_uploads;
        service->guest_uploads = upload;
    }
    upload->service = service;
    upload->may_come = may_come;
    upload->written = written;
    upload->data = data;
    upload->announced = bytes;
    upload->begun_us = clock_mono_us();
    upload->fd = -1;
    upload->hash = sha256_new();
    run_job(upload, ask_job);
    return upload;
}

void upload_leave(Upload *upload)
{
    upload->service->uploads--;
    for (Upload **at = &upload->service->guest_uploads; *at; at = &(*at)->next)
        if (*at == upload) {
            *at = upload->next;
            break;
        }
}

void upload_free(Upload *upload)
{
    if (!upload)
        return;
    if (upload->fd >= 0)
        close(upload->fd);
    if (upload->path && !upload->file.taken)
        unlink(upload->path);
    byte_writer_free(&upload->waiting);
    byte_writer_free(&upload->writing);
    sha256_free(upload->hash);
    g_clear_error(&upload->error);
    g_free(upload->path);
    g_free(upload->guest);
    g_free(upload);
}

/* ---- on the pool ---- */

static bool open_file(Upload *upload, GError **error)
{
    const char *folder = upload->service->api->upload_folder;
    char name[UUID_TEXT];
    Uuid id = uuid_new();
    if (!folder_make(folder, error) || !report_room_for(folder, upload->announced, error))
        return false;
    upload->path = g_build_filename(folder, uuid_text(&id, name), NULL);
    upload->fd = open(upload->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (upload->fd >= 0)
        return true;
    int saved = errno;
    err_errno(error, saved, "%s cannot be made", upload->path);
    g_clear_pointer(&upload->path, g_free);
    return false;
}

static bool write_piece(Upload *upload, GError **error)
{
    const ByteWriter *piece = &upload->writing;
    if (upload->fd < 0 && !open_file(upload, error))
        return false;
    size_t room = sizeof upload->file.first - upload->file.first_bytes;
    size_t more = MIN(room, piece->size);
    memcpy(upload->file.first + upload->file.first_bytes, piece->data, more);
    upload->file.first_bytes += more;
    upload->file.bytes += (int64_t)piece->size;
    sha256_add(upload->hash, piece->data, piece->size);
    return fd_write_all(upload->fd, piece->data, piece->size, error);
}

static void job_over(void *data);

static void ask_job(void *data)
{
    Upload *upload = data;
    upload->refused = !upload->may_come(upload->data);
    service_post(upload->service, job_over, upload);
}

static void write_job(void *data)
{
    Upload *upload = data;
    if (!upload->error)
        write_piece(upload, &upload->error);
    service_post(upload->service, job_over, upload);
}

ApiUpload *upload_end(Upload *upload, GError **error)
{
    if (!upload->error && upload->fd >= 0 && fsync(upload->fd) != 0)
        err_errno(&upload->error, errno, "%s cannot be kept", upload->path);
    if (upload->error) {
        g_propagate_error(error, g_steal_pointer(&upload->error));
        return NULL;
    }
    sha256_end(upload->hash, upload->file.sha256);
    upload->file.path = upload->path;
    return &upload->file;
}

/* ---- on the service thread ---- */

static void start_writing(Upload *upload)
{
    ByteWriter empty = upload->writing;
    upload->writing = upload->waiting;
    upload->waiting = empty;
    byte_writer_clear(&upload->waiting);
    run_job(upload, write_job);
}

static void job_over(void *data)
{
    Upload *upload = data;
    upload->service->in_work--;
    upload->busy = false;
    if (upload->refused)
        byte_writer_clear(&upload->waiting);
    else if (upload->waiting.size > 0)
        start_writing(upload);
    upload->written(upload->data);
}

bool upload_take(Upload *upload, const void *data, size_t size)
{
    if (size > UPLOAD_WAITING_MOST - upload->waiting.size)
        return false;
    write_bytes(&upload->waiting, data, size);
    upload->came += (int64_t)size;
    if (!upload->busy)
        start_writing(upload);
    return true;
}

bool upload_is_busy(const Upload *upload)
{
    return upload->busy;
}

bool upload_is_refused(const Upload *upload)
{
    return !upload->busy && upload->refused;
}

bool upload_is_behind(const Upload *upload)
{
    return upload->waiting.size > UPLOAD_PAUSE;
}

bool upload_crawls(const Upload *upload, int64_t mono_us)
{
    int64_t us = mono_us - upload->begun_us - SLOW_START_US;
    return us > 0 && upload->came < us / SECOND_US * SLOWEST_BYTES_A_S;
}
