/* sim_process.h — the simulator as a child process: started, asked for its cameras, ended. */
#pragma once

#include "base/error.h"
#include "base/json.h"

#include <sys/types.h>

typedef struct SimProcess {
    pid_t pid;
    Json *ready; /* owned: what it told when it was ready, see sim/README.md */
} SimProcess;

/* Starts vonglau-sim (beside this program, or in PATH) with `arguments` (NULL-terminated) and waits
 * until it is ready; its progress goes to this process's stderr. It dies with this process. */
bool sim_process_start(SimProcess *sim, const char *const *arguments, GError **error);

/* Ends it and waits for it. Safe on a zeroed struct. */
void sim_process_stop(SimProcess *sim);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SimProcess, sim_process_stop)
