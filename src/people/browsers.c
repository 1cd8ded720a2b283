#include "people/browsers.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "people/people_state.h"

#include <string.h>

enum { BROWSER_TOKEN_BYTES = 32, BROWSER_TEXT_MOST = 128 };

/* With the lock held: where the account was before, BrowserRow. */
static GArray *rows_of(People *people, const Uuid *account)
{
    GArray *rows = g_hash_table_lookup(people->browsers, account);
    if (!rows) {
        rows = g_array_new(FALSE, FALSE, sizeof(BrowserRow));
        g_hash_table_insert(people->browsers, g_memdup2(account, sizeof *account), rows);
    }
    return rows;
}

bool people_load_browsers(People *people, CatalogDb *db, GError **error)
{
    g_autoptr(GArray) all = browsers_list(db, error);
    for (guint i = 0; all && i < all->len; i++) {
        const BrowserRow *row = &g_array_index(all, BrowserRow, i);
        g_array_append_vals(rows_of(people, &row->account), row, 1);
    }
    return all != NULL;
}

/* Notes `row` in place of what was not seen for longest. Returns whether it was there. */
static bool note(GArray *rows, const BrowserRow *row)
{
    guint oldest = 0;
    for (guint i = 0; i < rows->len; i++) {
        BrowserRow *one = &g_array_index(rows, BrowserRow, i);
        if (memcmp(one->hash, row->hash, sizeof one->hash) == 0) {
            one->seen_us = row->seen_us;
            return true;
        }
        if (one->seen_us < g_array_index(rows, BrowserRow, oldest).seen_us)
            oldest = i;
    }
    if (rows->len >= BROWSERS_MOST)
        g_array_remove_index_fast(rows, oldest);
    g_array_append_vals(rows, row, 1);
    return false;
}

static bool store(CatalogDb *db, void *data, GError **error)
{
    const BrowserRow *row = data;
    return browsers_put(db, row, error) && browsers_trim(db, &row->account, BROWSERS_MOST, error);
}

static void stored(void *data, const GError *error)
{
    if (error)
        log_error("sign-in.browser", "cause=\"%s\"", error->message);
    g_free(data);
}

/* Has it the form of what was given out? */
static bool is_token(const char *browser)
{
    size_t length = browser ? strlen(browser) : 0;
    return length >= BROWSER_TOKEN_BYTES && length <= BROWSER_TEXT_MOST;
}

bool browser_is_news(People *people, const Uuid *account, const char *browser, char **given)
{
    BrowserRow *row = g_new0(BrowserRow, 1);
    *row = (BrowserRow){.account = *account, .seen_us = clock_now_us()};
    *given = is_token(browser) ? NULL : secret_token(BROWSER_TOKEN_BYTES);
    token_digest(*given ? *given : browser, row->hash);
    pthread_mutex_lock(&people->lock);
    GArray *rows = rows_of(people, account);
    bool first = rows->len == 0;
    bool known = note(rows, row);
    pthread_mutex_unlock(&people->lock);
    catalog_write_soon(people->catalog, store, row, stored);
    return !first && !known;
}

/* Of none that there is: a place in which the account was before, so that any other is news. */
static const uint8_t nowhere[SHA256_BYTES];

static bool forget(CatalogDb *db, void *data, GError **error)
{
    BrowserRow *row = data;
    if (!browsers_forget(db, &row->account, row->hash, error))
        return false;
    memcpy(row->hash, nowhere, sizeof row->hash);
    return browsers_put(db, row, error);
}

static void forget_in_memory(People *people, const BrowserRow *keep)
{
    BrowserRow none = {.account = keep->account, .seen_us = keep->seen_us};
    pthread_mutex_lock(&people->lock);
    GArray *rows = rows_of(people, &keep->account);
    for (guint i = rows->len; i-- > 0;)
        if (memcmp(g_array_index(rows, BrowserRow, i).hash, keep->hash, sizeof keep->hash) != 0)
            g_array_remove_index_fast(rows, i);
    note(rows, &none);
    pthread_mutex_unlock(&people->lock);
}

void browsers_forget_others(People *people, const Uuid *account, const char *browser)
{
    g_autoptr(GError) error = NULL;
    BrowserRow row = {.account = *account, .seen_us = clock_now_us()};
    if (is_token(browser))
        token_digest(browser, row.hash);
    forget_in_memory(people, &row);
    if (!catalog_write_wait(people->catalog, forget, &row, &error))
        log_error("password.browsers", "cause=\"%s\"", error->message);
}
