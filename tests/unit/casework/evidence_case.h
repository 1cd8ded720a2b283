/* evidence_case.h — recorded footage and an evidence package of it, to be checked and tampered
 * with.
 */
#pragma once

#include "../archive/archive_rig.h"
#include "archive/package.h"
#include "archive/verify.h"
#include "casework/certificate.h"

/* One camera that recorded: 70 s, a gap of 20 s, 50 s; another one that never did. The package has
 * both, from 10.5 s to 120 s behind the beginning. */
typedef struct EvidenceCase {
    Rig rig;
    Uuid cameras[2];
    char *folder;                           /* of packages */
    char *zip;                              /* the package as it was made */
    char *copy;                             /* where tests put theirs */
    char *page;                             /* what becomes verify.html of it */
    const EvidenceWorking *working;         /* that goes along with the next package; NULL: none */
    const PackageConsent *consent;          /* likewise, with what a household gave */
    const EvidenceCertificate *certificate; /* likewise */
    const EvidenceHold *holds;              /* likewise */
    size_t hold_count;
    char fingerprint[FINGERPRINT_TEXT];
    EvidenceResult result;
    VerifyReport report; /* of the newest check */
} EvidenceCase;

#define CASE_FROM_US (RIG_START_US + 10500000)
#define CASE_TO_US (RIG_START_US + 120 * SECOND_US)
#define CASE_GAP_FROM_S 70
#define CASE_GAP_TO_S 90
#define CASE_PAGE "<!doctype html>the page that checks"

EvidenceCase *case_start(void);
/* Names its cameras, the first as the rig does, and makes its folder: for a case that records in
 * its own way. */
void case_place(EvidenceCase *test);
void case_end(EvidenceCase *test);

/* Another package of the same footage. */
bool case_make(EvidenceCase *test, const char *path, int64_t from_us, int64_t to_us,
               GError **error);

/* By which law it was asked for, and the members of the manifest that tell so, without holds. */
#define CASE_BASIS "Luật thử, Điều 1"
#define CASE_BASIS_MEMBERS ",\"basis\":\"Lu\\u1eadt th\\u1eed, \\u0110i\\u1ec1u 1\",\"holds\":[]"

#define CASE_NUMBER "VV-2026-0042"
#define CASE_CERTIFICATE_NUMBER "CC-2026-0008"

/* A certificate of the camera that recorded, by what was watched, at `path`. */
CertificateVerdict case_certify(EvidenceCase *test, MotionStore *watched, const char *regions,
                                int64_t from_us, int64_t to_us, const char *path);

/* The package at `path` under this name in the folder VONGLAU_FORGED, where there is one: for the
 * test of verify.html (tests/e2e/verify-page.test.mjs). */
void case_leave(const char *path, const char *name);

/* Checks a package, with the fingerprint `key` (NULL: none). Whether it passes. */
bool case_passes(EvidenceCase *test, const char *path, const char *key);

/* The fault whose text holds `what`; fails the test when there is none. */
const VerifyFault *case_fault(const EvidenceCase *test, const char *what);

/* A package taken apart. */
typedef struct Part {
    char *name;
    GByteArray *data;
} Part;

GPtrArray *parts_load(const char *path); /* Part *, returned owned */
Part *parts_find(const GPtrArray *parts, const char *name);
const char *parts_text(const GPtrArray *parts, const char *name); /* with a NUL behind; borrowed */
void parts_put(const GPtrArray *parts, const char *name, const void *data, size_t size);
/* The first `from` in a file becomes `to`. */
void parts_edit(const GPtrArray *parts, const char *name, const char *from, const char *to);
void parts_store(const GPtrArray *parts, const char *path);

/* Makes SHA256SUMS, the manifest's list and its signature anew, by `key`. */
void parts_sign(const GPtrArray *parts, const NodeKey *key);

/* The part that is footage. */
Part *parts_media(const GPtrArray *parts, unsigned index);

/* Where fragment `index` of footage begins, and behind the last one its end. */
size_t fragment_at(const Part *part, unsigned index);
