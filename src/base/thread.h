/* thread.h — named POSIX threads that are always joined. */
#pragma once

#include "base/error.h"

typedef struct Thread Thread;

/* Starts `run(data)` on a new thread whose name (15 characters at most) shows in ps and gdb.
 * Signals are blocked in it. For the threads that the server cannot be without: aborts when the
 * system has no more to give. */
Thread *thread_start(const char *name, void (*run)(void *data), void *data);

/* The same for what somebody asks of a running server: NULL when there is none to give. */
Thread *thread_try(const char *name, void (*run)(void *data), void *data, GError **error);

/* The calling thread goes behind everything else on the machine, above all behind recording. `nice`
 * as of nice(1). A machine that forbids it goes on. */
void thread_stand_back(int nice);

/* Waits for the end of the thread; takes `thread`. NULL is allowed. */
void thread_join(Thread *thread);
