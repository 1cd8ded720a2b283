#include "people/browsers.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "catalog/browsers.h"
#include "people/people_state.h"

#include <string.h>

enum { BROWSER_TOKEN_BYTES = 32, BROWSER_TEXT_MOST = 128 };

typedef struct Seen {
    BrowserRow row;
    bool known;
    int64_t others;
} Seen;

static bool note(CatalogDb *db, void *data, GError **error)
{
    Seen *seen = data;
    return browsers_seen(db, &seen->row, &seen->known, &seen->others, error) &&
           browsers_trim(db, &seen->row.account, BROWSERS_MOST, error);
}

/* Has it the form of what was given out? */
static bool is_token(const char *browser)
{
    size_t length = browser ? strlen(browser) : 0;
    return length >= BROWSER_TOKEN_BYTES && length <= BROWSER_TEXT_MOST;
}

bool browser_is_news(People *people, const Uuid *account, const char *browser, char **given)
{
    g_autoptr(GError) error = NULL;
    Seen seen = {.row = {.account = *account, .seen_us = clock_now_us()}};
    *given = is_token(browser) ? NULL : secret_token(BROWSER_TOKEN_BYTES);
    token_digest(*given ? *given : browser, seen.row.hash);
    if (!catalog_write_wait(people->catalog, note, &seen, &error)) {
        log_error("sign-in.browser", "cause=\"%s\"", error->message);
        return false;
    }
    return !seen.known && seen.others > 0;
}
