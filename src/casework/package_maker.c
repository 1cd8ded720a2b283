/* The thread that makes packages, one after another: what waits in the catalog is made, so that
 * what a restart cut off is begun again. */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "casework/certificate.h"
#include "casework/evidence_clocks.h"
#include "casework/evidence_holds.h"
#include "casework/evidence_seal.h"
#include "casework/package_certificates.h"
#include "casework/package_household.h"
#include "casework/package_redact.h"

#include <inttypes.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NICE = 15, WAITING_MOST = 10000, PARTS_OF_DISK = 5, LEAST_FREE_PART = 200 };

/* Retention keeps two hundredths of a disk free, 10 GiB at most; a package ends before it has all
 * of that, since recording needs it. */
#define LEAST_FREE_MOST_BYTES (INT64_C(2) << 30)
#define TAKEN_BACK "taken-back"             /* by a household, before it was made to its end */
#define CERTIFICATE_GONE "certificate-gone" /* refused or removed since, or not as it was made */
#define LOOK_BYTES (INT64_C(16) << 20)

typedef struct Making {
    PackageDesk *desk;
    const PackageRow *row;
    int64_t looked_bytes, looked_us; /* when it was looked last whether there is room */
    bool full, stopped, taken_back;
    CertificateVerdict verdict; /* of a certificate that is made */
} Making;

/* ---- room ---- */

static bool space(const char *folder, int64_t *free_bytes, int64_t *total_bytes)
{
    struct statvfs facts;
    if (statvfs(folder, &facts) < 0)
        return false;
    *free_bytes = (int64_t)(facts.f_bavail * facts.f_frsize);
    *total_bytes = (int64_t)(facts.f_blocks * facts.f_frsize);
    return true;
}

static int64_t kept_bytes(const char *folder)
{
    int64_t bytes = 0;
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        struct stat facts;
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        bytes += stat(path, &facts) == 0 ? facts.st_size : 0;
    }
    return bytes;
}

static bool is_full(const Making *making, int64_t done_bytes, int64_t total_bytes)
{
    int64_t free_bytes, disk_bytes, more_bytes = total_bytes - done_bytes;
    const char *folder = making->desk->folder;
    if (!space(folder, &free_bytes, &disk_bytes))
        return false;
    int64_t floor_bytes = MIN(disk_bytes / LEAST_FREE_PART, LEAST_FREE_MOST_BYTES);
    return free_bytes - more_bytes < floor_bytes ||
           kept_bytes(folder) + more_bytes > disk_bytes / PARTS_OF_DISK;
}

static bool progress(void *data, int64_t done_bytes, int64_t total_bytes)
{
    Making *making = data;
    PackageDesk *desk = making->desk;
    pthread_mutex_lock(&desk->lock);
    desk->done_bytes = done_bytes;
    desk->total_bytes = total_bytes;
    pthread_mutex_unlock(&desk->lock);
    if (making->looked_bytes == 0 || done_bytes - making->looked_bytes >= LOOK_BYTES) {
        making->looked_bytes = done_bytes;
        making->full = is_full(making, done_bytes, total_bytes);
    }
    making->stopped = atomic_load(&desk->stop) || atomic_load(&desk->ends);
    return !making->full && !making->stopped;
}

/* Copies lie in the folder already while they grow. */
static bool redact_progress(void *data, double done)
{
    Making *making = data;
    PackageDesk *desk = making->desk;
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&desk->lock);
    desk->redacted = done;
    pthread_mutex_unlock(&desk->lock);
    if (now_us - making->looked_us >= SECOND_US) {
        making->looked_us = now_us;
        making->full = is_full(making, 0, 0);
    }
    making->stopped = atomic_load(&desk->stop) || atomic_load(&desk->ends);
    return !making->full && !making->stopped;
}

/* ---- making ---- */

static char *name_of(PackageDesk *desk, const Uuid *id)
{
    Account account;
    if (people_account(desk->people, id, &account))
        return g_strdup(account.name);
    g_autoptr(GArray) tokens = people_tokens(desk->people);
    for (guint i = 0; i < tokens->len; i++) {
        const ApiToken *token = &g_array_index(tokens, ApiToken, i);
        if (uuid_equal(&token->id, id))
            return g_strdup(token->purpose);
    }
    return g_strdup("");
}

