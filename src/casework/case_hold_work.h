/* case_hold_work.h — private to case_*.c: holds that are set with another change of a case. */
#pragma once

#include "casework/case_desk_state.h"
#include "casework/case_hold.h"

/* The hold stands in the ledger; its row is to be noted, or the hold undone. Returns owned, or
 * NULL. */
CaseHoldRow *case_hold_set(CaseDesk *desk, const Uuid *id, const CaseHoldTold *told,
                           const Uuid *who, GError **error);
void case_hold_undo(CaseDesk *desk, const CaseHoldRow *row);

/* Writes the row, the history, and moves the case on. */
bool case_hold_note(CatalogDb *db, CaseWork *work, CaseHoldRow *row, GError **error);
