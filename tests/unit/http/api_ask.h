/* api_ask.h — asks the API of a house, and holds every answer against openapi.yaml. */
#pragma once

#include "house.h"

/* Group setup and teardown of cmocka. */
int read_document(void **state);
int drop_document(void **state);

/* A member of an answer; "", 0: it has none of that name. */
const char *text_of(const Json *json, const char *name);
int64_t number_of(const Json *json, const char *name);

/* Asks `what`, "GET /api/v1/cameras/…", of the route `pattern`, "GET /cameras/{id}", and holds the
 * answer against the schema. Returns the answer's JSON, owned. */
Json *ask(House *house, const char *session, const char *pattern, const char *what,
          const char *body, int status);

/* The same, where only that it fits is asked. */
void fits(House *house, const char *session, const char *pattern, const char *what,
          const char *body, int status);

/* The same of a change that takes two persons: `admin` asks, and a commander agrees to all of it.
 */
void ask_by_two(House *house, const char *admin, const char *pattern, const char *what,
                const char *body);

/* A file of these bytes comes in and is handed to the route at `path`, "/reports/…/attachments", of
 * somebody with `session`, or with a link's `secret`. Returns the answer's JSON, owned; NULL
 * without one. */
Json *send_file(House *house, const char *session, const char *path, const char *secret,
                const char *bytes, size_t size, int status);
