#include "household/footage_given.h"

#include "base/clock.h"
#include "base/file.h"
#include "household/given_finish.h"
#include "household/household_desk_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 256 << 10 };
#define SAME_LOOK_US (10 * MINUTE_US)

/* ---- beginning ---- */

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Beginning {
    const Uuid *ask;
    const HouseholdFileRow *asked;
    int64_t free_bytes;
    GivenAnswer *answer;
} Beginning;

static bool find_key(const HouseholdAskRow *ask, const Uuid *key, HouseholdFileRow *row)
{
    for (guint i = 0; i < ask->files->len; i++) {
        const HouseholdFileRow *file = &g_array_index(ask->files, HouseholdFileRow, i);
        if (!uuid_equal(&file->key, key) || file->withdrawn_us || file->expired_us)
            continue;
        *row = *file;
        return true;
    }
    return false;
}

/* What is not asked for any more is told apart from what is said wrong. */
static bool takes(const HouseholdRequestRow *request, int64_t late_us, GivenAnswer *answer,
                  GError **error)
{
    if (!footage_takes(request, late_us, error))
        answer->refusal = GIVEN_REFUSED_OVER;
    return !answer->refusal;
}

static bool write_begin(CatalogDb *db, void *data, GError **error)
{
    Beginning *beginning = data;
    HouseholdFileRow *row = &beginning->answer->row;
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(HouseholdAskRow) ask = household_asks_get(db, beginning->ask, &of, error);
    *row = *beginning->asked;
    beginning->answer->refusal = GIVEN_FINE;
    if (!ask)
        return false;
    bool known = find_key(ask, &beginning->asked->key, row);
    if (!takes(of, known ? GIVEN_LATE_US : 0, beginning->answer, error))
        return false;
    if (known)
        return true;
    row->ask = ask->ref;
    return given_may_begin(db, ask, row, beginning->free_bytes, &beginning->answer->refusal,
                           error) &&
           household_files_add(db, row, error);
}

bool given_begin(HouseholdDesk *desk, const HouseholdRequestRow *request,
                 const HouseholdAskRow *ask, const Uuid *key, int64_t bytes, GivenAnswer *answer,
                 GError **error)
{
    int64_t now_us = clock_now_us();
    answer->refusal = GIVEN_FINE;
    if (!takes(request, find_key(ask, key, &answer->row) ? GIVEN_LATE_US : 0, answer, error))
        return false;
    if (bytes < 1)
        return err_set(error, ERR_INVALID, "‘size’ must be at least 1");
    const HouseholdFileRow asked = {
        .id = uuid_new(), .key = *key, .bytes = bytes, .begun_us = now_us, .piece_us = now_us};
    Beginning beginning = {.ask = &ask->id, .asked = &asked, .answer = answer};
    return given_free_bytes(desk, &beginning.free_bytes, error) &&
           catalog_write_wait(desk->catalog, write_begin, &beginning, error);
}

/* ---- a piece ---- */

char *given_path(const HouseholdDesk *desk, const Uuid *household, const Uuid *file)
{
    char id[UUID_TEXT];
    g_autofree char *folder = household_folder_of(desk, household);
    g_autofree char *name = g_strconcat(GIVEN_PREFIX, uuid_text(file, id), NULL);
    return g_build_filename(folder, name, NULL);
}

/* Whatever a run that was cut off left behind `offset` goes. */
static bool append(int fd, int64_t offset, const char *from, GError **error)
{
    fd_auto int piece = open(from, O_RDONLY | O_CLOEXEC);
    g_autofree char *bytes = g_malloc(COPY_BYTES);
    if (piece < 0 || ftruncate(fd, offset) != 0 || lseek(fd, offset, SEEK_SET) != offset)
        return err_errno(error, errno, "a piece cannot be put where it belongs");
    for (;;) {
        ssize_t size = read(piece, bytes, COPY_BYTES);
        if (size < 0)
            return err_errno(error, errno, "a piece cannot be read");
        if (size == 0)
            break;
        if (!fd_write_all(fd, bytes, (size_t)size, error))
            return false;
    }
    return fdatasync(fd) == 0 || err_errno(error, errno, "a piece cannot be kept");
}

/* The file as it stands now, on the writer's thread: others may have changed it since it was read.
 */
