/* package_desk.h — evidence packages that are asked for in the app: approved by a second person,
 * made one after another behind everything else on the machine, and handed over in numbered copies.
 *
 * From the asking on the footage is on hold. What a restart cuts off is begun again; nothing of a
 * half-made one stays. Files lie in DATA/packages until somebody removes them. Thread-safe; all of
 * it blocks but package_desk_progress() and the words.
 */
#pragma once

#include "archive/archive.h"
#include "casework/case_desk.h"
#include "casework/usb.h"
#include "catalog/packages.h"
#include "config/masks.h"
#include "config/site.h"
#include "household/household_desk.h"
#include "ledger/key.h"
#include "people/audit.h"
#include "people/people.h"
#include "watch/motion_store.h"

/* ---- words, and what follows from them ---- */

/* Where a package stands. */
#define PACKAGE_ASKED "asked"     /* it waits for approval */
#define PACKAGE_WAITING "waiting" /* it will be made, or is being made */
#define PACKAGE_DONE "done"
#define PACKAGE_REJECTED "rejected"
#define PACKAGE_CANCELLED "cancelled"
#define PACKAGE_FAILED "failed"
#define PACKAGE_REMOVED "removed" /* it was done; its file is gone */

/* When a second person approves: setting of the site, kept with each package as it was asked. */
#define PACKAGE_APPROVAL_BEFORE "before"
#define PACKAGE_APPROVAL_LATER "within-24h"
#define PACKAGE_APPROVAL_NONE "none"

#define PACKAGE_BY_DOWNLOAD "download" /* by whoever hands it over, who brings it on */
#define PACKAGE_BY_LINK "link"
#define PACKAGE_BY_USB "usb" /* copied by the server onto a stick, and read back */

enum {
    PACKAGE_NUMBER_TEXT = 32,
    PACKAGE_CASE_MOST = 40,      /* characters of its case's number */
    PACKAGE_RECEIVER_MOST = 200, /* characters */
    PACKAGE_WORDS_MOST = 300,
    PACKAGE_LINK_DAYS_MOST = 30,
    PACKAGE_LINK_DOWNLOADS_MOST = 20,
    PACKAGE_COPIES_MOST = 200,
    PACKAGES_OPEN_MOST = 20, /* of one person, that are not over */
};
#define PACKAGE_APPROVE_WITHIN_US (24 * INT64_C(3600) * 1000000)

/* When a package that is asked for now is approved; `unmasked`: before it is made, whatever the
 * site wants. Returns owned. */
char *package_approval(Site *site, bool unmasked);

/* "CC-2026-0007" */
char *package_number(const PackageRow *row, char text[PACKAGE_NUMBER_TEXT]);

/* It would show what lies under privacy masks, and was not asked for so: they are newer than it. */
bool package_is_covered(const PackageRow *row);

/* Of a negative certificate that goes along: nobody has rejected it, and it was approved, or need
 * not be yet at `now_us`. */
bool package_certificate_stands(const PackageRow *certificate, int64_t now_us);

/* All that are in this package. */
bool package_certificates_stand(const PackageRow *row, int64_t now_us);

/* Has what was approved, or need not be yet, and is made, no household has taken back what is in
 * it, and the certificates that are stand: it may be handed over at `now_us`. */
bool package_may_leave(const PackageRow *row, int64_t now_us);

/* A link that leads somewhere at `now_us`, of a package that may leave. */
bool package_link_lives(const PackageRow *row, const PackageCopyRow *copy, int64_t now_us);

/* Copy `n`; NULL: there is none. Borrowed. */
PackageCopyRow *package_copy(const PackageRow *row, int n);

/* ---- the desk ---- */

typedef struct PackageDesk PackageDesk;

/* Borrowed until package_desk_close(), but for the texts. */
typedef struct PackageDeskOptions {
    const char *data;   /* DATA */
    const char *folder; /* made where it is missing, and cleared of what belongs to no package */
    Catalog *catalog;
    Site *site;
    Masks *masks;
    Archive *archive;
    People *people;
    Audit *audit;              /* NULL: nothing is audited */
    const char *usb;           /* folder below which sticks are mounted; NULL: there is none */
    bool usb_unmounted;        /* plain folders in it count as sticks: tests only */
    CaseDesk *cases;           /* is told of what left on a stick; NULL: nobody is */
    MotionStore *motion;       /* for certificates; NULL: none can be made */
    HouseholdDesk *households; /* what they gave; NULL: none of it goes along */
    const char *page;          /* the file verify.html of the app; NULL: packages go without it */
    const NodeKey *key;
} PackageDeskOptions;

PackageDesk *package_desk_open(const PackageDeskOptions *options, GError **error);
void package_desk_close(PackageDesk *desk); /* stops what is being made; NULL is allowed */

/* Called with a package after each change, on whichever thread made it; must be quick. `row` is
 * borrowed. `asked`: it is a new one. One listener, before the first package. */
typedef void (*PackageListener)(void *data, const PackageRow *row, bool asked);
void package_desk_listen(PackageDesk *desk, PackageListener listener, void *data);

/* Does it wait for a second person? */
bool package_is_undecided(const PackageRow *row);

