/* ask.h — a request to the API from the command line: to the running server through its control
 * socket, or in this process when none runs. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "http/api/context.h"

/* The answer's body, owned; NULL with `error` when the request failed, with the API's own words. */
Json *ask(const char *data, ApiMethod method, const char *path, const Json *body, GError **error);

/* The answer to a request that was made otherwise: takes it, and returns it owned; NULL with the
 * API's own words when `status` says that it failed. */
Json *ask_take(Json *answer, int status, GError **error);

/* All items of a list that pages by cursor, as an array, owned. `path` without a query. */
Json *ask_list(const char *data, const char *path, GError **error);
