/* case_desk.h — where cases are opened, worked on and closed, with what they gather.
 *
 * Whoever must know at once listens. Thread-safe; all blocks but for case_desk_listen().
 */
#pragma once

#include "archive/archive.h"
#include "casework/case.h"
#include "casework/case_item.h"
#include "casework/report_desk.h"
#include "catalog/case_parts.h"
#include "people/people.h"

typedef struct CaseDesk CaseDesk;

typedef struct CaseDeskOptions {
    Catalog *catalog;
    Site *site;
    People *people;
    ReportDesk *reports; /* is told of reports that are taken and answered with a case */
    Archive *archive;
} CaseDeskOptions;

/* Borrows all until case_desk_free(). Returns owned. */
CaseDesk *case_desk_new(const CaseDeskOptions *options);
void case_desk_free(CaseDesk *desk); /* NULL is allowed */

/* On whichever thread made the news; must be quick. `row` is borrowed. `late`: its state lasts too
 * long, which is told once. */
typedef void (*CaseListener)(void *data, const CaseRow *row, bool late);

/* One listener, before the first case. */
void case_desk_listen(CaseDesk *desk, CaseListener listener, void *data);

/* Why not, where the app says more than that. */
typedef enum CaseRefusal {
    CASE_FINE,
    CASE_REFUSED_STATE,    /* that state cannot follow */
    CASE_REFUSED_CHANGED,  /* somebody else has changed the case meanwhile */
    CASE_REFUSED_REPORT,   /* the report belongs to another case */
    CASE_REFUSED_OVER,     /* nobody works on it any more */
    CASE_REFUSED_SAME,     /* it takes another person */
    CASE_REFUSED_DONE,     /* it was done before, or there is nothing to be done */
    CASE_REFUSED_RELEASED, /* the hold holds nothing any more */
    CASE_REFUSALS,
} CaseRefusal;

/* Opens a case in the name of `who`, who has it until it is handed over. Its new reports are taken
 * by them. The same `key` by the same person within an hour is the same case (`*again`).
 * Returns owned, or NULL; `*refusal` says more. */
CaseRow *case_desk_open(CaseDesk *desk, const CaseTold *told, const Uuid *who, bool *again,
                        CaseRefusal *refusal, GError **error);

/* By id or number; ERR_NOT_FOUND. Returns owned, or NULL. */
CaseRow *case_desk_find(CaseDesk *desk, const char *name, GError **error);

/* Somebody looks at footage for the case: a new one is searched for from then on. */
bool case_desk_look_for(CaseDesk *desk, const CaseRow *row, const Uuid *who, GError **error);

/* A package of the case has left by the hand of `who`: it is exported, where that may follow.
 * Returns owned, with `*before`; NULL without `error`: nothing follows. */
CaseRow *case_desk_hand_over(CaseDesk *desk, const char *number, const Uuid *who, CaseRow **before,
                             GError **error);

/* Changes a case in the name of `who`; `*before` is returned owned, as what is returned. One that
 * is closed answers those of its reports that have no answer. */
CaseRow *case_desk_change(CaseDesk *desk, const Uuid *id, const CaseEdit *edit, const Uuid *who,
                          CaseRow **before, CaseRefusal *refusal, GError **error);

/* Puts something into a case, which changes its state where case_by_deed() says so. `told` names
 * what is there, as far as whoever asks may see it. `*item` is returned owned, as what is returned:
 * the case. */
CaseRow *case_desk_put(CaseDesk *desk, const Uuid *id, const CaseItemTold *told, const Uuid *who,
                       CaseItemRow **item, CaseRefusal *refusal, GError **error);

/* Takes it out again; it stays in the history. */
CaseRow *case_desk_take_out(CaseDesk *desk, const Uuid *id, int n, const Uuid *who,
                            CaseItemRow **item, CaseRefusal *refusal, GError **error);

/* When its state will have lasted too long; 0: it may last. Never blocks. */
int64_t case_desk_due_us(CaseDesk *desk, const CaseRow *row);

/* Now and then: the listener is told of each case whose state lasts too long, once. */
void case_desk_look(CaseDesk *desk);
