/* Copies of packages onto a stick: one at a time, on a thread of their own. The record of the
 * hand-over is written when the stick was read back, not before, and ahead of the file's name: no
 * copy is there that has no number, whenever the power goes. */
#include "base/clock.h"
#include "base/log.h"
#include "casework/package_desk_state.h"
#include "casework/package_household.h"

#include <string.h>
#include <unistd.h>

GPtrArray *package_desk_usb_volumes(PackageDesk *desk)
{
    return desk->usb_root ? usb_volumes(desk->usb_root, desk->usb_unmounted)
                          : g_ptr_array_new_with_free_func(NULL);
}

/* A copy that is being written. */
typedef struct Writing {
    PackageDesk *desk;
    const PackageUsbJob *job;
} Writing;

static void show(void *data, int64_t done_bytes)
{
    const Writing *writing = data;
    PackageDesk *desk = writing->desk;
    pthread_mutex_lock(&desk->lock);
    desk->usb.done_bytes = done_bytes;
    pthread_mutex_unlock(&desk->lock);
}

typedef struct Handed {
    const PackageUsbJob *job;
    const char *hash;
    int n;
} Handed;

static bool add_copy(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    Handed *handed = data;
    int64_t now_us = clock_now_us();
    if (!package_may_leave(row, now_us) || row->copies->len >= PACKAGE_COPIES_MOST)
        return err_set(error, ERR_EXISTS, "this package may not be handed over");
    PackageCopyRow copy = {.receiver = g_strdup(handed->job->receiver),
                           .medium = g_strdup(PACKAGE_BY_USB),
                           .seal = g_strdup(handed->job->seal),
                           .hash = g_strdup(handed->hash),
                           .by = handed->job->by,
                           .at_us = now_us};
    bool added = packages_add_copy(db, row, &copy, error) &&
                 package_given_tell(db, row, copy.n, &handed->job->by, handed->job->role, error);
    handed->n = copy.n;
    g_array_append_val(row->copies, copy);
    return added;
}

static void tell_log(PackageDesk *desk, const PackageRow *row, const Handed *handed)
{
    char id[UUID_TEXT], n[16];
    g_snprintf(n, sizeof n, "%d", handed->n);
    const AuditChange changes[] = {{"copy", "", n},
                                   {"medium", "", PACKAGE_BY_USB},
                                   {"manifest", "", row->manifest},
                                   {"file", "", handed->hash}};
    const AuditEntry entry = {.actor = handed->job->by,
                              .action = "package-hand",
                              .object = uuid_text(&row->id, id),
                              .reason = row->reason,
                              .result = "ok",
                              .changes = changes,
                              .change_count = G_N_ELEMENTS(changes)};
    if (desk->audit)
        audit_append(desk->audit, &entry);
}

/* Its case is exported by it, as by a copy that leaves in the app. */
static void tell_case(PackageDesk *desk, const PackageRow *row, const Uuid *by)
{
    char id[UUID_TEXT];
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseRow) before = NULL;
    g_autoptr(CaseRow) after =
        desk->cases ? case_desk_hand_over(desk->cases, row->case_number, by, &before, &error)
                    : NULL;
    if (error)
        log_warning("package.case", "package=%s cause=\"%s\"", uuid_text(&row->id, id),
                    error->message);
    if (!after || !desk->audit)
        return;
    const AuditChange change = {"state", before->state, after->state};
    const AuditEntry entry = {.actor = *by,
                              .action = "case-state",
                              .object = uuid_text(&after->id, id),
                              .reason = row->reason,
                              .result = "ok",
                              .changes = &change,
                              .change_count = 1};
    audit_append(desk->audit, &entry);
}

static bool record(void *data, const char *hash, GError **error)
{
    const Writing *writing = data;
    PackageDesk *desk = writing->desk;
    const PackageUsbJob *job = writing->job;
    Handed handed = {.job = job, .hash = hash};
    g_autoptr(PackageRow) row = package_desk_change(desk, &job->package, add_copy, &handed, error);
    if (!row)
        return false;
    tell_log(desk, row, &handed);
    tell_case(desk, row, &job->by);
    if (desk->audit)
        audit_flush(desk->audit, NULL); /* what the disk does not take is told by the log itself */
    return true;
}

static bool run_job(PackageDesk *desk, const PackageUsbJob *job, GError **error)
{
    char file[USB_FILE_TEXT], hash[SHA256_HEX];
    Writing writing = {desk, job};
    UsbCopy copy = {.root = desk->usb_root,
                    .volume = job->volume,
                    .unmounted = desk->usb_unmounted,
                    .stem = job->stem,
                    .stop = &desk->ends,
                    .progress = show,
                    .whole = record,
                    .data = &writing};
    copy.from = package_desk_file(desk, &job->package, &copy.bytes, error);
    if (copy.from < 0)
        return false;
    pthread_mutex_lock(&desk->lock);
    desk->usb.total_bytes = 2 * copy.bytes;
    pthread_mutex_unlock(&desk->lock);
    bool copied = usb_copy(&copy, file, hash, error);
    close(copy.from);
    return copied;
}

