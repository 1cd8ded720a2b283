/* ledger_fixture.h — a folder for one test, and files in it that can be tampered with. */
#pragma once

#include "base/file.h"
#include "base/secret.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static inline void folder_remove(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
            folder_remove(inside);
        else
            unlink(inside);
    }
    if (dir)
        g_dir_close(dir);
    rmdir(path);
}

/* *state is the folder's path. */
static inline int folder_set_up(void **state)
{
    secret_init();
    *state = g_dir_make_tmp("vonglau-XXXXXX", NULL);
    return *state ? 0 : -1;
}

static inline int folder_tear_down(void **state)
{
    folder_remove(*state);
    g_free(*state);
    return 0;
}

static inline char *text_load(const char *path)
{
    char *text = file_read(path, 64 << 20, NULL, NULL);
    assert_non_null(text);
    return text;
}

static inline void text_store(const char *path, const char *text)
{
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The first `from` in the file becomes `to`. */
static inline void text_edit(const char *path, const char *from, const char *to)
{
    g_autofree char *text = text_load(path);
    char *at = strstr(text, from);
    assert_non_null(at);
    g_autofree char *edited =
        g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    text_store(path, edited);
}

/* Lines of the file with their newlines; g_strfreev() them. */
static inline char **lines_load(const char *path)
{
    g_autofree char *text = text_load(path);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!line[1]) {
            g_clear_pointer(line, g_free);
            break;
        }
        char *whole = g_strconcat(*line, "\n", NULL);
        g_free(*line);
        *line = whole;
    }
    return lines;
}

static inline void lines_store(const char *path, char **lines)
{
    g_autofree char *text = g_strjoinv("", lines);
    text_store(path, text);
}
