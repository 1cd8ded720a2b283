/* cameras_api.h — cameras of a running server by its HTTP API, as tests add and watch them.
 *
 * All functions fail the test when the server does not answer as they expect.
 */
#pragma once

#include "harness.h"

typedef struct Api {
    char *url; /* http://127.0.0.1:PORT/api/v1 */
    char *token;
} Api;

Api api_open(const Server *server); /* makes a token of the role `admin` */
void api_close(Api *api);

/* POST of `body`. Returns the id, owned. */
char *api_add(const Api *api, const Json *body);
/* `user`, `password`: NULL for none. Returns the id, owned. */
char *api_add_camera(const Api *api, const char *name, const char *url, const char *user,
                     const char *password);
/* Main and sub stream of a camera of the simulator (sim_camera()). Returns the id, owned. */
char *api_add_sim_camera(const Api *api, const char *name, const Json *camera);
/* PATCH with `body`, or DELETE when it is NULL. */
void api_change_camera(const Api *api, const char *id, const char *body);

Json *api_camera_status(const Api *api, const char *id);

/* {spans, gaps} of the last hour. */
Json *api_coverage(const Api *api, const char *id);

/* A request about a camera that is to fail: `path` goes behind /cameras/ID. Returns the problem. */
Json *api_camera_problem(const Api *api, const char *id, const char *path, int status);

/* Waits until `member` of the camera's status is `value`; returns after how many ms. */
int api_wait(const Api *api, const char *id, const char *member, const char *value, int most_ms);
int api_wait_recorded(const Api *api, const char *id, int most_ms);

/* The event has a picture: a JPEG of more than `least` bytes. */
void api_expect_picture(const Api *api, const Json *event, size_t least);

const char *text_in(const Json *object, const char *member); /* "" when there is none */
