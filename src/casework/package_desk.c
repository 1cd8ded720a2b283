#include "casework/package_desk_state.h"

#include "base/clock.h"
#include "base/file.h"
#include "casework/package_certificates.h"
#include "casework/package_household.h"
#include "config/site_day.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASIS "package"
#define HOLD_US (7 * DAY_US)
#define HELD_MOST 0.2 /* of a volume, by packages that were asked for */
static const GateRule looks_each = {30, 2 * SECOND_US}, looks_all = {300, SECOND_US / 10};

/* ---- opening ---- */

PackageDesk *package_desk_open(const PackageDeskOptions *options, GError **error)
{
    if (!folder_make(options->folder, error))
        return NULL;
    if (chmod(options->folder, 0700) < 0) {
        err_errno(error, errno, "cannot close %s to others", options->folder);
        return NULL;
    }
    PackageDesk *desk = g_new0(PackageDesk, 1);
    desk->data = g_strdup(options->data);
    desk->folder = g_strdup(options->folder);
    desk->page = g_strdup(options->page);
    desk->catalog = options->catalog;
    desk->site = options->site;
    desk->masks = options->masks;
    desk->archive = options->archive;
    desk->people = options->people;
    desk->motion = options->motion;
    desk->households = options->households;
    desk->usb_root = g_strdup(options->usb);
    desk->usb_unmounted = options->usb_unmounted;
    desk->audit = options->audit;
    desk->cases = options->cases;
    desk->key = options->key;
    desk->looks = gate_new(looks_each, looks_all);
    desk->wakes = queue_new();
    pthread_mutex_init(&desk->lock, NULL);
    desk->thread = thread_start("package", package_maker_run, desk);
    return desk;
}

void package_desk_close(PackageDesk *desk)
{
    if (!desk)
        return;
    atomic_store(&desk->ends, true);
    queue_close(desk->wakes);
    thread_join(desk->thread);
    package_usb_close(desk);
    queue_free(desk->wakes, NULL);
    gate_free(desk->looks);
    pthread_mutex_destroy(&desk->lock);
    g_free(desk->data);
    g_free(desk->folder);
    g_free(desk->page);
    g_free(desk->usb_root);
    g_free(desk);
}

void package_desk_listen(PackageDesk *desk, PackageListener listener, void *data)
{
    desk->listener_data = data;
    atomic_store(&desk->listener, listener);
}

static void tell(PackageDesk *desk, const PackageRow *row, bool asked)
{
    PackageListener listener = atomic_load(&desk->listener);
    if (listener)
        listener(desk->listener_data, row, asked);
}

char *package_desk_path(const PackageDesk *desk, const Uuid *id)
{
    char text[UUID_TEXT];
    return g_strdup_printf("%s/%s.zip", desk->folder, uuid_text(id, text));
}

/* ---- asking ---- */

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Asking {
    PackageRow *row;
    PackageRow *known; /* with the same key */
    unsigned open;
} Asking;

static bool is_open_of(void *data, const PackageRow *row)
{
    const Asking *asking = data;
    return uuid_equal(&row->by, &asking->row->by) &&
           (strcmp(row->state, PACKAGE_ASKED) == 0 || strcmp(row->state, PACKAGE_WAITING) == 0);
}

static bool is_within_bounds(CatalogDb *db, Asking *asking, GError **error)
{
    const PackageQuery query = {.limit = PACKAGES_OPEN_MOST, .may = is_open_of, .data = asking};
    g_autoptr(GPtrArray) open = packages_list(db, &query, error);
    if (!open)
        return false;
    return open->len < PACKAGES_OPEN_MOST ||
           err_set(error, ERR_UNAVAILABLE,
                   "%d packages of yours are not over yet: wait for one, or cancel one",
                   PACKAGES_OPEN_MOST);
}

static bool write_asking(CatalogDb *db, void *data, GError **error)
{
    Asking *asking = data;
    PackageRow *row = asking->row;
    g_autoptr(GError) missing = NULL;
    g_clear_pointer(&asking->known, package_row_free);
    if (!uuid_is_nil(&row->key)) {
        asking->known = packages_get_key(db, &row->key, &missing);
        if (asking->known)
            return uuid_equal(&asking->known->by, &row->by) ||
                   err_set(error, ERR_EXISTS, "‘key’ is of another package: make a new one");
        if (!g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return false;
        }
    }
    return is_within_bounds(db, asking, error) && package_given_check(db, row, error) &&
           package_certificates_check(db, row, error) && packages_add(db, row, error);
}

static int year_of(Site *site, int64_t at_us)
{
    g_autofree char *day = site_day_text(site, at_us);
    return (int)g_ascii_strtoll(day, NULL, 10);
}

