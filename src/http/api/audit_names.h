/* audit_names.h — what the ids of the audit log are called today. The log itself has no names, so
 * that a person's can be erased; they are looked up when it is read. */
#pragma once

#include "http/api/context.h"

/* Of an account, or the purpose of a token; NULL: neither is there. Returns owned. */
char *audit_actor_name(ApiContext *api, const char *id);

/* {id, name} of the same; null for nil, which is the console. Returns owned. */
Json *audit_actor_json(ApiContext *api, const Uuid *id);

/* Of a camera (removed ones too), location, account or token; NULL: none. Returns owned. */
char *audit_object_name(ApiContext *api, const char *id);
