/* verify.h — checks footage and ledgers without catalog, server or secret (FOOTAGE.md §9).
 *
 * A target is a data folder with the packages in it, a volume, a camera's folder, one day of it,
 * one segment's file, or an evidence package. The public keys come from the ledger or keys.jsonl
 * found beside or above the target; a package has its own.
 */
#pragma once

#include "base/uuid.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct VerifyOptions {
    const char *key_fingerprint; /* from elsewhere; NULL: "consistent, key not confirmed" */
    const char *keys_path;       /* a keys.jsonl; NULL: found by itself */
    void (*progress)(void *data, int64_t done_bytes, int64_t all_bytes); /* NULL is allowed */
    void *progress_data;
    const char *const *volumes; /* further volumes of a data folder; NULL-terminated, or NULL */
} VerifyOptions;

typedef struct VerifyFault {
    char *camera;           /* UUID text, "" when the fault is not one camera's */
    int64_t from_us, to_us; /* UTC; 0 when no time can be named */
    char *path;             /* the file */
    char *what;             /* one sentence */
} VerifyFault;

/* Of a second of a package, from well to ill: the worst that fits. */
typedef enum VerifyVerdict {
    VERDICT_AUTHENTIC,      /* as it reached the server: seal, root and manifest hold */
    VERDICT_CLOCK_DOUBTFUL, /* as it reached the server, but the time may be wrong by more than 1 s
                             */
    VERDICT_GAP,            /* no pictures, and the package says so */
    VERDICT_UNSIGNED,
    VERDICT_ALTERED,
} VerifyVerdict;

typedef struct VerifySpan {
    Uuid camera;
    int64_t from_us, to_us; /* whole seconds */
    VerifyVerdict verdict;
} VerifySpan;

typedef struct VerifyComplete {
    Uuid camera;
    bool complete; /* pictures for all of what was asked for */
} VerifyComplete;

typedef struct VerifyReport {
    GPtrArray *faults; /* of VerifyFault, owned */
    GPtrArray *notes;  /* of char *, owned: what could not be checked, and why that is no fault */
    int64_t cameras, segments, open_segments, retired, fragments, bytes, lines, roots;
    int64_t packages;
    GArray *spans, *complete; /* of packages: VerifySpan, VerifyComplete; by camera and time */
    GHashTable *counted;      /* Uuid of the cameras, owned: one on several volumes counts once */
    bool key_asked, key_confirmed;
    char *fingerprint; /* of the newest key met, owned; NULL when there was none */
} VerifyReport;

void verify_report_init(VerifyReport *report);
void verify_report_clear(VerifyReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VerifyReport, verify_report_clear)

/* Adds what it finds to `report`. False (ERR_NOT_FOUND, ERR_INVALID …) when the target itself
 * cannot be checked at all: missing, not ours, a fingerprint that makes no sense. */
bool verify_target(const char *path, const VerifyOptions *options, VerifyReport *report,
                   GError **error);

/* No fault, something was checked, and the key is confirmed if that was asked: exit status 0. */
bool verify_passed(const VerifyReport *report);

void verify_print(const VerifyReport *report, FILE *out);
void verify_print_json(const VerifyReport *report, FILE *out);
