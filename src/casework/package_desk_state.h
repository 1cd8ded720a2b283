/* package_desk_state.h — private to package_*.c: what a desk is made of. */
#pragma once

#include "base/queue.h"
#include "base/thread.h"
#include "casework/package_desk.h"
#include "people/gate.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PACKAGE_TICKETS = 64, PACKAGE_SECRET_BYTES = 24 };

/* What a file is fetched with, after its link was followed. */
typedef struct PackageTicket {
    uint8_t digest[SHA256_BYTES];
    Uuid package;
    int n;
    int64_t until_us;   /* monotonic; 0: none */
    int64_t left_bytes; /* that it still fetches */
} PackageTicket;

/* The newest copy onto a stick. */
typedef struct PackageUsbJob {
    Uuid package, by;
    char *volume, *receiver, *seal, *stem, *role; /* owned; set before its thread begins */
    bool copying;
    int64_t done_bytes, total_bytes;
    char error[16];
} PackageUsbJob;

void package_usb_sweep(PackageDesk *desk); /* of what a crash left on sticks */
void package_usb_close(PackageDesk *desk); /* joins; `ends` is set */

struct PackageDesk {
    char *data, *folder, *page;
    Catalog *catalog;
    Site *site;
    Masks *masks;
    Archive *archive;
    People *people;
    MotionStore *motion;
    HouseholdDesk *households;
    Audit *audit;
    CaseDesk *cases;
    const NodeKey *key;
    char *usb_root; /* NULL: none */
    bool usb_unmounted;
    Gate *looks;
    _Atomic(PackageListener) listener; /* set while the maker may be at work already */
    void *listener_data;
    pthread_mutex_t lock;
    /* under the lock */
    Uuid making; /* nil: none */
    int64_t done_bytes, total_bytes;
    double redacted; /* of its redacted copies, 0 to 1 */
    PackageTicket tickets[PACKAGE_TICKETS];
    unsigned next_ticket;
    PackageUsbJob usb;
    Thread *usb_thread;
    atomic_bool stop; /* what is being made */
    atomic_bool ends; /* the server does */
    Queue *wakes;     /* what waits in it says only that there is something to do */
    Thread *thread;
};

/* Changes a package within one turn of the catalog's writer: `apply` says how, or why not. The
 * row as it is then, returned owned, or NULL. */
typedef bool (*PackageApply)(CatalogDb *db, PackageRow *row, void *data, GError **error);
PackageRow *package_desk_change(PackageDesk *desk, const Uuid *id, PackageApply apply, void *data,
                                GError **error);

char *package_desk_path(const PackageDesk *desk, const Uuid *id); /* returns owned */

/* The body of the desk's thread. */
void package_maker_run(void *desk);