static PackageRow *row_of(PackageDesk *desk, const PackageAsked *asked)
{
    PackageRow *row = package_row_new();
    char **const texts[] = {&row->case_number, &row->reason,     &row->asker_role, &row->approval,
                            &row->state,       &row->redactions, &row->regions,    &row->basis};
    g_autofree char *approval = package_approval(desk->site, asked->unmasked);
    bool before = strcmp(approval, PACKAGE_APPROVAL_BEFORE) == 0;
    const char *const values[] = {asked->case_number,
                                  asked->reason,
                                  asked->role,
                                  approval,
                                  before ? PACKAGE_ASKED : PACKAGE_WAITING,
                                  asked->redactions ? asked->redactions : "",
                                  asked->regions ? asked->regions : "",
                                  asked->basis ? asked->basis : ""};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(*texts[i]);
        *texts[i] = g_strdup(values[i]);
    }
    row->id = uuid_new();
    row->by = asked->by;
    row->key = asked->key;
    row->unmasked = asked->unmasked;
    row->from_us = asked->from_us;
    row->to_us = asked->to_us;
    row->asked_us = clock_now_us();
    row->year = year_of(desk->site, row->asked_us);
    g_array_append_vals(row->cameras, asked->cameras, (guint)asked->camera_count);
    for (size_t i = 0; i < asked->given_count; i++) {
        const PackageGivenRow given = {.file = asked->given[i]};
        g_array_append_val(row->given, given);
    }
    for (size_t i = 0; i < asked->certificate_count; i++) {
        PackageRow *one = package_row_new();
        one->id = asked->certificates[i];
        g_ptr_array_add(row->certificates, one);
    }
    return row;
}

static bool has_footage(PackageDesk *desk, const PackageAsked *asked, GError **error)
{
    for (size_t i = 0; i < asked->camera_count; i++) {
        g_autoptr(GArray) segments = archive_segments(
            desk->archive, &asked->cameras[i], STREAM_MAIN, asked->from_us, asked->to_us, error);
        if (!segments || segments->len > 0)
            return segments != NULL;
    }
    return err_set(error, ERR_NOT_FOUND,
                   "no footage of these cameras in this span; the timeline shows where there is "
                   "some");
}

/* What is asked for must still be there when it was approved. */
static bool hold(PackageDesk *desk, const PackageRow *row, GError **error)
{
    double part = 0;
    Uuid id = uuid_new();
    g_autoptr(GArray) holds = g_array_new(FALSE, FALSE, sizeof(ArchiveHold));
    for (guint i = 0; i < row->cameras->len; i++) {
        const ArchiveHold one = {g_array_index(row->cameras, Uuid, i), row->from_us, row->to_us};
        g_array_append_val(holds, one);
    }
    const ArchiveHold *all = (const ArchiveHold *)(void *)holds->data;
    if (!archive_held_part(desk->archive, BASIS, all, holds->len, &part, error))
        return false;
    if (part > HELD_MOST)
        return err_set(error, ERR_FULL,
                       "packages that were asked for would hold more than %d %% of a volume: ask "
                       "for a shorter span or fewer cameras",
                       (int)(HELD_MOST * 100));
    return archive_hold(desk->archive, &id, BASIS, &row->id, row->asked_us + HOLD_US, all,
                        holds->len, error);
}

/* As the writer looks again: what cannot be had holds no footage. */
static bool has_certificates(PackageDesk *desk, PackageRow *row, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    return db && package_certificates_check(db, row, error);
}

static PackageRow *known_of(PackageDesk *desk, const PackageAsked *asked)
{
    g_autoptr(CatalogDb) db = uuid_is_nil(&asked->key) ? NULL : catalog_read(desk->catalog, NULL);
    g_autoptr(PackageRow) row = db ? packages_get_key(db, &asked->key, NULL) : NULL;
    return row && uuid_equal(&row->by, &asked->by) ? g_steal_pointer(&row) : NULL;
}

PackageRow *package_desk_ask(PackageDesk *desk, const PackageAsked *asked, bool *again,
                             GError **error)
{
    PackageRow *before = known_of(desk, asked);
    *again = before != NULL;
    if (before)
        return before;
    g_autoptr(PackageRow) row = row_of(desk, asked);
    if (!has_certificates(desk, row, error))
        return NULL;
    if (asked->camera_count > 0 && (!has_footage(desk, asked, error) || !hold(desk, row, error)))
        return NULL;
    Asking asking = {.row = row};
    bool written = catalog_write_wait(desk->catalog, write_asking, &asking, error);
    g_autoptr(PackageRow) known = asking.known;
    if (!written)
        return NULL;
    *again = known != NULL;
    if (known)
        return g_steal_pointer(&known);
    queue_push(desk->wakes, desk);
    tell(desk, row, true);
    return g_steal_pointer(&row);
}

/* ---- changing ---- */

typedef struct Change {
    const Uuid *id;
    PackageApply apply;
    void *data;
    PackageRow *row;
} Change;

