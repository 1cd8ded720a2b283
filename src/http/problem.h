/* problem.h — errors as problem details (RFC 9457).
 *
 * {type, title, status, detail, cause_code}: `detail` is for a person; `cause_code` is a stable
 * kebab-case word that the app translates.
 */
#pragma once

#include "http/api/context.h"

/* Sets the answer to a problem. `code` is a constant; NULL: the word of the status. */
void problem_set(ApiResponse *response, int status, const char *code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* The same for an error of a floor below, by its code; takes `error`. What only concerns whoever
 * runs the server (disk, damaged data) is logged and not told. */
void problem_from_error(ApiResponse *response, GError *error);

/* "Not Found": reason phrase of a status (RFC 9110 §15). */
const char *status_phrase(int status);
