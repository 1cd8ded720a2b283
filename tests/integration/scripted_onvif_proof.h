/* scripted_onvif_proof.h — how a scripted device checks who asks, by code of its own. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The text between the end of the tag that `tag` begins and the next '<'. Owned. */
char *scripted_between(const char *text, const char *tag);

/* WS-Security's digest of admin / ONVIF_PASSWORD, made within half a minute of the clock. */
bool scripted_token_holds(const char *request, int64_t clock_s);

/* HTTP Digest of the same (RFC 2069, without qop). */
bool scripted_digest_holds(const char *request);
