/* What a target is, which keys belong to it, and what is checked of it in which order. */
#include "archive/verify.h"

#include "archive/verify_check.h"
#include "archive/volume.h"
#include "base/error.h"
#include "base/file.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"
#include "ledger/merkle.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_UP = 5 };

static void chain_free(void *data)
{
    CheckedChain *chain = data;
    g_array_unref(chain->lines);
    g_free(chain);
}

static void verify_clear(Verify *verify)
{
    key_ring_free(verify->ring);
    g_ptr_array_unref(verify->chains);
    g_array_unref(verify->volumes);
    if (verify->journal)
        g_hash_table_unref(verify->journal);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verify, verify_clear)

static bool is_folder(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_DIR);
}

static bool has_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return access(path, F_OK) == 0;
}

/* keys.jsonl of the ledger, or a volume's copy: the nearest one at or above the target. Owned. */
static char *keys_find(const char *target)
{
    static const char *const names[] = {"ledger/keys.jsonl", "keys.jsonl"};
    g_autofree char *folder = g_strdup(target);
    for (int up = 0; up < FOLDERS_UP; up++) {
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (has_file(folder, names[i]))
                return g_build_filename(folder, names[i], NULL);
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        folder = parent;
    }
    return NULL;
}

static void key_confirm(Verify *verify, const char *keys_path)
{
    VerifyReport *report = verify->report;
    const char *asked = verify->options->key_fingerprint;
    size_t count = key_ring_count(verify->ring);
    char text[FINGERPRINT_TEXT];
    if (count > 0) {
        g_free(report->fingerprint);
        report->fingerprint =
            g_strdup(public_key_fingerprint(key_ring_key(verify->ring, count - 1), text));
    }
    if (!asked)
        return;
    bool confirmed = key_ring_has_fingerprint(verify->ring, asked);
    report->key_confirmed = confirmed && (!report->key_asked || report->key_confirmed);
    report->key_asked = true;
    if (!confirmed)
        verify_fault(verify, NULL, 0, 0, keys_path,
                     "signed by another key than the one asked for: its fingerprint is %s",
                     report->fingerprint ? report->fingerprint : "unknown");
}

void verify_ring_take(Verify *verify, KeyRing *ring, const char *path, const GError *trouble)
{
    verify->ring = ring;
    if (ring) {
        key_confirm(verify, path);
        return;
    }
    verify->report->key_asked |= verify->options->key_fingerprint != NULL;
    verify->report->key_confirmed = false;
    verify_fault(verify, NULL, 0, 0, path, "%s",
                 trouble ? trouble->message
                         : "no keys.jsonl here or above: signatures cannot be checked; put the "
                           "node's ledger/keys.jsonl beside it");
}

static void keys_load(Verify *verify, const char *target)
{
    g_autofree char *path =
        verify->options->keys_path ? g_strdup(verify->options->keys_path) : keys_find(target);
    g_autoptr(GError) trouble = NULL;
    KeyRing *ring = path ? key_ring_load(path, &trouble) : NULL;
    verify_ring_take(verify, ring, path ? path : target, trouble);
}

static int by_bytes(const void *a, const void *b)
{
    return uuid_compare(a, b);
}

static GArray *cameras_of(const char *volume_folder)
{
    GArray *cameras = g_array_new(FALSE, FALSE, sizeof(Uuid));
    g_autoptr(GDir) dir = g_dir_open(volume_folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        Uuid camera;
        if (uuid_parse(name, &camera))
            g_array_append_val(cameras, camera);
    }
    g_array_sort(cameras, by_bytes);
    return cameras;
}

static void volume_check_all(Verify *verify, const char *folder)
{
    g_autoptr(GError) trouble = NULL;
    Uuid id, node;
    bool known = volume_read_ids(folder, &id, &node, &trouble);
    if (known)
        g_array_append_val(verify->volumes, id);
    else
        verify_fault(verify, NULL, 0, 0, folder, "%s", trouble->message);
    verify_journal_load(verify, folder);
    g_autoptr(GArray) cameras = cameras_of(folder);
    for (size_t i = 0; i < cameras->len; i++) {
        CameraTarget target = {.volume_folder = folder, .volume = known ? &id : NULL};
        target.camera = g_array_index(cameras, Uuid, i);
        verify_camera(verify, &target);
    }
}

