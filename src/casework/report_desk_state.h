/* report_desk_state.h — private to report_*.c: what a desk is made of. */
#pragma once

#include "casework/report_desk.h"
#include "people/gate.h"

#include <stdatomic.h>

struct ReportDesk {
    Catalog *catalog;
    Site *site;
    Archive *archive;
    char *folder;   /* of pictures and videos */
    char *incoming; /* of those that are on their way */
    ReportListener listener;
    void *listener_data;
    Gate *residents, *accounts, *looks;
    _Atomic int64_t lapsed_look_us; /* monotonic, of the next one */
};

/* The report that tells what the one of `ref` tells, however often they were joined on. Returns
 * owned; ERR_NOT_FOUND. */
ReportRow *report_joined(CatalogDb *db, int64_t ref, GError **error);