static bool get_now(CatalogDb *db, const Uuid *id, HouseholdFileRow *row, GError **error)
{
    Uuid household, request;
    g_autofree char *case_number = NULL;
    return household_files_get(db, id, row, &household, &request, &case_number, error);
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Got {
    const HouseholdFileRow *row;
    bool gone; /* thrown away while the piece came */
} Got;

static bool write_got(CatalogDb *db, void *data, GError **error)
{
    Got *got = data;
    HouseholdFileRow now;
    g_autoptr(GError) missing = NULL;
    bool known = get_now(db, &got->row->id, &now, &missing);
    got->gone = known ? now.withdrawn_us != 0 : g_error_matches(missing, ERR, ERR_NOT_FOUND);
    if (got->gone)
        return given_refuse(GIVEN_REFUSED_GONE, error) == GIVEN_FINE;
    if (!known) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    return household_files_put(db, got->row, error);
}

static bool write_taken_back(CatalogDb *db, void *data, GError **error)
{
    HouseholdFileRow *row = data;
    if (!get_now(db, &row->id, row, error))
        return false;
    row->withdrawn_us = row->withdrawn_us ? row->withdrawn_us : clock_now_us();
    return household_files_put(db, row, error);
}

static bool take_kind(GivenAnswer *answer, const HouseholdUpload *piece, GError **error)
{
    FileKind kind = file_kind(piece->first, piece->first_bytes);
    if (kind == FILE_UNKNOWN) {
        answer->refusal = given_refuse(GIVEN_REFUSED_KIND, error);
        return false;
    }
    g_strlcpy(answer->row.type, file_kind_type(kind), sizeof answer->row.type);
    return true;
}

static bool take_piece(HouseholdDesk *desk, int fd, const HouseholdUpload *piece,
                       GivenAnswer *answer, GError **error)
{
    HouseholdFileRow *row = &answer->row;
    if (!append(fd, row->got, piece->path, error))
        return false;
    row->got += piece->bytes;
    row->piece_us = clock_now_us();
    if (row->got == row->bytes) {
        if (!given_digest(fd, row->bytes, row->sha256, error)) /* of what lies on the disk */
            return false;
        row->done_us = row->piece_us;
        row->room = row->bytes;
    }
    Got got = {.row = row};
    if (!catalog_write_wait(desk->catalog, write_got, &got, error)) {
        answer->refusal = got.gone ? GIVEN_REFUSED_GONE : GIVEN_FINE;
        return false;
    }
    if (row->done_us)
        fchmod(fd, 0440); /* not before: the last piece may have to come again */
    return true;
}

static bool find_n(const HouseholdAskRow *ask, int n, HouseholdFileRow *row, GError **error)
{
    for (guint i = 0; i < ask->files->len; i++) {
        *row = g_array_index(ask->files, HouseholdFileRow, i);
        if (row->n == n && !row->withdrawn_us && !row->expired_us)
            return true;
    }
    return err_set(error, ERR_NOT_FOUND, "there is no such file");
}

/* As it stands now, while its lock is held: another piece may have come in between, or it was
 * thrown away. */
static bool find_now(HouseholdDesk *desk, const Uuid *ask, GivenAnswer *answer, GError **error)
{
    g_autoptr(HouseholdRequestRow) of = NULL;
    g_autoptr(GError) none = NULL;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(HouseholdAskRow) now = db ? household_asks_get(db, ask, &of, error) : NULL;
    if (!now || !takes(of, GIVEN_LATE_US, answer, error))
        return false;
    if (!find_n(now, answer->row.n, &answer->row, &none))
        answer->refusal = given_refuse(GIVEN_REFUSED_GONE, error);
    return !answer->refusal;
}

static bool goes_on(const HouseholdFileRow *row, int64_t offset, GError **error)
{
    if (row->done_us)
        return err_set(error, ERR_EXISTS, "this file is whole");
    return offset == row->got || err_set(error, ERR_EXISTS, "this file goes on at another place");
}

bool given_goes_on(const HouseholdRequestRow *request, const HouseholdAskRow *ask, int n,
                   int64_t offset, GivenAnswer *answer, GError **error)
{
    HouseholdFileRow *row = &answer->row;
    answer->refusal = GIVEN_FINE;
    return takes(request, GIVEN_LATE_US, answer, error) && find_n(ask, n, row, error) &&
           goes_on(row, offset, error);
}

/* What came before is there, still? */
static bool is_whole_so_far(int fd, GivenAnswer *answer, GError **error)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0)
        return err_errno(error, errno, "what has come cannot be looked at");
    if (facts.st_size < answer->row.got)
        answer->refusal = given_refuse(GIVEN_REFUSED_GONE, error);
    return !answer->refusal;
}