static void data_check(Verify *verify, const char *folder)
{
    g_autofree char *footage = g_build_filename(folder, "footage", NULL);
    g_autofree char *ledger = g_build_filename(folder, "ledger", NULL);
    verify_ledger_before(verify, ledger);
    if (has_file(footage, "volume.json"))
        volume_check_all(verify, footage);
    const char *const *more = verify->options->volumes;
    for (size_t i = 0; more && more[i]; i++)
        if (strcmp(more[i], footage) != 0)
            volume_check_all(verify, more[i]);
    if (is_folder(ledger))
        verify_ledger(verify, ledger);
}

static void camera_check(Verify *verify, const char *volume_folder, const Uuid *camera,
                         const char *only_day)
{
    Uuid id, node;
    bool known = volume_read_ids(volume_folder, &id, &node, NULL);
    CameraTarget target = {.volume_folder = volume_folder, .volume = known ? &id : NULL};
    target.camera = *camera;
    target.only_day = only_day;
    verify_journal_load(verify, volume_folder);
    verify_camera(verify, &target);
}

/* The line of a file in the seals.jsonl beside it; the file alone, not the chain. */
typedef struct FileCheck {
    Verify *verify;
    const char *path;
    char *name;
    char *seals;
    bool found;
} FileCheck;

static void file_line_check(FileCheck *check, const char *text, size_t size, unsigned number)
{
    g_auto(SegmentSeal) seal = {0};
    if (!strstr(text, check->name) || !segment_seal_parse(text, size, &seal) ||
        strcmp(seal.file + 11, check->name) != 0)
        return;
    LineHead head = {.seq = seal.seq, .prev = seal.prev, .seal = seal.seal};
    check->found = true;
    check->verify->report->lines++;
    verify_signature(check->verify, &head, text, &seal.camera, seal.from_us, seal.to_us,
                     check->seals, number);
    Hash root = merkle_root(seal.entries, seal.entries ? seal.entry_count : 0);
    if (seal.entries && hash_equal(&root, &seal.root))
        verify_segment(check->verify, check->path, &seal);
    else
        verify_fault(check->verify, &seal.camera, seal.from_us, seal.to_us, check->seals,
                     "line %u %s", number,
                     seal.entries ? "has leaves that do not have the root that was signed"
                                  : "says that this file was retired");
}

static void file_check(Verify *verify, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *seals = g_build_filename(folder, "seals.jsonl", NULL);
    g_autoptr(GError) trouble = NULL;
    FileCheck check = {.verify = verify, .path = path, .name = name, .seals = seals};
    g_autoptr(JsonlReader) reader =
        access(seals, F_OK) == 0 ? jsonl_reader_open(seals, &trouble) : NULL;
    const char *text;
    size_t size;
    while (reader && jsonl_next(reader, &text, &size, &trouble) > 0)
        file_line_check(&check, text, size, jsonl_reader_number(reader));
    if (trouble)
        verify_fault(verify, NULL, 0, 0, seals, "%s", trouble->message);
    if (check.found)
        return;
    g_autofree char *day = g_path_get_basename(folder);
    g_autofree char *camera_folder = g_path_get_dirname(folder);
    g_autofree char *camera = g_path_get_basename(camera_folder);
    g_autofree char *volume_folder = g_path_get_dirname(camera_folder);
    g_autofree char *file = g_build_filename(day, name, NULL);
    CameraTarget target = {.volume_folder = volume_folder};
    if (!uuid_parse(camera, &target.camera)) {
        verify_fault(verify, NULL, 0, 0, path,
                     "no seals.jsonl beside it has a line for this file; a clip has no seal of its "
                     "own: check the footage it was cut from");
        return;
    }
    verify_journal_load(verify, volume_folder);
    verify_unsealed(verify, &target, file);
}

