/* openapi.h — src/http/api/openapi.yaml as JSON, and as much of JSON Schema as it uses. */
#pragma once

#include "base/json.h"

/* Below the environment's SOURCE_ROOT. Returns owned; the test fails when it is no YAML. */
Json *openapi_read(void);

/* Holds `value` against `schema`. NULL when it fits, else what is wrong and where (owned). */
char *openapi_check(const Json *document, const Json *schema, const Json *value);

/* The operation of "GET /cameras/{id}", or NULL. Borrowed. */
const Json *openapi_operation(const Json *document, const char *method, const char *path);

/* The schema of the answer with this status: NULL when the operation does not tell of the status,
 * or its body has none; `*type` is the media type, or NULL without a body. Borrowed. */
const Json *openapi_answer(const Json *document, const Json *operation, int status,
                           const char **type, bool *told);
