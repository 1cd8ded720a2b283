/* same_thing.h — a piece of SQL for statements about reports that tell the same thing.
 *
 * Reports are joined one to another; whatever is joined, by however many steps and in either
 * direction, is one thing.
 */
#pragma once

#include "catalog/db.h"

/* The refs of all reports that tell the same thing as those that `first`, a SELECT of refs, says.
 */
#define SAME_THING(first)                                                \
    "(WITH RECURSIVE same(ref) AS (" first                               \
    " UNION SELECT r.joined FROM same s JOIN reports r ON r.ref = s.ref" \
    " WHERE r.joined > 0"                                                \
    " UNION SELECT r.ref FROM same s JOIN reports r ON r.joined = s.ref" \
    " WHERE r.joined > 0) SELECT ref FROM same)"

/* A case has the report of the ref `ref`, or one of the same thing, and is in none of the states
 * that same_thing_bind_states() binds. */
#define WANTED_BY_CASE(ref)                                                  \
    "EXISTS (SELECT 1 FROM case_reports l JOIN cases c ON c.ref = l.of_case" \
    " WHERE c.state NOT IN (?, ?, ?, ?) AND l.report IN " SAME_THING("SELECT " ref) ")"

/* Four at most, NULL-ended. */
void same_thing_bind_states(Query *query, const char *const *states);