/* Bytes of all footage files below, for the progress. */
static int64_t footage_bytes(const char *path, unsigned depth)
{
    struct stat facts;
    if (lstat(path, &facts) < 0)
        return 0;
    if (S_ISREG(facts.st_mode))
        return g_str_has_suffix(path, ".mp4") ? facts.st_size : 0;
    if (!S_ISDIR(facts.st_mode) || depth == 0)
        return 0;
    int64_t bytes = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        bytes += footage_bytes(inside, depth - 1);
    }
    return bytes;
}

/* Recognises the target by what is in it and how it is called; false when it is nothing of ours. */
static bool target_check(Verify *verify, const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *parent_name = g_path_get_basename(parent);
    g_autofree char *above = g_path_get_dirname(parent);
    Uuid camera;
    int64_t day_us;
    if (!is_folder(path))
        file_check(verify, path);
    else if (has_file(path, "volume.json"))
        volume_check_all(verify, path);
    else if (has_file(path, "ledger") || has_file(path, "footage"))
        data_check(verify, path);
    else if (uuid_parse(name, &camera))
        camera_check(verify, parent, &camera, NULL);
    else if (day_parse(name, &day_us) && uuid_parse(parent_name, &camera))
        camera_check(verify, above, &camera, name);
    else if (access(path, R_OK | X_OK) != 0)
        return err_errno(error, errno, "cannot look into %s: run this as the user that owns it",
                         path);
    else
        return err_set(error, ERR_INVALID,
                       "%s is not a data folder, a volume, a camera's folder, a day of it or a "
                       "footage file",
                       path);
    return true;
}

/* What the node would hand over is as it was made. Each has keys and a span of its own, of which
 * nothing is told here but faults. */
static void packages_check(Verify *verify, const char *folder)
{
    VerifyReport *report = verify->report;
    guint spans = report->spans->len, complete = report->complete->len;
    g_autofree char *own_key = g_steal_pointer(&report->fingerprint);
    g_autofree char *packages = g_build_filename(folder, "packages", NULL);
    g_autoptr(GPtrArray) names = folder_names(packages);
    for (guint i = 0; i < names->len; i++) {
        g_autoptr(GError) trouble = NULL;
        g_autofree char *path = g_build_filename(packages, names->pdata[i], NULL);
        if (g_str_has_suffix(path, ".zip") &&
            !verify_target(path, verify->options, report, &trouble))
            verify_fault(verify, NULL, 0, 0, path, "%s", trouble->message);
    }
    g_array_set_size(report->spans, spans);
    g_array_set_size(report->complete, complete);
    g_free(report->fingerprint);
    report->fingerprint = g_steal_pointer(&own_key);
}

bool verify_target(const char *path, const VerifyOptions *options, VerifyReport *report,
                   GError **error)
{
    static const VerifyOptions none;
    g_auto(Verify) verify = {.options = options ? options : &none, .report = report};
    char whole[PATH_MAX];
    verify.chains = g_ptr_array_new_with_free_func(chain_free);
    verify.volumes = g_array_new(FALSE, FALSE, sizeof(Uuid));
    if (verify.options->key_fingerprint && !fingerprint_plausible(verify.options->key_fingerprint))
        return err_set(error, ERR_INVALID,
                       "‘%s’ is no fingerprint: at least its first 32 hex digits are needed",
                       verify.options->key_fingerprint);
    if (!realpath(path, whole))
        return err_errno(error, errno, "cannot check %s", path);
    if (verify.options->progress)
        verify.all_bytes = report->bytes + footage_bytes(whole, FOLDERS_UP);
    if (verify_is_package(whole)) /* has its own keys */
        return verify_package(&verify, whole, error);
    keys_load(&verify, whole);
    if (!target_check(&verify, whole, error))
        return false;
    if (has_file(whole, "ledger"))
        packages_check(&verify, whole);
    return true;
}
