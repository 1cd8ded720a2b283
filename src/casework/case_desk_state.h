/* case_desk_state.h — private to case_*.c: what a desk is made of, and what its changes share. */
#pragma once

#include "casework/case_desk.h"

struct CaseDesk {
    Catalog *catalog;
    Site *site;
    People *people;
    ReportDesk *reports;
    Archive *archive;
    CaseListener listener;
    void *listener_data;
};

/* A change of one case, on the writer's thread. It may be run again after the catalog was mended:
 * it begins anew each time. */
typedef struct CaseWork {
    CaseDesk *desk;
    const Uuid *id, *who;
    int64_t now_us;
    CaseRow *before, *after; /* owned */
    GPtrArray *reports;      /* ReportRow * that changed with it; owned */
    CaseRefusal refusal;
} CaseWork;

/* Reads the case into `before` and `after`, which is then changed. */
bool case_work_begin(CatalogDb *db, CaseWork *work, GError **error);

/* Writes `after` with what changed in its history, and reads it anew. `reason` may be NULL. */
bool case_work_end(CatalogDb *db, CaseWork *work, const char *reason, GError **error);

/* A line of its history. */
bool case_work_note(CatalogDb *db, const CaseWork *work, const char *what, const char *was,
                    const char *is, const char *reason, GError **error);

/* Refuses what is not `ok`. */
bool case_work_refuse(CaseWork *work, CaseRefusal refusal, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Runs `write` with `data`, whose first member is `work`, and tells the listeners. Returns the case
 * as it is then, owned, and `*before` where it is not NULL. */
CaseRow *case_work_run(CaseWork *work, CatalogWork write, CaseRow **before, GError **error);

/* Moves `after` on as the deed says. */
void case_work_deed(CaseWork *work, CaseDeed deed);

/* Links a report (its id or number) to `after`, and takes it for `who` when nobody has it. */
bool case_work_link(CatalogDb *db, CaseWork *work, const char *name, GError **error);

/* The report of this id or number; returns owned. */
ReportRow *case_report_of(CatalogDb *db, const char *name, GError **error);

/* An item of what is told, by `who`. `*item` is owned. */
bool case_work_add(CatalogDb *db, const CaseWork *work, const CaseItemTold *told,
                   CaseItemRow **item, GError **error);
