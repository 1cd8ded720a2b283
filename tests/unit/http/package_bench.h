/* package_bench.h — a house in which evidence packages are asked for, made and handed over. */
#pragma once

#include "api_ask.h"
#include "archive/verify.h"

enum { BENCH_RECORDED_S = 30, BENCH_WAIT_MS = 30000 };

typedef struct PackageBench {
    House *house;
    char *folder; /* of the packages */
    MotionStore *motion;
    char *sticks;              /* folder below which they are */
    char *officer, *commander; /* sessions */
    char *number;              /* of the case */
    int64_t from_us;           /* of BENCH_RECORDED_S seconds of footage */
} PackageBench;

/* Fixture: `*state` is the bench, whose case the officer has opened. */
int package_bench_open(void **state);
int package_bench_close(void **state);

/* The desk of the packages, as a start of the server opens it. */
void package_bench_open_desk(PackageBench *bench);

/* Asks for one package: `tail` is what stands behind its id. Returned owned. */
Json *package_on(const PackageBench *bench, const char *session, const char *method,
                 const char *tail, const char *id, const char *body, int status);

/* By the commander. */
void package_approve(const PackageBench *bench, const char *id);

/* Waits until it is in this state. Returned owned. */
Json *package_wait_for(const PackageBench *bench, const char *id, const char *wanted);

/* How many files in the folder are of it. */
unsigned package_files_of(const PackageBench *bench, const char *id);

/* Waits until none is: who makes it clears up, too, when nobody wants it any more. */
void package_wait_gone(const PackageBench *bench, const char *id);

/* The body that asks for one as the case, camera and span of the bench; `more` members behind them.
 * Returned owned. */
char *package_asking(const PackageBench *bench, const char *more);

/* Asks as the officer. Its id, owned. */
char *package_asked(const PackageBench *bench, const char *more);

/* One that is asked for, approved and made. Its id, owned. */
char *package_made(const PackageBench *bench);

/* As package_on(), of which only the status counts. */
void package_refused(const PackageBench *bench, const char *session, const char *method,
                     const char *tail, const char *id, const char *body, int status);

#define BENCH_BY_LINK                                                           \
    "{\"receiver\":\"Đội hình sự, Công an tỉnh\",\"medium\":\"link\"," \
    "\"link\":{\"days\":3,\"downloads\":1}}"
#define BENCH_REMOVAL "{\"reason\":\"Đã giao bản thay thế\"}"
#define BENCH_BY_DOWNLOAD "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"download\"}"

/* Asks as the officer for a copy. Returned owned. */
Json *package_hand_over(const PackageBench *bench, const char *id, const char *body, int status);

/* A member that is a text; "": there is none. Borrowed. */
const char *package_text(const Json *json, const char *name);

/* The file passes `verify`, with the key of the node; `*report` is the caller's to clear. The
 * latter: what the desk has made. */
void package_check(const PackageBench *bench, const char *path, VerifyReport *report);
void package_check_made(const PackageBench *bench, const char *id, VerifyReport *report);

/* What is fetched passes its check, with the key of the node. Its signed line of this type, or its
 * manifest; owned. */
char *package_passes_as(const PackageBench *bench, const ApiResponse *response, const char *type);
char *package_passes(const PackageBench *bench, const ApiResponse *response);

bool package_is_audited(const PackageBench *bench, const char *action, const char *id);