static GPtrArray *facts_of(PackageDesk *desk, const PackageRow *row, GError **error)
{
    g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    for (guint i = 0; db && i < row->cameras->len; i++) {
        char *one = evidence_camera_facts(db, &g_array_index(row->cameras, Uuid, i), error);
        if (!one)
            return NULL;
        g_ptr_array_add(facts, one);
    }
    return db ? g_steal_pointer(&facts) : NULL;
}

static GArray *clocks_of(PackageDesk *desk, const PackageRow *row, int64_t at_us, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    return db ? evidence_clocks(db, (const Uuid *)(void *)row->cameras->data, row->cameras->len,
                                row->from_us, row->to_us, at_us, error)
              : NULL;
}

static GArray *holds_of(PackageDesk *desk, const PackageRow *row, int64_t at_us, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    const EvidenceHoldsAsked asked = {.data = desk->data,
                                      .cameras = (const Uuid *)(void *)row->cameras->data,
                                      .camera_count = row->cameras->len,
                                      .from_us = row->from_us,
                                      .to_us = row->to_us,
                                      .at_us = at_us};
    return db ? evidence_holds(db, &asked, error) : NULL;
}

/* The log goes before the root, which covers it. */
static bool prepare(Making *making, GError **error)
{
    char id[UUID_TEXT];
    PackageDesk *desk = making->desk;
    const PackageRow *row = making->row;
    const Uuid *cameras = (const Uuid *)(void *)row->cameras->data;
    if (!evidence_seal(desk->archive, cameras, row->cameras->len, row->to_us, &desk->ends))
        log_warning("package.seal", "package=%s cause=\"some footage is not sealed in time\"",
                    uuid_text(&row->id, id));
    g_autofree char *why = g_strconcat("case ", row->case_number, NULL);
    const AuditEntry entry = {
        .action = "package-make", .object = uuid_text(&row->id, id), .reason = why, .result = "ok"};
    if (desk->audit)
        audit_append(desk->audit, &entry);
    return (!desk->audit || audit_flush(desk->audit, error)) &&
           archive_make_roots(desk->archive, error);
}

static bool write_package(Making *making, const GPtrArray *facts, const PackageRedacted *redacted,
                          const GArray *consents, const char *path, EvidenceResult *result,
                          GError **error)
{
    PackageDesk *desk = making->desk;
    const PackageRow *row = making->row;
    char number[PACKAGE_NUMBER_TEXT], asked[] = "asked", approved[] = "approved";
    ArchiveVolume volumes[ARCHIVE_VOLUMES_MOST];
    const char *paths[ARCHIVE_VOLUMES_MOST + 1] = {NULL};
    const int64_t at_us = clock_now_us();
    g_autoptr(GArray) clocks = clocks_of(desk, row, at_us, error);
    g_autoptr(GArray) holds = clocks ? holds_of(desk, row, at_us, error) : NULL;
    if (!holds)
        return false;
    unsigned count = archive_volumes(desk->archive, volumes, ARCHIVE_VOLUMES_MOST);
    for (unsigned i = 0; i < count; i++)
        paths[i] = volumes[i].path;
    g_autofree EvidenceWorking *working = package_redacted_order(redacted);
    g_autoptr(GStringChunk) texts = g_string_chunk_new(256);
    g_autofree EvidenceCertificate *certificates = package_certificates_order(desk, row, texts);
    g_autofree char *site = site_name(desk->site), *zone = site_time_zone(desk->site),
                    *asker = name_of(desk, &row->by), *decider = name_of(desk, &row->decided_by);
    const PackagePerson people[] = {
        {asked, asker, row->asker_role, row->by, row->asked_us},
        {approved, decider, row->decider_role, row->decided_by, row->decided_us},
    };
    const EvidenceOrder order = {
        .data = desk->data,
        .volumes = paths,
        .cameras = (const Uuid *)(void *)row->cameras->data,
        .facts = (const char *const *)facts->pdata,
        .camera_count = row->cameras->len,
        .from_us = row->from_us,
        .to_us = row->to_us,
        .at_us = at_us,
        .ntp_us = clock_ntp_offset_us(),
        .id = row->id,
        .reason = row->reason,
        .basis = row->basis,
        .made = "server",
        .approval = row->approval,
        .case_number = row->case_number,
        .number = package_number(row, number),
        .people = people,
        .person_count = row->approved ? 2 : 1,
        .site = site,
        .zone = zone,
        .clocks = (const PackageClock *)(void *)clocks->data,
        .holds = (const EvidenceHold *)(void *)holds->data,
        .hold_count = holds->len,
        .working = working,
        .working_count = redacted->redactions->len,
        .consents = (const PackageConsent *)(void *)consents->data,
        .consent_count = consents->len,
        .certificates = certificates,
        .certificate_count = row->certificates->len,
        .page = desk->page,
        .key = desk->key,
    };
    if (!*row->regions)
        return evidence_make(&order, path, progress, making, result, error);
    return desk->motion ? certificate_make(&order, row->regions, desk->motion, path, result,
                                           &making->verdict, error)
                        : err_set(error, ERR_UNAVAILABLE, "motion is not looked for here");
}