static const char *cause_of(const GError *error)
{
    static const struct {
        ErrCode code;
        const char *cause;
    } causes[] = {{ERR_FULL, "full"},
                  {ERR_UNSUPPORTED, "file-too-large"},
                  {ERR_NOT_FOUND, "away"},
                  {ERR_CORRUPT, "differs"},
                  {ERR_EXISTS, "may-not-leave"}};
    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
        if (g_error_matches(error, ERR, (int)causes[i].code))
            return causes[i].cause;
    return "broken";
}

static void run(void *data)
{
    PackageDesk *desk = data;
    g_autoptr(GError) error = NULL;
    bool done = run_job(desk, &desk->usb, &error); /* its texts stay until the next one begins */
    if (!done)
        log_warning("package.usb", "cause=\"%s\"", error->message);
    pthread_mutex_lock(&desk->lock);
    g_strlcpy(desk->usb.error, done ? "" : cause_of(error), sizeof desk->usb.error);
    desk->usb.copying = false;
    pthread_mutex_unlock(&desk->lock);
}

void package_usb_sweep(PackageDesk *desk)
{
    pthread_mutex_lock(&desk->lock);
    bool free = desk->usb_root && !desk->usb.copying;
    desk->usb.copying |= free; /* whoever wants to copy meanwhile waits */
    pthread_mutex_unlock(&desk->lock);
    if (!free)
        return;
    usb_sweep(desk->usb_root, desk->usb_unmounted);
    pthread_mutex_lock(&desk->lock);
    desk->usb.copying = false;
    pthread_mutex_unlock(&desk->lock);
}

static void job_clear(PackageUsbJob *job)
{
    g_free(job->volume);
    g_free(job->receiver);
    g_free(job->seal);
    g_free(job->stem);
    g_free(job->role);
    *job = (PackageUsbJob){0};
}

void package_usb_close(PackageDesk *desk)
{
    if (desk->usb_thread)
        thread_join(desk->usb_thread);
    job_clear(&desk->usb);
}

/* One that is under way goes first. */
static bool begin(PackageDesk *desk, const PackageRow *row, const PackageHanding *handing)
{
    char number[PACKAGE_NUMBER_TEXT];
    pthread_mutex_lock(&desk->lock);
    bool free = !desk->usb.copying;
    if (free) {
        if (desk->usb_thread)
            thread_join(desk->usb_thread); /* it has let the lock go for good */
        job_clear(&desk->usb);
        desk->usb = (PackageUsbJob){.package = row->id,
                                    .volume = g_strdup(handing->volume),
                                    .receiver = g_strdup(handing->receiver),
                                    .seal = g_strdup(handing->seal),
                                    .stem = g_strdup(package_number(row, number)),
                                    .role = g_strdup(handing->role),
                                    .by = handing->by,
                                    .copying = true};
        desk->usb_thread = thread_start("package-usb", run, desk);
    }
    pthread_mutex_unlock(&desk->lock);
    return free;
}

bool package_desk_usb_start(PackageDesk *desk, const PackageRow *row, const PackageHanding *handing,
                            GError **error)
{
    bool there = false;
    g_autoptr(GPtrArray) volumes = package_desk_usb_volumes(desk);
    for (guint i = 0; i < volumes->len && !there; i++)
        there = strcmp(((UsbVolume *)volumes->pdata[i])->name, handing->volume) == 0;
    if (!there)
        return err_set(error, ERR_NOT_FOUND, "there is no stick ‘%s’", handing->volume);
    if (!package_may_leave(row, clock_now_us()))
        return err_set(
            error, ERR_EXISTS,
            "this package may not be handed over: it is not made, not approved, or gone");
    return begin(desk, row, handing) ||
           err_set(error, ERR_UNAVAILABLE, "another copy is being written: wait for it");
}

bool package_desk_usb_state(PackageDesk *desk, const Uuid *id, PackageUsbState *state)
{
    pthread_mutex_lock(&desk->lock);
    bool ours = uuid_equal(&desk->usb.package, id);
    *state = (PackageUsbState){desk->usb.copying, desk->usb.done_bytes, desk->usb.total_bytes, ""};
    g_strlcpy(state->error, desk->usb.error, sizeof state->error);
    pthread_mutex_unlock(&desk->lock);
    return ours;
}
