#include "cli/password.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

enum { PASSWORD_FILE_MOST = 4096 };

char *password_from_file(const char *path, GError **error)
{
    char *text;
    if (strcmp(path, "-") == 0) {
        text = g_malloc0(PASSWORD_FILE_MOST);
        if (!fgets(text, PASSWORD_FILE_MOST, stdin))
            text[0] = '\0';
    } else {
        text = file_read(path, PASSWORD_FILE_MOST, NULL, error);
        if (!text)
            return NULL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    if (!*text) {
        g_free(text);
        err_set(error, ERR_INVALID, "%s holds no password in its first line", path);
        return NULL;
    }
    return text;
}
