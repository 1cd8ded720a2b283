/* access.h — who hands out footage asks here, and nowhere else: is it young enough to be looked at,
 * or was a reason told for it (people/grants.h)? What leaves as a film has one whatever its age.
 *
 * The dispatcher lets no picture, film or playlist out for which nobody asked. The console, and API
 * tokens with their purpose, have told their reason.
 */
#pragma once

#include "base/digest.h"
#include "http/api/call.h"

/* May footage of `camera` from `from_us` to `to_us` be handed out? Then its reason, if there is
 * one, goes into the audit log with what this call does. Otherwise the answer is set: a problem
 * with the code "reason-needed". */
bool access_span(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us);

/* The same of a footage file. It is handed out whole: its newest moment counts, and that the grant
 * covers a piece of it. */
bool access_file(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us);

/* The same of a film that is taken out, to be kept or handed on: for a reason however young it is,
 * and where the site asks for none to look, too (decisions/133). The grant covers all of it. */
bool access_taken(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us);

/* `cameras`, `from` and `to` of a body that asks for footage: which it is, into `asked` (holder and
 * reason stay). ERR_NOT_FOUND: a camera that is not there, or not for whoever asks to `action`. */
bool access_read_footage(ApiCall *call, const Json *body, Action action,
                         Uuid cameras[GRANT_CAMERAS_MOST], GrantAsked *asked, GError **error);

/* `case` or `reason` of a body, checked as the site wants it: into `*reason` (owned), as the audit
 * log has it. True without it: the answer is a problem. */
bool access_read_reason(ApiCall *call, const Json *body, char **reason, GError **error);

/* ERR_INVALID unless `text` is one line of `least` to `most` characters; `name` is the member's. */
bool access_check_words(const char *name, const char *text, long least, long most, GError **error);

/* The reason was told when it was asked for, and checked then: `reason` (NULL: none was needed)
 * goes into the audit log with what this call does. */
void access_told(ApiCall *call, const char *reason);

/* What this call hands out is no older footage: a live picture, or what came with a report. */
void access_open(ApiCall *call);

/* Answers with what somebody sent, as it came: in a box of sand, whatever it is. Takes `fd`; `type`
 * is what file_kind_type() told of it. Returns true. */
bool access_sent_file(ApiCall *call, int fd, int64_t bytes, const char *type,
                      const uint8_t sha256[SHA256_BYTES]);

/* The same of a body that is read otherwise; takes `body`, and leaves its ETag. */
bool access_sent_body(ApiCall *call, VirtualFile *body);

/* Is the answer a picture, film or playlist? */
bool access_is_picture(const ApiResponse *response);

/* Is it one for which none of these was called? */
bool access_forgotten(const ApiCall *call);
