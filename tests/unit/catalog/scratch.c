#include "scratch.h"

#include <ftw.h>
#include <glib.h>
#include <stdio.h>

char *scratch_new(void)
{
    char *folder = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    g_assert(folder);
    return folder;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    return remove(path);
}

void scratch_remove(char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(folder);
}

Uuid uuid_of(uint8_t number)
{
    return (Uuid){{[0] = 0x42, [15] = number}};
}
