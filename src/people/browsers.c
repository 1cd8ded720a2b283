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

/* Of none that there is: a place in which the account was before, so that any other is news. */
static const uint8_t nowhere[SHA256_BYTES];

static bool forget(CatalogDb *db, void *data, GError **error)
{
    BrowserRow *row = data;
    bool known;
    int64_t others;
    if (!browsers_forget(db, &row->account, row->hash, error))
        return false;
    memcpy(row->hash, nowhere, sizeof row->hash);
    return browsers_seen(db, row, &known, &others, error);
}

void browsers_forget_others(People *people, const Uuid *account, const char *browser)
{
    g_autoptr(GError) error = NULL;
    BrowserRow row = {.account = *account, .seen_us = clock_now_us()};
    if (is_token(browser))
        token_digest(browser, row.hash);
    if (!catalog_write_wait(people->catalog, forget, &row, &error))
        log_error("password.browsers", "cause=\"%s\"", error->message);
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