/* ---- what became of it ---- */

typedef struct Outcome {
    const EvidenceResult *result; /* NULL: it failed */
    int64_t bytes;
    const char *trouble, *verdict;
} Outcome;

static bool finish(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    const Outcome *outcome = data;
    if (strcmp(row->state, PACKAGE_WAITING) != 0)
        return err_set(error, ERR_EXISTS, "nobody wants it any more");
    const bool whole = package_given_stand(row),
               made = outcome->result && whole && package_certificates_stand(row, clock_now_us());
    g_free(row->state);
    row->state = g_strdup(made ? PACKAGE_DONE : PACKAGE_FAILED);
    g_free(row->trouble);
    row->trouble = g_strdup(!outcome->result || made ? outcome->trouble
                            : whole                  ? CERTIFICATE_GONE
                                                     : TAKEN_BACK);
    row->made_us = clock_now_us();
    if (made) {
        g_free(row->manifest);
        row->manifest = g_strdup(outcome->result->manifest);
        g_free(row->verdict);
        row->verdict = g_strdup(outcome->verdict);
        row->bytes = outcome->bytes;
        row->gaps = outcome->result->gaps;
        row->gap_us = outcome->result->gap_us;
    }
    return true;
}

static const char *trouble_of(const Making *making, const EvidenceResult *result,
                              const GError *error)
{
    if (making->taken_back)
        return TAKEN_BACK;
    if (result->given_changed)
        return "given-changed";
    if (result->certificate_changed)
        return CERTIFICATE_GONE;
    if (making->full || g_error_matches(error, ERR, ERR_FULL))
        return "no-room";
    if (g_error_matches(error, ERR, ERR_NOT_FOUND))
        return "no-footage";
    if (g_error_matches(error, ERR, ERR_UNSUPPORTED))
        return "unsupported";
    return g_error_matches(error, ERR, ERR_INVALID) ? "too-large" : "broken";
}

static bool tell_households(CatalogDb *db, void *data, GError **error)
{
    const PackageRow *row = data;
    g_autoptr(PackageRow) now = packages_get(db, &row->id, error);
    if (!now)
        return false;
    if (!package_given_stand(now))
        return err_set(error, ERR_DENIED, "a household has taken back what it gave");
    return package_given_tell(db, row, 0, &row->by, row->asker_role, error);
}

/* What households gave: they see that it is in the package before a byte of it is. NULL on error.
 */
static GArray *given_of(Making *making, GError **error)
{
    GError *trouble = NULL;
    PackageDesk *desk = making->desk;
    GArray *consents = NULL;
    if (making->row->given->len == 0 ||
        catalog_write_wait(desk->catalog, tell_households, (void *)making->row, &trouble))
        consents = package_consents(desk, making->row, &trouble);
    making->taken_back = g_error_matches(trouble, ERR, ERR_DENIED);
    if (!consents)
        g_propagate_error(error, trouble);
    return consents;
}

static bool make_file(Making *making, const char *path, EvidenceResult *result, GError **error)
{
    g_auto(PackageRedacted) redacted = {0};
    g_autoptr(GArray) consents = given_of(making, error);
    if (!consents)
        return false;
    g_autoptr(GPtrArray) facts = facts_of(making->desk, making->row, error);
    g_autofree char *asker = name_of(making->desk, &making->row->by);
    return facts && prepare(making, error) &&
           package_redact(making->desk, making->row, asker, redact_progress, making, &redacted,
                          error) &&
           write_package(making, facts, &redacted, consents, path, result, error);
}

