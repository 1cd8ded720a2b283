/* catalog.c — `vonglau catalog …` */
#include "base/clock.h"
#include "base/time_text.h"
#include "catalog/care.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/rebuild.h"
#include "config/data_folder.h"

#include <stdio.h>

static void show(void *data, uint64_t done, uint64_t total)
{
    progress_show(data, (int64_t)done, (int64_t)total);
}

static bool parse(const char *synopsis, const char *about, char **data, int *argc, char ***argv,
                  int *status)
{
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, data, "Data folder", "DIR"}, {NULL}};
    if (!command_options(synopsis, about, entries, argc, argv, status))
        return false;
    if (*data && *argc == 1)
        return true;
    *status =
        *data ? command_usage("‘%s’ is one word too many; see vonglau catalog --help", (*argv)[1])
              : command_usage("--data DIR is missing; see vonglau catalog --help");
    return false;
}

static int check(int argc, char **argv)
{
    g_autofree char *data = NULL;
    int status;
    if (!parse("catalog check --data DIR", "Looks through the whole catalog.", &data, &argc, &argv,
               &status))
        return status;
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    g_autoptr(GError) error = NULL;
    g_auto(CatalogCheck) found = {0};
    if (!catalog_check(folder->catalog, &found, &error))
        return command_fail(error);
    printf("version %d: %" G_GINT64_FORMAT " cameras, %" G_GINT64_FORMAT " locations, "
           "%" G_GINT64_FORMAT " accounts, %" G_GINT64_FORMAT " segments (%" G_GINT64_FORMAT
           " open)\n",
           found.version, found.cameras, found.locations, found.accounts, found.segments,
           found.open_segments);
    for (guint i = 0; i < found.faults->len; i++)
        printf("fault: %s\n", (const char *)g_ptr_array_index(found.faults, i));
    if (found.faults->len == 0)
        return EXIT_OK;
    puts("stop the server and run vonglau catalog rebuild");
    return EXIT_FAILED;
}

static int backup(int argc, char **argv)
{
    g_autofree char *data = NULL, *copy = NULL;
    int status;
    if (!parse("catalog backup --data DIR",
               "Copies the catalog to DIR/backup, server running or not.", &data, &argc, &argv,
               &status))
        return status;
    g_autoptr(DataFolder) folder = data_folder_paths(data);
    g_autoptr(GError) error = NULL;
    Progress progress = progress_begin("backup");
    bool done = catalog_backup(folder->catalog, folder->backup, clock_now_us(), show, &progress,
                               &copy, &error);
    progress_end(&progress);
    if (!done)
        return command_fail(error);
    puts(copy);
    return EXIT_OK;
}

static void tell_copy(const LastCopy *copy)
{
    char at[TIME_TEXT];
    if (!copy->is_whole && !copy->at_us) {
        puts("there is no sound copy of a catalog in backup/: reports, cases, packages and "
             "households are not in the new one");
        return;
    }
    printf("%" G_GINT64_FORMAT " cases, %" G_GINT64_FORMAT " reports, %" G_GINT64_FORMAT
           " packages and %" G_GINT64_FORMAT " households ",
           copy->cases, copy->reports, copy->packages, copy->households);
    time_text(copy->at_us, at);
    if (copy->is_whole)
        puts("kept");
    else
        printf("as they were at %s: what people did later is in the audit log alone\n", at);
}

static int rebuild(int argc, char **argv)
{
    g_autofree char *data = NULL;
    int status;
    if (!parse("catalog rebuild --data DIR",
               "Makes the catalog anew from site.json, the footage's own seals and the newest copy "
               "of it. The server must be stopped.",
               &data, &argc, &argv, &status))
        return status;
    g_autoptr(GError) error = NULL;
    RebuildReport report = {0};
    if (!rebuild_catalog(data, &report, &error))
        return command_fail(error);
    printf("%" G_GINT64_FORMAT " cameras and %" G_GINT64_FORMAT " segments restored\n",
           report.cameras, report.segments);
    tell_copy(&report.copy);
    puts("sessions are not kept: people sign in anew");
    if (report.aside)
        printf("the old catalog stands aside as %s\n", report.aside);
    g_free(report.aside);
    return EXIT_OK;
}

int command_catalog(int argc, char **argv)
{
    static const Command table[] = {
        {"check", check, "look through the catalog for faults"},
        {"rebuild", rebuild, "make the catalog anew from the files"},
        {"backup", backup, "copy the catalog"},
    };
    return command_dispatch("catalog ", table, G_N_ELEMENTS(table), argc - 1, argv + 1);
}
