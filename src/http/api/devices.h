/* devices.h — what signing in has to do with enrolled devices. */
#pragma once

#include "http/api/call.h"
#include "people/devices.h"

/* The member ‘device’ of a sign-in. `*given` is NULL when there is none, else `proof`, which
 * borrows from `body`. */
bool read_proof(const Json *body, DeviceProof *proof, const DeviceProof **given, GError **error);

/* {needed, id, name, proof_due} of the session with the token `session` (NULL: none) in that role.
 * Returns owned. */
Json *own_device_json(const ApiCall *call, const char *session, Role role);
