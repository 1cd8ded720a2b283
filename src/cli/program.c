#include "cli/program.h"

#include <glib.h>
#include <unistd.h>

char *program_folder(void)
{
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[MAX(length, 0)] = '\0';
    return g_path_get_dirname(self);
}

char *program_file(const char *built, const char *installed)
{
    g_autofree char *folder = program_folder();
    g_autofree char *here = g_build_filename(folder, "..", built, NULL),
                    *there = g_build_filename(folder, "../share/vonglau", installed, NULL);
    if (access(here, R_OK) == 0)
        return g_steal_pointer(&here);
    return access(there, R_OK) == 0 ? g_steal_pointer(&there) : NULL;
}