static bool write_change(CatalogDb *db, void *data, GError **error)
{
    Change *change = data;
    g_clear_pointer(&change->row, package_row_free);
    change->row = packages_get(db, change->id, error);
    return change->row && change->apply(db, change->row, change->data, error) &&
           packages_put(db, change->row, error);
}

PackageRow *package_desk_change(PackageDesk *desk, const Uuid *id, PackageApply apply, void *data,
                                GError **error)
{
    Change change = {.id = id, .apply = apply, .data = data};
    bool written = catalog_write_wait(desk->catalog, write_change, &change, error);
    g_autoptr(PackageRow) row = change.row;
    if (!written)
        return NULL;
    tell(desk, row, false);
    return g_steal_pointer(&row);
}

static void set_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

/* Stops it where it is being made; else its file goes. */
static void unmake(PackageDesk *desk, const Uuid *id)
{
    pthread_mutex_lock(&desk->lock);
    bool making = uuid_equal(&desk->making, id);
    if (making)
        atomic_store(&desk->stop, true);
    pthread_mutex_unlock(&desk->lock);
    g_autofree char *path = package_desk_path(desk, id);
    if (!making) /* its maker clears up itself */
        unlink(path);
}

typedef struct Decision {
    const Uuid *who;
    const char *role, *words;
    bool approve;
} Decision;

static bool may_decide(const PackageRow *row, const Decision *decision, GError **error)
{
    if (!package_is_undecided(row))
        return err_set(error, ERR_EXISTS, "this package waits for nobody's approval");
    if (decision->approve && package_is_covered(row))
        return err_set(error, ERR_EXISTS,
                       "masks were drawn since it was asked for: ask anew, with ‘unmasked’");
    if (decision->approve && !package_given_stand(row))
        return err_set(error, ERR_EXISTS,
                       "a household has taken back what would go along: ask anew, without it");
    if (decision->approve && !package_certificates_stand(row, clock_now_us()))
        return err_set(error, ERR_EXISTS,
                       "a certificate that goes along was rejected, or not approved in time");
    return !uuid_equal(&row->by, decision->who) ||
           err_set(error, ERR_DENIED, "whoever asked for a package does not approve it");
}

static bool decide(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    const Decision *decision = data;
    if (!may_decide(row, decision, error))
        return false;
    row->approved = decision->approve;
    row->decided_by = *decision->who;
    row->decided_us = clock_now_us();
    set_text(&row->decider_role, decision->role);
    set_text(&row->words, decision->words);
    if (!decision->approve)
        set_text(&row->state, PACKAGE_REJECTED);
    else if (strcmp(row->state, PACKAGE_ASKED) == 0)
        set_text(&row->state, PACKAGE_WAITING);
    return true;
}

PackageRow *package_desk_decide(PackageDesk *desk, const Uuid *id, const Uuid *who,
                                const char *role, bool approve, const char *words, GError **error)
{
    Decision decision = {who, role, words ? words : "", approve};
    PackageRow *row = package_desk_change(desk, id, decide, &decision, error);
    if (row && approve)
        queue_push(desk->wakes, desk);
    else if (row)
        unmake(desk, id);
    return row;
}

static bool drop(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    const bool *made = data;
    bool done = strcmp(row->state, PACKAGE_DONE) == 0;
    if (!done && strcmp(row->state, PACKAGE_ASKED) != 0 && strcmp(row->state, PACKAGE_WAITING) != 0)
        return err_set(error, ERR_EXISTS, "this package is over");
    if (done != *made)
        return err_set(error, ERR_EXISTS,
                       done ? "this package is made: it is removed, for a reason"
                            : "this package is not made yet: it is taken back");
    set_text(&row->state, done ? PACKAGE_REMOVED : PACKAGE_CANCELLED);
    return true;
}

PackageRow *package_desk_drop(PackageDesk *desk, const Uuid *id, bool made, GError **error)
{
    PackageRow *row = package_desk_change(desk, id, drop, &made, error);
    if (row)
        unmake(desk, id);
    return row;
}

/* ---- looking ---- */

bool package_desk_progress(PackageDesk *desk, const Uuid *id, double *redacted, int64_t *done_bytes,
                           int64_t *total_bytes)
{
    pthread_mutex_lock(&desk->lock);
    bool making = uuid_equal(&desk->making, id);
    *redacted = desk->redacted;
    *done_bytes = desk->done_bytes;
    *total_bytes = desk->total_bytes;
    pthread_mutex_unlock(&desk->lock);
    return making;
}

int package_desk_file(PackageDesk *desk, const Uuid *id, int64_t *bytes, GError **error)
{
    struct stat facts;
    g_autofree char *path = package_desk_path(desk, id);
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &facts) == 0) {
        *bytes = facts.st_size;
        return g_steal_fd(&fd);
    }
    err_errno(error, errno, "cannot read %s", path);
    return -1;
}
