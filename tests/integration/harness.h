/* harness.h — real processes for integration tests: simulator, server, command line.
 *
 * Programs are found by the environment that meson sets: VONGLAU, VONGLAU_SIM, SIM_CACHE.
 * All functions fail the test (g_assert) when the machinery itself does not work.
 */
#pragma once

#include "base/json.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct Sim {
    pid_t pid;
    int http_port;
    Json *cameras; /* array, as in its ready line */
} Sim;

Sim sim_start(int cameras);
Sim sim_start_with_live(int cameras, int live); /* the last `live` are drawn as they run */
void sim_stop(Sim *sim);
const Json *sim_camera(const Sim *sim, int index);
/* Picture numbers and sending times of one stream, oldest first: array of {number, sent_us, key}.
 */
Json *sim_sent(const Sim *sim, const char *camera, const char *stream);
void sim_fault(const Sim *sim, const char *camera, const char *fault);

typedef struct Server {
    pid_t pid;
    char *data;
    char *url;      /* http://127.0.0.1:PORT */
    char *password; /* of admin; NULL but at the first start */
} Server;

/* `vonglau serve` on a free port without TLS; waits for its address. */
Server server_start(const char *data);
/* The same on all addresses of this machine, as behind a proxy. */
Server server_start_open(const char *data);
/* SIGTERM or SIGKILL, and waits; returns the exit status (-1: killed). */
int server_stop(Server *server, int signal_number);

/* An API token of the role `admin`, made on the command line. Owned. */
char *server_token(const Server *server);

/* Runs `vonglau` with the arguments (NULL-terminated); returns its exit status. `out`, `err` may be
 * NULL; what is given is owned by the caller. */
int run_vonglau(char **out, char **err, ...) G_GNUC_NULL_TERMINATED;

/* How long one may take before it is ended: 60 s unless set. */
void run_set_limit(unsigned seconds);

/* The same in two halves, for what takes its time. */
typedef struct Run {
    pid_t pid;
    int out, err;
} Run;
Run run_begin(const char *first, ...) G_GNUC_NULL_TERMINATED;
int run_end(Run *run, char **out, char **err);

/* What a user who may not write into `folder` meets. */
typedef enum Confinement {
    CONFINED_OTHER_USER, /* runs as somebody else; as root only, else the folder loses its rights */
    CONFINED_READ_ONLY,  /* sees `folder` as on a disk that is mounted read-only */
} Confinement;
int run_confined(Confinement confinement, const char *folder, char **out, char **err,
                 ...) G_GNUC_NULL_TERMINATED;

/* An HTTP request; returns the status. `bearer` and `body` may be NULL, `answer` is owned. */
int http_call(const char *method, const char *url, const char *bearer, const char *body,
              char **answer, size_t *size);
Json *http_json(const char *url, const char *bearer);

/* The same as http_call(), with the header lines of the answer, owned, names in lower case. */
int http_call_headers(const char *method, const char *url, const char *bearer, const char *body,
                      char **answer, size_t *size, char **headers);

/* A request that is to fail: returns the problem details (RFC 9457), after checking type and form,
 * and that they name the status `status`. Owned. */
Json *http_problem(const char *method, const char *url, const char *bearer, const char *body,
                   int status);

char *temp_folder(void);
void remove_tree(const char *path);
void sleep_ms(int ms);
