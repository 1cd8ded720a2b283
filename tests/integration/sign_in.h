/* sign_in.h — scripted cameras that want to know who asks (RFC 7617, RFC 7616, RFC 2617).
 *
 * Written from the standards, not from what the server does: each answer is computed anew, and its
 * form has to be what was offered.
 */
#pragma once

#include "scripted_camera.h"

#define SIGN_IN_USER "admin"
#define SIGN_IN_PASSWORD "geheim-x7"

/* What a camera offers, and the only one that it takes. */
typedef struct SignIn {
    const char *challenges; /* lines of header, each with its line break */
    const char *nonce;      /* the one to be used; NULL: Basic */
    const char *algorithm;  /* NULL: not offered, MD5 */
    bool qop;
    const char *user, *password; /* NULL: SIGN_IN_USER, SIGN_IN_PASSWORD */
} SignIn;

/* Whether the request is signed as this wants it. */
bool sign_in_fits(const SignIn *wanted, const char *request);

/* A judge: 401 with the challenges to what does not fit. `judge_data` is a SignIn. */
char *judge_sign_in(const ScriptRequest *request, const void *judge_data);

/* "401" with these lines of header, owned. */
char *unauthorized(const char *lines);
