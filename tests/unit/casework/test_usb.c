/* A file onto a stick: whole under its name, or not at all; and nowhere but below the one folder.
 */
#include "unit.h"

#include "base/error.h"
#include "base/file.h"
#include "casework/usb.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES = 3 << 20 };

typedef struct Bench {
    char *root, *stick, *outside;
    int from;
    uint8_t digest[SHA256_BYTES];
} Bench;

static int set_up(void **state)
{
    Bench *bench = g_new0(Bench, 1);
    bench->root = g_dir_make_tmp("sticks-XXXXXX", NULL);
    bench->outside = g_dir_make_tmp("outside-XXXXXX", NULL);
    bench->stick = g_build_filename(bench->root, "USB-01", NULL);
    assert_true(folder_make(bench->stick, NULL));
    g_autofree char *path = g_build_filename(bench->outside, "package", NULL);
    g_autofree uint8_t *data = g_malloc(BYTES);
    for (size_t i = 0; i < BYTES; i++)
        data[i] = (uint8_t)(i * 7 + i / 4096);
    assert_true(g_file_set_contents(path, (const char *)data, BYTES, NULL));
    sha256(data, BYTES, bench->digest);
    bench->from = open(path, O_RDONLY | O_CLOEXEC);
    *state = bench;
    return 0;
}

static void remove_all(const char *folder)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        if (unlink(path) < 0)
            remove_all(path);
    }
    rmdir(folder);
}

static int tear_down(void **state)
{
    Bench *bench = *state;
    close(bench->from);
    remove_all(bench->root);
    remove_all(bench->outside);
    g_free(bench->root);
    g_free(bench->stick);
    g_free(bench->outside);
    g_free(bench);
    return 0;
}

static bool copy(const Bench *bench, const char *volume, char file[USB_FILE_TEXT], GError **error)
{
    char hash[SHA256_HEX], wanted[SHA256_HEX];
    const UsbCopy asked = {.root = bench->root,
                           .volume = volume,
                           .unmounted = true,
                           .from = bench->from,
                           .bytes = BYTES,
                           .stem = "CC-2026-0007"};
    if (!usb_copy(&asked, file, hash, error))
        return false;
    hex_encode(bench->digest, SHA256_BYTES, wanted);
    assert_string_equal(hash, wanted);
    return true;
}

static guint files_on(const char *folder)
{
    g_autoptr(GPtrArray) names = folder_names(folder);
    return names->len;
}

static void a_copy_is_whole_and_leaves_what_is_there(void **state)
{
    const Bench *bench = *state;
    char first[USB_FILE_TEXT], second[USB_FILE_TEXT];
    assert_true(copy(bench, "USB-01", first, NULL));
    assert_true(copy(bench, "USB-01", second, NULL));
    assert_string_equal(first, "CC-2026-0007.zip");
    assert_string_equal(second, "CC-2026-0007-2.zip");
    assert_int_equal(files_on(bench->stick), 2);
}

/* Of the whole file onto the stick of the bench, which its callbacks get. */
static UsbCopy copy_of(Bench *bench)
{
    return (UsbCopy){.root = bench->root,
                     .volume = "USB-01",
                     .unmounted = true,
                     .from = bench->from,
                     .bytes = BYTES,
                     .stem = "CC-2026-0007",
                     .data = bench};
}

static bool refuse_whole(void *data, const char *hash, GError **error)
{
    const Bench *bench = data;
    assert_int_equal(strlen(hash), SHA256_HEX - 1);
    assert_int_equal(files_on(bench->stick), 1); /* all of it, without its name */
    return err_set(error, ERR_EXISTS, "it may not leave any more");
}

static void a_copy_that_is_not_recorded_gets_no_name_and_goes(void **state)
{
    Bench *bench = *state;
    char hash[SHA256_HEX], file[USB_FILE_TEXT];
    g_autoptr(GError) error = NULL;
    UsbCopy asked = copy_of(bench);
    asked.whole = refuse_whole;
    assert_false(usb_copy(&asked, file, hash, &error));
    assert_true(g_error_matches(error, ERR, ERR_EXISTS));
    assert_int_equal(files_on(bench->stick), 0);
}

