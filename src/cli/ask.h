/* ask.h — a request to the API from the command line: to the running server through its control
 * socket, or in this process when none runs. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "http/api/context.h"

/* The answer's body, owned; NULL with `error` when the request failed, with the API's own words. */
Json *ask(const char *data, ApiMethod method, const char *path, const Json *body, GError **error);

/* All items of a list that pages by cursor, as an array, owned. `path` without a query. */
Json *ask_list(const char *data, const char *path, GError **error);
