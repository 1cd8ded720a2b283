/* copy_text.h — the words that are burnt into a copy, in the site's language and time zone. Pure.
 *
 * A working copy is for looking at; what is proof is the original, and the copy says so.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* "29/11/2026 22:33:48.5 UTC+07:00" in Vietnamese, "2026-11-29 …" in English: with the offset that
 * holds then, so that it needs no knowledge of the zone. Returned owned. */
char *copy_clock_text(int64_t time_us, GTimeZone *zone, bool vietnamese);

/* "BẢN SAO – KHÔNG PHẢI BẢN GỐC", or that parts of it were made unrecognisable, too. A constant. */
const char *copy_notice(bool redacted, bool vietnamese);

/* Who had it made, and its number, as the audit log tells of it. Returned owned. */
char *copy_maker_text(const char *who, const char *number, bool vietnamese);

/* "Vụ việc VV-2026-0042 · sao lúc 29/11/2026 22:40 UTC+07:00 · Android · Chrome": what for, as the
 * audit log has it (NULL: not said), when it was made, with what device ("": not said). First a
 * case or a named routine, which a narrow picture shows, too; nobody's own words, which may name
 * somebody. Returned owned. */
char *copy_made_text(int64_t made_us, GTimeZone *zone, const char *device, const char *reason,
                     bool vietnamese);

/* The card in place of a gap: that there are no pictures, from when, until when. All owned. */
void copy_gap_lines(int64_t from_us, int64_t to_us, GTimeZone *zone, bool vietnamese,
                    char *lines[3]);
