/* `vonglau evidence upgrade`: adds the proofs of its days to a package. Needs no server; with the
 * lines that a node gave, not even the node. */
#include "cli/evidence_upgrade_run.h"

#include "archive/package.h"
#include "base/clock.h"
#include "base/file.h"
#include "casework/evidence_upgrade.h"
#include "cli/command.h"
#include "cli/volume.h"

#include <stdio.h>

static GString *lines_of_node(const char *data, const char *path, GError **error)
{
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    g_autoptr(GPtrArray) volumes =
        data_folder_check(folder, error) ? volume_paths(folder, error) : NULL;
    if (!volumes)
        return NULL;
    g_ptr_array_add(volumes, NULL);
    return evidence_day_proofs(folder->path, (const char *const *)volumes->pdata, path,
                               clock_now_us(), error);
}

static GString *lines_of_file(const char *proofs, GError **error)
{
    size_t size;
    g_autofree char *text = file_read(proofs, PACKAGE_TEXT_MOST_BYTES, &size, error);
    return text ? g_string_new_len(text, (gssize)size) : NULL;
}

int evidence_upgrade_run(int argc, char **argv)
{
    g_autofree char *data = NULL, *proofs = NULL;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder of the node that made it", "DIR"},
        {"proofs", 0, 0, G_OPTION_ARG_FILENAME, &proofs,
         "The lines to add, as the app gives them, in place of --data", "FILE.jsonl"},
        {NULL}};
    int status;
    if (!command_options("evidence upgrade FILE.zip --data DIR|--proofs FILE.jsonl",
                         "Adds to a package what proves it up to the roots of its days, which were "
                         "not over when\nit was made. Signature and files stay as they are.",
                         entries, &argc, &argv, &status))
        return status;
    if (argc != 2 || !data == !proofs)
        return command_usage("evidence upgrade needs a package, and --data or --proofs; see "
                             "vonglau evidence upgrade --help");
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) lines =
        data ? lines_of_node(data, argv[1], &error) : lines_of_file(proofs, &error);
    if (lines && evidence_upgrade(argv[1], lines->str, lines->len, &error)) {
        printf("%s: proofs up to the roots of its days were added; signature and files are as they "
               "were\n",
               argv[1]);
        return EXIT_OK;
    }
    if (!g_error_matches(error, ERR, ERR_EXISTS))
        return command_fail(error);
    printf("%s: %s\n", argv[1], error->message);
    return EXIT_OK;
}
