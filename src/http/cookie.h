/* cookie.h — the cookies we set and read: the session's token, and what a browser is known by
 * (RFC 6265bis). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SESSION_COOKIE "session"
#define BROWSER_COOKIE "browser"

/* The value of the first cookie `name` in a Cookie header, owned; NULL when there is none. */
char *cookie_find(const char *header, const char *name);

/* A Set-Cookie value: HttpOnly, SameSite=Strict, Secure under TLS. `max_age_s` 0 deletes the
 * cookie. Returns owned. */
char *cookie_session(const char *token, long max_age_s, bool secure);

/* The same of what a browser is known by, for as long as browsers keep cookies: 400 days. */
char *cookie_browser(const char *token, bool secure);

/* The token of "Bearer TOKEN", owned; NULL for anything else (RFC 6750 §2.1). */
char *bearer_token(const char *authorization);

/* Is a request with this Origin from our own pages? `host` is the Host header; `scheme` "https",
 * "http", or NULL where a proxy ends TLS and either may be true. No Origin: true, for browsers send
 * one with every request that changes something. */
bool origin_is_ours(const char *origin, const char *host, const char *scheme);
