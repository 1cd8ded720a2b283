#include "cli/command.h"

#include <stdio.h>
#include <string.h>

bool command_options(const char *synopsis, const char *about, const GOptionEntry *entries,
                     int *argc, char ***argv, int *status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    gboolean help = FALSE;
    const GOptionEntry help_entry[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL}, {NULL}};
    g_option_context_set_help_enabled(context, FALSE);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, help_entry, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        g_autofree char *name = g_strndup(synopsis, strcspn(synopsis, "-[{"));
        *status = command_usage("%s; see vonglau %s--help", error->message, name);
        return false;
    }
    if (!help)
        return true;
    g_autofree char *options = g_option_context_get_help(context, FALSE, NULL);
    const char *list = strstr(options, "\n\n");
    printf("Usage: vonglau %s\n\n%s\n%s", synopsis, about, list ? list + 1 : "");
    *status = EXIT_OK;
    return false;
}

int command_fail(const GError *error)
{
    fprintf(stderr, "vonglau: %s\n", error->message);
    return EXIT_FAILED;
}

int command_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "vonglau: %s\n", text);
    return EXIT_USAGE;
}

static void list_table(FILE *out, const char *group, const Command *table, size_t count)
{
    fprintf(out, "Usage: vonglau %sCOMMAND [--help]\n\n", group);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-10s %s\n", table[i].name, table[i].summary);
}

int command_dispatch(const char *group, const Command *table, size_t count, int argc, char **argv)
{
    if (argc < 1) {
        list_table(stderr, group, table, count);
        return EXIT_USAGE;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        list_table(stdout, group, table, count);
        return EXIT_OK;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(argv[0], table[i].name) == 0)
            return table[i].run(argc, argv);
    return command_usage("there is no command ‘%s%s’; see vonglau %s--help", group, argv[0], group);
}
