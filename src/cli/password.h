/* password.h — passwords for the command line: from a file, never from an argument (ps shows
 * those). */
#pragma once

#include "base/error.h"

/* First line of `path` ("-": standard input). Returns owned (secret_free), or NULL. */
char *password_from_file(const char *path, GError **error);
