/* Asks the API for cases, for tests of a house. What is returned is owned. */
#pragma once

#include "api_ask.h"

/* A span of the last ten minutes and `more`, as members of a body. Owned. */
char *case_body(const char *more);
Json *ask_case_open(House *house, const char *session, const char *more, int status);
Json *ask_case_get(House *house, const char *session, const char *id, int status);
/* With the revision that stands. */
Json *ask_case_change(House *house, const char *session, const char *id, const char *members,
                      int status);
Json *ask_case_put(House *house, const char *session, const char *id, const char *body, int status);
/* An officer's report at the house's location. Owned. */
Json *ask_case_report(House *house, const char *session);
Json *ask_case_from(House *house, const char *session, const Json *told);
/* A line of the history of a case that says so. */
bool case_has_history(const Json *found, const char *what, const char *to);
