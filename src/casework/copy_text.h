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

/* The card in place of a gap: that there are no pictures, from when, until when. All owned. */
void copy_gap_lines(int64_t from_us, int64_t to_us, GTimeZone *zone, bool vietnamese,
                    char *lines[3]);
