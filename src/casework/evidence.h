/* evidence.h — makes an evidence package: one ZIP of original fragments, byte for byte, with all
 * that is needed to check them without us (docs/reference/evidence.md, archive/package.h).
 *
 * The same order on the same footage gives the same bytes. Footage goes through a few buffers,
 * never whole into memory. Blocking; may run beside a server that records: it reads files only.
 */
#pragma once

#include "archive/certificate.h"
#include "base/error.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "ledger/key.h"

#include <glib.h>

/* What may be recorded of a camera's place and make, as its part of the manifest: ,"name",value …
 * of what is known. Returns owned; ERR_NOT_FOUND: no such camera. */
char *evidence_camera_facts(CatalogDb *db, const Uuid *camera, GError **error);

/* A working copy that was made before, for the package. Everything is borrowed. */
typedef struct EvidenceWorking {
    const Redaction *redaction; /* of a camera and within the span of the package */
    const char *path;           /* the film */
    const char *processing;
    const char *encoder;
} EvidenceWorking;

/* A negative certificate that was made before, for the package. Everything is borrowed. */
typedef struct EvidenceCertificate {
    const char *path, *number;
    const char *digest; /* SHA-256 of its CERTIFICATE_FILE when it was made, in hex */
    const char *verdict;
    unsigned cameras;
    int64_t from_us, to_us, made_us;
} EvidenceCertificate;

/* A hold on some of the footage (evidence_holds.h). */
typedef struct EvidenceHold {
    PackageHold hold;
    Uuid object;    /* the case or package it was set for */
    GString *lines; /* of the ledger, owned */
} EvidenceHold;

/* Everything is borrowed. */
typedef struct EvidenceOrder {
    const char *data;           /* DATA: its ledger is read */
    const char *const *volumes; /* folders, NULL-terminated; one that is away is passed over */
    const Uuid *cameras;        /* each once */
    const char *const *facts;   /* evidence_camera_facts() of each */
    size_t camera_count;
    int64_t from_us, to_us; /* all that was recorded then should be sealed by now */
    int64_t at_us, ntp_us;  /* now, and what NTP says (clock.h) */
    Uuid id;                /* of the package */
    const char *reason;
    const char *basis;                           /* by which law it is asked for; NULL: not told */
    const char *made;                            /* "console", "server" */
    const char *approval, *case_number, *number; /* PackageManifest; NULL: none */
    const PackagePerson *people;
    size_t person_count;
    const char *site, *zone;
    const PackageClock *clocks; /* PACKAGE_MOMENTS of each camera; NULL: none are known */
    const EvidenceHold *holds;  /* PACKAGE_HOLDS_MOST at most */
    size_t hold_count;
    const EvidenceWorking *working; /* PACKAGE_WORKING_MOST at most */
    size_t working_count;
    const PackageConsent *consents; /* of households, with what they gave; numbered from 1 */
    size_t consent_count;
    const EvidenceCertificate *certificates; /* CERTIFICATES_MOST at most */
    size_t certificate_count;
    const char *page; /* the file verify.html of the app; NULL: a package without it */
    const NodeKey *key;
} EvidenceOrder;

typedef struct EvidenceResult {
    int64_t files, bytes;     /* of footage */
    int64_t gaps, gap_us;     /* within what was asked for, of all cameras */
    char manifest[65];        /* SHA-256 of manifest.json, in hex */
    bool given_changed;       /* it failed: what a household gave is not there as it arrived */
    bool certificate_changed; /* it failed: a certificate is not there as it was made */
    unsigned unproven; /* roots to which no path could be made: lines of other cameras are gone */
} EvidenceResult;

/* Called a few times a second; false stops (ERR_UNAVAILABLE). */
typedef bool (*EvidenceProgress)(void *data, int64_t done_bytes, int64_t total_bytes);

/* Writes beside `path` and renames it there when it is whole; nothing stays of a failed one. An
 * existing file is replaced. ERR_NOT_FOUND: no footage of any of the cameras in the span.
 * Without cameras it has what households gave alone. */
bool evidence_make(const EvidenceOrder *order, const char *path, EvidenceProgress progress,
                   void *data, EvidenceResult *result, GError **error);