/* With the file's lock held. */
static bool take_locked(HouseholdDesk *desk, const HouseholdAskRow *ask, int fd, int64_t offset,
                        const HouseholdUpload *piece, GivenAnswer *answer, GError **error)
{
    HouseholdFileRow *row = &answer->row;
    if (!find_now(desk, &ask->id, answer, error) || !goes_on(row, offset, error) ||
        !is_whole_so_far(fd, answer, error))
        return false;
    if (piece->bytes < 1 || piece->bytes > row->bytes - row->got)
        return err_set(error, ERR_INVALID, "this is more than the file was said to have");
    return given_make_room(desk, &ask->id, piece->bytes, row, &answer->refusal, error) &&
           (offset > 0 || take_kind(answer, piece, error)) &&
           take_piece(desk, fd, piece, answer, error);
}

bool given_take(HouseholdDesk *desk, const HouseholdRequestRow *request, const HouseholdAskRow *ask,
                int n, int64_t offset, const HouseholdUpload *piece, GivenAnswer *answer,
                GError **error)
{
    HouseholdFileRow *row = &answer->row;
    if (!given_goes_on(request, ask, n, offset, answer, error))
        return false;
    const Uuid id = row->id;
    g_autoptr(GError) trouble = NULL;
    g_autofree char *path = given_path(desk, &ask->household, &id),
                    *folder = g_path_get_dirname(path);
    if (!folder_make(folder, error))
        return false;
    fd_auto int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return err_errno(error, errno, "%s cannot be made", path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return err_set(error, ERR_EXISTS, "another piece of this file is on its way");
    if (take_locked(desk, ask, fd, offset, piece, answer, &trouble))
        return offset > 0 || folder_sync(folder, error);
    if (answer->refusal == GIVEN_REFUSED_KIND || answer->refusal == GIVEN_REFUSED_GONE)
        given_drop(desk, &ask->household, &id, NULL); /* else it goes a day later */
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

/* ---- afterwards ---- */

bool given_take_back(HouseholdDesk *desk, const HouseholdAskRow *ask, int n, HouseholdFileRow *row,
                     GError **error)
{
    if (!find_n(ask, n, row, error))
        return false;
    if (!catalog_write_wait(desk->catalog, write_taken_back, row, error))
        return false;
    if (!row->done_us)
        return given_drop(desk, &ask->household, &row->id, error);
    return row->evidence_us || given_delete(desk, &ask->household, &row->id, error);
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Looking {
    const Uuid *id;
    GivenLook *look;
    bool keep; /* it becomes evidence */
    HouseholdFileRow row;
    Uuid household, request;
} Looking;

static bool write_look(CatalogDb *db, void *data, GError **error)
{
    Looking *looking = data;
    g_autofree char *case_number = NULL;
    HouseholdFileRow *row = &looking->row;
    if (!household_files_get(db, looking->id, row, &looking->household, &looking->request,
                             &case_number, error))
        return false;
    if (!footage_file_is_given(row))
        return err_set(error, ERR_NOT_FOUND, "no such file");
    if (looking->keep) {
        row->evidence_us = row->evidence_us ? row->evidence_us : clock_now_us();
        return household_files_put(db, row, error);
    }
    HouseholdLookRow look = {.at_us = clock_now_us(), .who = *looking->look->who};
    g_strlcpy(look.role, looking->look->role, sizeof look.role);
    g_free(looking->look->case_number);
    looking->look->case_number = g_steal_pointer(&case_number);
    return household_looks_add(db, row->ref, &look, look.at_us - SAME_LOOK_US,
                               &looking->look->again, error);
}

int given_open(HouseholdDesk *desk, const Uuid *id, GivenLook *look, HouseholdFileRow *row,
               GError **error)
{
    Looking looking = {.id = id, .look = look};
    if (!catalog_write_wait(desk->catalog, write_look, &looking, error))
        return -1;
    *row = looking.row;
    g_autofree char *path = given_path(desk, &looking.household, &row->id);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        err_errno(error, errno, "what was given, %s, cannot be read", path);
    return fd;
}

bool given_stands(HouseholdDesk *desk, const Uuid *id, GError **error)
{
    HouseholdFileRow row;
    Uuid household, request;
    g_autofree char *case_number = NULL;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    if (!db || !household_files_get(db, id, &row, &household, &request, &case_number, error))
        return false;
    return footage_file_is_given(&row) ||
           err_set(error, ERR_DENIED, "the household has taken it back");
}

GArray *given_looks(HouseholdDesk *desk, const HouseholdFileRow *row, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    return db ? household_looks_list(db, row->ref, error) : NULL;
}

bool given_keep_as_evidence(HouseholdDesk *desk, const Uuid *id, HouseholdFileRow *row,
                            Uuid *request, GError **error)
{
    Looking looking = {.id = id, .keep = true};
    if (!catalog_write_wait(desk->catalog, write_look, &looking, error))
        return false;
    *row = looking.row;
    *request = looking.request;
    return true;
}