static void what_a_crash_left_of_a_copy_is_swept_and_nothing_else(void **state)
{
    const Bench *bench = *state;
    g_autofree char *half = g_build_filename(bench->stick, ".vonglau.part", NULL),
                    *other = g_build_filename(bench->stick, "ảnh.jpg", NULL);
    assert_true(g_file_set_contents(half, "half", -1, NULL));
    assert_true(g_file_set_contents(other, "of somebody", -1, NULL));
    usb_sweep(bench->root, true);
    assert_false(g_file_test(half, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
}

static void nothing_but_a_folder_right_below_the_root_is_a_stick(void **state)
{
    const Bench *bench = *state;
    char file[USB_FILE_TEXT];
    g_autofree char *link = g_build_filename(bench->root, "link", NULL);
    assert_int_equal(symlink(bench->outside, link), 0);
    const char *const names[] = {"link", "..", ".", "", "USB-01/..", "/tmp", "away", "USB-01/x"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(copy(bench, names[i], file, &error));
        assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
    }
    assert_int_equal(files_on(bench->outside), 1);
    g_autoptr(GPtrArray) volumes = usb_volumes(bench->root, true);
    assert_int_equal(volumes->len, 1);
    g_autoptr(GPtrArray) mounted = usb_volumes(bench->root, false);
    assert_int_equal(mounted->len, 0); /* a plain folder is the server's own disk */
}

static void a_part_that_is_a_link_is_not_followed(void **state)
{
    const Bench *bench = *state;
    char file[USB_FILE_TEXT];
    g_autofree char *victim = g_build_filename(bench->outside, "victim", NULL), *data = NULL;
    g_autofree char *part = g_build_filename(bench->stick, ".vonglau.part", NULL);
    assert_true(g_file_set_contents(victim, "mine", -1, NULL));
    assert_int_equal(symlink(victim, part), 0);
    assert_true(copy(bench, "USB-01", file, NULL));
    assert_true(g_file_get_contents(victim, &data, NULL, NULL));
    assert_string_equal(data, "mine");
}

/* The kernel says so in the middle of a file, as FAT does at 4 GiB. */
static void what_the_stick_does_not_take_leaves_no_half_file(void **state)
{
    const Bench *bench = *state;
    char file[USB_FILE_TEXT];
    struct rlimit before, small;
    g_autoptr(GError) error = NULL;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = BYTES / 2;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool copied = copy(bench, "USB-01", file, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(copied);
    assert_true(g_error_matches(error, ERR, ERR_UNSUPPORTED));
    assert_int_equal(files_on(bench->stick), 0);
}

static void one_that_is_stopped_leaves_no_half_file(void **state)
{
    const Bench *bench = *state;
    char file[USB_FILE_TEXT], hash[SHA256_HEX];
    atomic_bool stop = true;
    g_autoptr(GError) error = NULL;
    const UsbCopy asked = {.root = bench->root,
                           .volume = "USB-01",
                           .unmounted = true,
                           .from = bench->from,
                           .bytes = BYTES,
                           .stem = "CC-2026-0007",
                           .stop = &stop};
    assert_false(usb_copy(&asked, file, hash, &error));
    assert_true(g_error_matches(error, ERR, ERR_UNAVAILABLE));
    assert_int_equal(files_on(bench->stick), 0);
}

/* Once all of it is written, a byte on the stick becomes another. */
static void spoil_when_written(void *data, int64_t done)
{
    const Bench *bench = data;
    g_autoptr(GPtrArray) names = folder_names(bench->stick);
    if (done != BYTES || names->len != 1)
        return;
    g_autofree char *path = g_build_filename(bench->stick, names->pdata[0], NULL);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "x", 1, BYTES / 2), 1);
    assert_int_equal(fsync(fd), 0);
    close(fd);
}

static void what_the_stick_gives_back_otherwise_is_no_copy(void **state)
{
    Bench *bench = *state;
    char file[USB_FILE_TEXT], hash[SHA256_HEX];
    g_autoptr(GError) error = NULL;
    UsbCopy asked = copy_of(bench);
    asked.progress = spoil_when_written;
    assert_false(usb_copy(&asked, file, hash, &error));
    assert_true(g_error_matches(error, ERR, ERR_CORRUPT));
    assert_int_equal(files_on(bench->stick), 0);
}

/* More than any disk has free. */
static void a_full_stick_is_told(void **state)
{
    const Bench *bench = *state;
    char file[USB_FILE_TEXT], hash[SHA256_HEX];
    g_autoptr(GError) error = NULL;
    const UsbCopy asked = {.root = bench->root,
                           .volume = "USB-01",
                           .unmounted = true,
                           .from = bench->from,
                           .bytes = INT64_MAX,
                           .stem = "CC-2026-0007"};
    assert_false(usb_copy(&asked, file, hash, &error));
    assert_true(g_error_matches(error, ERR, ERR_FULL));
    assert_int_equal(files_on(bench->stick), 0);
}

static bool is_among(const GPtrArray *volumes, const char *name)
{
    for (guint i = 0; i < volumes->len; i++)
        if (strcmp(((const UsbVolume *)volumes->pdata[i])->name, name) == 0)
            return true;
    return false;
}

/* On every Linux /proc is mounted, and /etc is a folder of the system's own disk. */
static void what_is_mounted_below_the_root_is_a_stick(void **state)
{
    g_autoptr(GPtrArray) volumes = usb_volumes("/", false);
    assert_true(is_among(volumes, "proc"));
    assert_false(is_among(volumes, "etc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_copy_is_whole_and_leaves_what_is_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_copy_that_is_not_recorded_gets_no_name_and_goes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_a_crash_left_of_a_copy_is_swept_and_nothing_else,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_but_a_folder_right_below_the_root_is_a_stick,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_part_that_is_a_link_is_not_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_stick_does_not_take_leaves_no_half_file, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_stopped_leaves_no_half_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_stick_gives_back_otherwise_is_no_copy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_stick_is_told, set_up, tear_down),
        cmocka_unit_test(what_is_mounted_below_the_root_is_a_stick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