typedef struct PackageAsked {
    const Uuid *cameras; /* each once */
    size_t camera_count;
    int64_t from_us, to_us;
    const char *case_number, *reason;
    const char *basis;      /* by which law; NULL: not told */
    const char *redactions; /* redactions_text() of copies that go along; "": none */
    const Uuid *given;      /* files of households that go along, each once */
    size_t given_count;
    const Uuid *certificates; /* of the case, that go along, each once */
    size_t certificate_count;
    const char *regions; /* of a negative certificate (certificate.h); NULL: a package */
    bool unmasked;       /* with what lies under masks: approved before it is made in any case */
    Uuid by, key;        /* nil: none */
    const char *role;
} PackageAsked;

/* The same `key` of the same person is the same package (`*again`). ERR_NOT_FOUND: there is no
 * footage; ERR_UNAVAILABLE: too many of theirs are not over; ERR_FULL: packages hold too much
 * already; ERR_EXISTS: the key is of another, or a certificate may not leave now; ERR_INVALID: a
 * file of a household may not go along, or a certificate is none of the case. Returns owned, or
 * NULL. */
PackageRow *package_desk_ask(PackageDesk *desk, const PackageAsked *asked, bool *again,
                             GError **error);

/* ERR_DENIED: whoever asked does not approve. ERR_EXISTS: it was decided, or is over, or a
 * household has taken back what would go along, or a certificate in it does not stand. What is
 * rejected goes, with its file. Returns owned, or NULL. */
PackageRow *package_desk_decide(PackageDesk *desk, const Uuid *id, const Uuid *who,
                                const char *role, bool approve, const char *words, GError **error);

/* Takes back one that is not over; or one that is `made`: removes its file and ends its links. The
 * record stays. ERR_EXISTS: it is not such a one. Returns owned, or NULL. */
PackageRow *package_desk_drop(PackageDesk *desk, const Uuid *id, bool made, GError **error);

/* How far the one that is being made is: first its redacted copies (0 to 1), then its bytes. False:
 * it is another, or none. */
bool package_desk_progress(PackageDesk *desk, const Uuid *id, double *redacted, int64_t *done_bytes,
                           int64_t *total_bytes);

/* Opens the file of one that is made. Returns the descriptor, or -1. */
int package_desk_file(PackageDesk *desk, const Uuid *id, int64_t *bytes, GError **error);

/* What leads a package that is made up to the roots of its days (evidence_upgrade.h, whose errors
 * these are): lines for whoever has a copy. Returns owned, or NULL. */
GString *package_desk_days(PackageDesk *desk, const Uuid *id, GError **error);

/* ---- copies ---- */

typedef struct PackageHanding {
    const char *receiver, *medium;
    int days, downloads;       /* of a link */
    const char *volume, *seal; /* of a stick: its name; the number of the seal on it */
    Uuid by, key;              /* nil: none */
    const char *role;
} PackageHanding;

typedef struct PackageHanded {
    int n;
    char *secret;  /* owned (secret_free): what opens the link, told once; NULL: it is no link */
    bool again;    /* it was handed over before, by the same key: a link has a new secret */
    bool occupied; /* of a refusal: the key is of another copy, or of a link that was used */
} PackageHanded;

/* Numbers a copy. ERR_EXISTS: it may not leave, or `occupied`. Returns owned, or NULL. */
PackageRow *package_desk_hand(PackageDesk *desk, const Uuid *id, const PackageHanding *handing,
                              PackageHanded *handed, GError **error);

/* Sticks that are there: UsbVolume *. Returns owned. Blocking. */
GPtrArray *package_desk_usb_volumes(PackageDesk *desk);

/* Begins a copy onto a stick; when it was read back, the hand-over is written down. One at a time.
 * ERR_NOT_FOUND: no such stick; ERR_EXISTS: it may not leave; ERR_UNAVAILABLE: one is under way. */
bool package_desk_usb_start(PackageDesk *desk, const PackageRow *row, const PackageHanding *handing,
                            GError **error);

typedef struct PackageUsbState {
    bool copying;
    int64_t done_bytes, total_bytes; /* written, and read back */
    char error[16]; /* of one that is over: "full" "file-too-large" "away" "differs" … ; "": none */
} PackageUsbState;

/* Of the newest copy onto a stick; false: it was of another package. Thread-safe; does not block.
 */
bool package_desk_usb_state(PackageDesk *desk, const Uuid *id, PackageUsbState *state);

/* Takes a link back. ERR_NOT_FOUND: there is no such link. Returns owned, or NULL. */
PackageRow *package_desk_end_link(PackageDesk *desk, const Uuid *id, int n, GError **error);

/* 0: one more look by a link is taken from this address; else how long to wait (monotonic). */
int64_t package_desk_link_wait_us(PackageDesk *desk, const char *address);

/* What a link leads to; ERR_NOT_FOUND for one that never was and one that is over alike. With
 * `ticket`: counts a download and makes what it is fetched with for an hour (owned, secret_free).
 * Returns owned, or NULL. */
PackageRow *package_desk_follow(PackageDesk *desk, const char *secret, int *n, char **ticket,
                                GError **error);

/* The package of a ticket, while its link stands, and which copy. `bytes` of it are about to be
 * sent: a ticket is good for one copy, with what broken downloads take twice. Asked again for each
 * piece. Returns owned, or NULL. */
PackageRow *package_desk_ticket(PackageDesk *desk, const char *ticket, size_t bytes, int *n,
                                GError **error);

/* May it leave, now? Asked again for each piece of a download. */
bool package_desk_still(PackageDesk *desk, const Uuid *id);
