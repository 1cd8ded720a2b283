/* How a hold of a case is approved, and let go by two persons. */
#include "base/clock.h"
#include "casework/case_hold_work.h"
#include "casework/report.h"

#include <string.h>

#define RELEASED "released"

/* ---- may it be done ---- */

static bool refuse(CaseRefusal *refusal, CaseRefusal why, GError **error, const char *text)
{
    *refusal = why;
    return err_set(error, ERR_EXISTS, "%s", text);
}

static bool may_approve(const CaseHoldRow *hold, const CaseHoldWish *wish, CaseRefusal *refusal,
                        GError **error)
{
    if (hold->approved_us)
        return refuse(refusal, CASE_REFUSED_DONE, error, "it was approved before");
    if (uuid_equal(&hold->by, wish->who))
        return refuse(refusal, CASE_REFUSED_SAME, error,
                      "whoever set a hold does not approve it: another person does");
    return wish->may_hold ||
           err_set(error, ERR_DENIED, "a hold is approved by a commander or an admin");
}

static bool may_ask(const CaseHoldRow *hold, CaseRefusal *refusal, GError **error)
{
    return !hold->asked_us ||
           refuse(refusal, CASE_REFUSED_DONE, error, "its release was asked for before");
}

static bool may_release(const CaseHoldRow *hold, const CaseHoldWish *wish, CaseRefusal *refusal,
                        GError **error)
{
    if (!hold->asked_us)
        return refuse(refusal, CASE_REFUSED_DONE, error, "nobody asks for its release");
    if (uuid_equal(&hold->asked_by, wish->who))
        return refuse(refusal, CASE_REFUSED_SAME, error,
                      "whoever asked for the release does not give it: another person does");
    return wish->may_hold ||
           err_set(error, ERR_DENIED, "a release is given by a commander or an admin");
}

static bool may_take_back(const CaseHoldRow *hold, const CaseHoldWish *wish, CaseRefusal *refusal,
                          GError **error)
{
    if (!hold->asked_us)
        return refuse(refusal, CASE_REFUSED_DONE, error, "nobody asks for its release");
    return wish->may_hold || uuid_equal(&hold->asked_by, wish->who) ||
           err_set(error, ERR_DENIED, "whoever asked takes it back, or a commander does");
}

bool case_hold_may(const CaseHoldRow *hold, const CaseHoldWish *wish, int64_t now_us,
                   CaseRefusal *refusal, GError **error)
{
    if (case_hold_is_over(hold, now_us))
        return refuse(refusal, CASE_REFUSED_RELEASED, error, "it holds nothing any more");
    switch (wish->step) {
    case CASE_HOLD_APPROVE:
        return may_approve(hold, wish, refusal, error);
    case CASE_HOLD_ASK:
        return may_ask(hold, refusal, error);
    case CASE_HOLD_RELEASE:
        return may_release(hold, wish, refusal, error);
    default:
        return may_take_back(hold, wish, refusal, error);
    }
}

/* ---- doing it ---- */

typedef struct Stepping {
    CaseWork work;
    const CaseHoldWish *wish;
    CaseHoldRow *hold; /* owned */
} Stepping;

static bool approve(CatalogDb *db, Stepping *stepping, GError **error)
{
    stepping->hold->approved_us = stepping->work.now_us;
    stepping->hold->approved_by = *stepping->wish->who;
    return case_work_note(db, &stepping->work, "hold-approved", "", "", NULL, error);
}

static bool ask(CatalogDb *db, Stepping *stepping, GError **error)
{
    CaseHoldRow *hold = stepping->hold;
    if (!report_text(&hold->ask_reason, "reason", stepping->wish->reason, CASE_REASON_LEAST,
                     CASE_REASON_MOST, true, error))
        return false;
    hold->asked_us = stepping->work.now_us;
    hold->asked_by = *stepping->wish->who;
    return case_work_note(db, &stepping->work, "release-asked", "", "", hold->ask_reason, error);
}

static bool release(CatalogDb *db, Stepping *stepping, GError **error)
{
    CaseHoldRow *hold = stepping->hold;
    CaseWork *work = &stepping->work;
    hold->released_us = work->now_us;
    hold->released_by = *stepping->wish->who;
    return case_work_note(db, work, "released", "", "", hold->ask_reason, error);
}

static bool take_back(CatalogDb *db, Stepping *stepping, GError **error)
{
    CaseHoldRow *hold = stepping->hold;
    hold->asked_us = 0;
    hold->asked_by = (Uuid){0};
    g_free(hold->ask_reason);
    hold->ask_reason = g_strdup("");
    return case_work_note(db, &stepping->work, "release-kept", "", "", NULL, error);
}

static bool do_step(CatalogDb *db, Stepping *stepping, GError **error)
{
    switch (stepping->wish->step) {
    case CASE_HOLD_APPROVE:
        return approve(db, stepping, error);
    case CASE_HOLD_ASK:
        return ask(db, stepping, error);
    case CASE_HOLD_RELEASE:
        return release(db, stepping, error);
    default:
        return take_back(db, stepping, error);
    }
}

/* The line of the ledger comes last, while all else can still be undone: a row that says released
 * of what is held for ever would be believed. */
static bool is_in_ledger(const Stepping *stepping, GError **error)
{
    const CaseHoldRow *hold = stepping->hold;
    return stepping->wish->step != CASE_HOLD_RELEASE ||
           archive_release(stepping->work.desk->archive, &hold->id, RELEASED, &hold->asked_by,
                           &hold->released_by, error);
}

static bool write_step(CatalogDb *db, void *data, GError **error)
{
    Stepping *stepping = data;
    CaseWork *work = &stepping->work;
    g_clear_pointer(&stepping->hold, case_hold_row_free);
    if (!case_work_begin(db, work, error))
        return false;
    stepping->hold = case_holds_get(db, work->after, stepping->wish->hold, error);
    return stepping->hold &&
           case_hold_may(stepping->hold, stepping->wish, work->now_us, &work->refusal, error) &&
           do_step(db, stepping, error) && case_holds_put(db, stepping->hold, error) &&
           case_work_end(db, work, NULL, error) && is_in_ledger(stepping, error);
}

CaseRow *case_desk_hold_step(CaseDesk *desk, const Uuid *id, const CaseHoldWish *wish,
                             CaseHoldRow **hold, CaseRefusal *refusal, GError **error)
{
    Stepping stepping = {
        .work = {.desk = desk, .id = id, .who = wish->who, .now_us = clock_now_us()}, .wish = wish};
    CaseRow *row = case_work_run(&stepping.work, write_step, NULL, error);
    g_autoptr(CaseHoldRow) done = g_steal_pointer(&stepping.hold);
    *refusal = stepping.work.refusal;
    if (row)
        *hold = g_steal_pointer(&done);
    return row;
}
