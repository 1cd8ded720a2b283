/* server_figures.c — see server_figures.h */
#include "server_figures.h"

#include "unit.h"

#include <unistd.h>

enum { WAIT_MS = 10000, GROWTH_BYTES = 8 << 20 };

ServerFigures server_figures(const Server *server)
{
    g_autofree char *descriptors = g_strdup_printf("/proc/%d/fd", (int)server->pid);
    g_autofree char *memory = g_strdup_printf("/proc/%d/statm", (int)server->pid);
    ServerFigures figures = {0};
    g_autofree char *text = NULL;
    g_autoptr(GDir) list = g_dir_open(descriptors, 0, NULL);
    g_assert(list && g_file_get_contents(memory, &text, NULL, NULL));
    while (g_dir_read_name(list))
        figures.descriptors++;
    figures.resident_bytes = g_ascii_strtoll(strchr(text, ' '), NULL, 10) * sysconf(_SC_PAGESIZE);
    return figures;
}

/* What each descriptor is of, for whoever must find the one too many. */
static void tell_descriptors(const Server *server)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)server->pid);
    g_autoptr(GDir) list = g_dir_open(folder, 0, NULL);
    for (const char *name; list && (name = g_dir_read_name(list));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);
        print_message("descriptor %s: %s\n", name, target);
    }
}

void server_gives_back(const Server *server, const ServerFigures *before)
{
    ServerFigures after = server_figures(server);
    for (int waited = 0; waited < WAIT_MS && after.descriptors > before->descriptors;
         waited += 100) {
        sleep_ms(100);
        after = server_figures(server);
    }
    print_message("descriptors %u, then %u; memory %.1f MiB, then %.1f MiB\n", before->descriptors,
                  after.descriptors, (double)before->resident_bytes / (1 << 20),
                  (double)after.resident_bytes / (1 << 20));
    if (after.descriptors > before->descriptors)
        tell_descriptors(server);
    assert_in_range(after.descriptors, 1, before->descriptors);
    assert_true(after.resident_bytes < before->resident_bytes + GROWTH_BYTES);
}
