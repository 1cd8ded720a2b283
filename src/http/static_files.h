/* static_files.h — the app's files: read from its folder, cached for ever where their name has a
 * hash, sent compressed where a .br or .gz stands beside them.
 *
 * A path without a dot in its last segment that is no file is the page of that name, "/bao-tin" of
 * bao-tin.html, or else a screen of the app: index.html.
 */
#pragma once

#include "http/api/context.h"

typedef struct StaticFiles StaticFiles;

/* NULL and `error` when `folder` has no index.html. */
StaticFiles *static_files_new(const char *folder, GError **error);
void static_files_free(StaticFiles *files); /* NULL is allowed */

/* Answers GET or HEAD of `path` (plain, see target.h). Blocking. */
void static_files_answer(const StaticFiles *files, const char *path, const char *accept_encoding,
                         ApiResponse *response);
