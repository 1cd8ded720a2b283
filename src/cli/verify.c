/* verify.c — `vonglau verify`: needs no server, no catalog, no secret. */
#include "archive/verify.h"

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/volume.h"

static void show(void *data, int64_t done_bytes, int64_t all_bytes)
{
    progress_show(data, done_bytes, all_bytes);
}

/* The folders of the volumes of a data folder, as its configuration names them: NULL-terminated, to
 * be freed with its parts; NULL for what is none. */
static GPtrArray *volumes_of(const char *target, GError **error)
{
    g_autoptr(DataFolder) folder = data_folder_paths(target);
    GPtrArray *paths =
        g_file_test(folder->config, G_FILE_TEST_IS_REGULAR) ? volume_paths(folder, error) : NULL;
    if (paths)
        g_ptr_array_add(paths, NULL);
    return paths;
}

static bool verify_one(const char *target, VerifyOptions *options, VerifyReport *report,
                       GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) volumes = volumes_of(target, &trouble);
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    options->volumes = volumes ? (const char *const *)volumes->pdata : NULL;
    return verify_target(target, options, report, error);
}

int command_verify(int argc, char **argv)
{
    g_autofree char *key = NULL, *keys = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"key", 0, 0, G_OPTION_ARG_STRING, &key,
         "Fingerprint of the node's key, from elsewhere than the footage", "FINGERPRINT"},
        {"keys", 0, 0, G_OPTION_ARG_FILENAME, &keys, "A keys.jsonl (default: found by itself)",
         "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Answer as JSON", NULL},
        {NULL}};
    int status;
    if (!command_options(
            "verify DIR|FILE.mp4|PACKAGE.zip … [--key FINGERPRINT] [--json]",
            "Checks that footage, ledgers and evidence packages are unchanged since they reached\n"
            "the node; of a package it says so second by second.\n"
            "Exit status 0 only if everything holds.",
            entries, &argc, &argv, &status))
        return status;
    if (argc < 2)
        return command_usage("verify needs a folder or a file; see vonglau verify --help");
    g_auto(VerifyReport) report;
    verify_report_init(&report);
    Progress progress = progress_begin("verify");
    VerifyOptions options = {
        .key_fingerprint = key, .keys_path = keys, .progress = show, .progress_data = &progress};
    for (int i = 1; i < argc; i++) {
        g_autoptr(GError) error = NULL;
        if (!verify_one(argv[i], &options, &report, &error)) {
            progress_end(&progress);
            return command_fail(error);
        }
    }
    progress_end(&progress);
    if (json)
        verify_print_json(&report, stdout);
    else
        verify_print(&report, stdout);
    return verify_passed(&report) ? EXIT_OK : EXIT_FAILED;
}
