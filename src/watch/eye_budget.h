/* eye_budget.h — which cameras are followed picture by picture when not all can be. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct EyeShare {
    double full, key; /* percent of a core that the camera costs, followed and by key pictures;
                         0: not known yet */
    bool may_full;    /* in: as it is now; out: as it is to be */
} EyeShare;

/* Every camera gets its key pictures; what the budget has left goes to those that are followed
 * already, the cheapest first, so that as many as possible are. Another begins to be followed only
 * while a part of the budget stays free, so that none goes to and fro. */
void eye_budget_share(EyeShare *shares, size_t count, double budget);
