/* control.h — DATA/control.sock: the command line beside the running server.
 *
 * A unix socket of mode 0600. One exchange a connection, one line of JSON each way:
 *   {"method":"GET","path":"/api/v1/cameras?limit=10","body":…}  →  {"status":200,"body":…}
 * Who may open the socket owns the machine: the request has admin rights and is audited as
 * "console". A table goes, and text comes as a JSON string; clips and pictures are not given here
 * (406): the command line makes them itself, from the same folder.
 */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "http/api/context.h"

#include <sys/un.h>

typedef struct ControlServer ControlServer;

/* Where the socket of a data folder is; ERR_INVALID when the path is too long for one. */
bool control_address(const char *data_dir, struct sockaddr_un *address, GError **error);

/* Listens on `data_dir`/control.sock, replacing a stale socket: call only with the lock of the data
 * folder held. One thread of its own. */
ControlServer *control_server_start(const char *data_dir, ApiContext *api, GError **error);
void control_server_stop(ControlServer *server); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ControlServer, control_server_stop)

/* Asks the running server. ERR_UNAVAILABLE when none listens. `body` may be NULL; returns the
 * answer's body, owned (JSON null when it has none), and its HTTP status. */
Json *control_call(const char *data_dir, ApiMethod method, const char *path, const Json *body,
                   int *status, GError **error);

/* The same in this process, when no server runs. */
Json *control_call_local(ApiContext *api, ApiMethod method, const char *path, const Json *body,
                         int *status, GError **error);
