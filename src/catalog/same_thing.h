/* same_thing.h — a piece of SQL for statements about reports that tell the same thing.
 *
 * Reports are joined one to another; whatever is joined, by however many steps and in either
 * direction, is one thing.
 */
#pragma once

/* The refs of all reports that tell the same thing as those that `first`, a SELECT of refs, says.
 */
#define SAME_THING(first)                                                \
    "(WITH RECURSIVE same(ref) AS (" first                               \
    " UNION SELECT r.joined FROM same s JOIN reports r ON r.ref = s.ref" \
    " WHERE r.joined > 0"                                                \
    " UNION SELECT r.ref FROM same s JOIN reports r ON r.joined = s.ref" \
    " WHERE r.joined > 0) SELECT ref FROM same)"
