#include "watch/eye_budget.h"

#include <glib.h>

/* This part of the budget is used for cameras that are followed already, not for new ones. */
#define KEPT_FREE 0.15

/* Those that are followed already first, so that near equals do not take turns. */
static int by_claim(const void *a, const void *b)
{
    const EyeShare *const *first = a, *const *second = b;
    if ((*first)->may_full != (*second)->may_full)
        return (*first)->may_full ? -1 : 1;
    return ((*first)->full > (*second)->full) - ((*first)->full < (*second)->full);
}

void eye_budget_share(EyeShare *shares, size_t count, double budget)
{
    g_autofree EyeShare **order = g_new(EyeShare *, count);
    double spent = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = &shares[i];
        spent += shares[i].key;
    }
    qsort(order, count, sizeof *order, by_claim);
    for (size_t i = 0; i < count; i++) {
        EyeShare *share = order[i];
        double more = MAX(share->full - share->key, 0);
        double most = share->may_full ? budget : budget * (1 - KEPT_FREE);
        share->may_full = spent + more <= most;
        if (share->may_full)
            spent += more;
    }
}
