/* package_bench.h — a house in which evidence packages are asked for, made and handed over. */
#pragma once

#include "api_ask.h"

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
