/* public_page.h — what anyone may know of the cameras: how many, where as the site allows, how long
 * footage is kept, how often and why it was opened. No footage, no persons.
 *
 * The answer is made at most once in PUBLIC_PAGE_KEEP_US, however many ask. Thread-safe.
 */
#pragma once

#include "base/clock.h"
#include "http/api/context.h"

typedef struct PublicPage PublicPage;

#define PUBLIC_PAGE_KEEP_US (10 * MINUTE_US)
#define PUBLIC_PAGE_SPAN_US (30 * DAY_US)

PublicPage *public_page_new(void);
void public_page_free(PublicPage *page); /* NULL is allowed */

/* Returns owned, or NULL. Blocks for a moment when it is made anew. */
Json *public_page_get(PublicPage *page, ApiContext *api, GError **error);