static void make(PackageDesk *desk, const PackageRow *row)
{
    char id[UUID_TEXT];
    struct stat facts;
    EvidenceResult result = {0};
    g_autoptr(GError) error = NULL, late = NULL;
    g_autofree char *path = package_desk_path(desk, &row->id);
    Making making = {.desk = desk, .row = row};
    int64_t begin_us = clock_mono_us();
    bool made = make_file(&making, path, &result, &error);
    malloc_trim(0); /* buffers that the next package may not need for weeks */
    if (!made && making.stopped)
        return; /* cancelled, or begun again when the server is back */
    Outcome outcome = {.result = made ? &result : NULL,
                       .trouble = made ? "" : trouble_of(&making, &result, error),
                       .verdict = *row->regions ? certificate_verdict_text(making.verdict) : ""};
    outcome.bytes = made && stat(path, &facts) == 0 ? facts.st_size : 0;
    uuid_text(&row->id, id);
    if (made)
        log_info("package.made", "package=%s ms=%" PRId64 " bytes=%" PRId64, id,
                 (clock_mono_us() - begin_us) / 1000, outcome.bytes);
    else
        log_warning("package.failed", "package=%s cause=\"%s\"", id, error->message);
    g_autoptr(PackageRow) after = package_desk_change(desk, &row->id, finish, &outcome, &late);
    if (late && !g_error_matches(late, ERR, ERR_EXISTS))
        log_error("package.note", "package=%s cause=\"%s\"", id, late->message);
}

/* The oldest that waits; NULL: none, or it cannot be told. */
static PackageRow *next_waiting(PackageDesk *desk)
{
    const PackageQuery query = {.state = PACKAGE_WAITING, .limit = WAITING_MOST};
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, NULL);
    g_autoptr(GPtrArray) rows = db ? packages_list(db, &query, NULL) : NULL;
    return rows && rows->len > 0 ? g_ptr_array_steal_index(rows, rows->len - 1) : NULL;
}

static void set_making(PackageDesk *desk, const Uuid *id)
{
    pthread_mutex_lock(&desk->lock);
    desk->making = id ? *id : (Uuid){0};
    desk->done_bytes = desk->total_bytes = 0;
    desk->redacted = 0;
    atomic_store(&desk->stop, false);
    pthread_mutex_unlock(&desk->lock);
}

/* Whoever rejects or drops it leaves the file to its maker, as long as there is one. */
static void clear_unwanted(PackageDesk *desk, const Uuid *id)
{
    g_autofree char *path = package_desk_path(desk, id);
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, NULL);
    g_autoptr(PackageRow) row = db ? packages_get(db, id, NULL) : NULL;
    if (row && strcmp(row->state, PACKAGE_DONE) != 0)
        unlink(path);
}

/* False: none waits. */
static bool make_next(PackageDesk *desk)
{
    g_autoptr(PackageRow) row = next_waiting(desk);
    if (!row)
        return false;
    set_making(desk, &row->id);
    make(desk, row);
    set_making(desk, NULL);
    clear_unwanted(desk, &row->id);
    return true;
}

/* ---- the thread ---- */

/* What is left of one that was not made to its end. A whole file that the catalog does not know
 * stays: it was made after the copy that a lost catalog was made anew from, and may be handed over
 * already. */
static bool is_left_over(CatalogDb *db, const char *name)
{
    Uuid id;
    g_autoptr(GError) error = NULL;
    g_autofree char *stem = g_strndup(name, UUID_TEXT - 1);
    bool whole = strlen(name) == UUID_TEXT - 1 + strlen(".zip") && g_str_has_suffix(name, ".zip");
    if (!whole || !uuid_parse(stem, &id))
        return true;
    g_autoptr(PackageRow) row = packages_get(db, &id, &error);
    if (g_error_matches(error, ERR, ERR_NOT_FOUND))
        log_warning("package.unknown",
                    "file=%s cause=\"the catalog does not know this package; it is kept\"", name);
    return row && strcmp(row->state, PACKAGE_DONE) != 0;
}

static void sweep(PackageDesk *desk)
{
    g_autoptr(GPtrArray) names = folder_names(desk->folder);
    g_autoptr(CatalogDb) db = names->len > 0 ? catalog_read(desk->catalog, NULL) : NULL;
    for (guint i = 0; db && i < names->len; i++) {
        g_autofree char *path = g_build_filename(desk->folder, names->pdata[i], NULL);
        if (is_left_over(db, names->pdata[i]))
            unlink(path);
    }
}

void package_maker_run(void *data)
{
    PackageDesk *desk = data;
    thread_stand_back(NICE);
    sweep(desk);
    package_usb_sweep(desk);
    while (!atomic_load(&desk->ends))
        if (!make_next(desk))
            queue_pop(desk->wakes, MINUTE_US);
}
