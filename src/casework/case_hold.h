/* case_hold.h — footage that is held for a case: set by one person, approved by another, let go by
 * two. Holds that overlap each hold for themselves. All blocks.
 */
#pragma once

#include "casework/case_desk.h"
#include "catalog/case_holds.h"

/* What is asked to be held; borrowed. */
typedef struct CaseHoldTold {
    const CaseHoldSpanRow *spans;
    size_t span_count;  /* 0: what reports of the case hold provisionally */
    int64_t until_us;   /* 0: until it is released */
    const char *reason; /* NULL: none */
} CaseHoldTold;

/* Holds footage for the case in the name of `who`: the line stands in the ledger before the row.
 * `*hold` is returned owned, as what is returned: the case. */
CaseRow *case_desk_hold(CaseDesk *desk, const Uuid *id, const CaseHoldTold *told, const Uuid *who,
                        CaseHoldRow **hold, CaseRefusal *refusal, GError **error);

typedef enum CaseHoldStep {
    CASE_HOLD_APPROVE,
    CASE_HOLD_ASK,       /* to release it */
    CASE_HOLD_RELEASE,   /* what another person asked to release */
    CASE_HOLD_TAKE_BACK, /* the asking */
    CASE_HOLD_STEPS,
} CaseHoldStep;

/* What a person wants with a hold. */
typedef struct CaseHoldWish {
    const Uuid *hold, *who;
    bool may_hold; /* has the right to let go what another wants to let go */
    CaseHoldStep step;
    const char *reason; /* of asking */
} CaseHoldWish;

/* Does so. CASE_REFUSED_SAME: it takes another person; CASE_REFUSED_RELEASED: it is over;
 * ERR_DENIED. `*hold` as above. */
CaseRow *case_desk_hold_step(CaseDesk *desk, const Uuid *id, const CaseHoldWish *wish,
                             CaseHoldRow **hold, CaseRefusal *refusal, GError **error);

/* Would it be done? Pure. */
bool case_hold_may(const CaseHoldRow *hold, const CaseHoldWish *wish, int64_t now_us,
                   CaseRefusal *refusal, GError **error);

/* What there is of one span by now: bytes of the files that are held, and how much of it is
 * without footage. */
bool case_hold_figures(CaseDesk *desk, const CaseHoldSpanRow *span, int64_t *bytes, int64_t *gap_us,
                       GError **error);

/* It was released, or has lapsed. */
bool case_hold_is_over(const CaseHoldRow *hold, int64_t now_us);
