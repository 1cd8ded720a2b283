/* certificate.h — a negative certificate: that cameras ran, with clocks within so much, and that
 * nothing moved in a region drawn on each picture; or what is missing for saying so. To the byte:
 * docs/reference/certificate.md. Shared by who makes one (casework/certificate.h) and `verify`.
 *
 * What could not be seen is never “no motion”: the verdict follows from what is listed, and a check
 * makes it again.
 */
#pragma once

#include "archive/package.h"

#define CERTIFICATES_FOLDER "certificates/" /* in a package, whole: one that goes along */
#define CERTIFICATE_FILE "certificate.json"
#define CERTIFICATE_SIGNATURE "certificate.sig"

enum {
    CERTIFICATE_FORMAT = 1,
    CERTIFICATE_COLUMNS = 32,
    CERTIFICATE_ROWS = 18,
    CERTIFICATE_CELLS = CERTIFICATE_COLUMNS * CERTIFICATE_ROWS,
    CERTIFICATE_GRID_BYTES = CERTIFICATE_CELLS / 8,
    CERTIFICATE_SPANS_MOST = 2000, /* of each list */
    CERTIFICATES_MOST = 64,        /* in a package */
};
#define CERTIFICATE_NOT_KNOWN INT64_C(-1000000000) /* of clocks; as NTP in seals */
#define CERTIFICATE_CLOCK_WELL_US INT64_C(1000000)

typedef enum CertificateVerdict {
    CERTIFICATE_EMPTY,      /* it ran, was seen, by a clock that was right, and nothing moved */
    CERTIFICATE_NOT_PROVEN, /* nothing is known to have moved, but not all was seen */
    CERTIFICATE_NOT_EMPTY,  /* something moved */
} CertificateVerdict;

typedef struct CertificateSpan {
    int64_t from_us, to_us;
    GapCause cause; /* of a gap; else unknown */
} CertificateSpan;

/* A cell of the region that moved, or could not be watched, at times. */
typedef struct CertificateCell {
    int64_t cell, moved_s, unknown_s;
} CertificateCell;

typedef struct CertificateCamera {
    Uuid id;
    char *name;                             /* owned */
    uint8_t region[CERTIFICATE_GRID_BYTES]; /* cell 0 in the highest bit of the first */
    int64_t ntp_least_us, ntp_most_us;      /* the node's clock minus NTP */
    int64_t clock_us;                       /* the camera's own clock minus the node's */
    int64_t fully_s, sparsely_s;            /* looked at: often, or by key pictures alone */
    CertificateVerdict verdict;
    GArray *gaps;    /* CertificateSpan, in order: without pictures */
    GArray *moved;   /* something moved in the region */
    GArray *unknown; /* not seen: no picture, all of it dark, covered, or not decoded */
    GArray *partly;  /* part of the region was not seen */
    GArray *cells;   /* CertificateCell, in order */
} CertificateCamera;

typedef struct Certificate {
    PackageManifest about; /* all but cameras and audit; its files are those of the certificate */
    CertificateVerdict verdict;
    GArray *cameras; /* CertificateCamera */
} Certificate;

void certificate_init(Certificate *certificate);
void certificate_clear(Certificate *certificate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Certificate, certificate_clear)

/* With empty lists, at the end of the certificate's. Borrowed until the next. */
CertificateCamera *certificate_add(Certificate *certificate);

/* What follows from what is listed. */
bool certificate_clock_is_well(const CertificateCamera *camera);
CertificateVerdict certificate_judge_camera(const CertificateCamera *camera);
CertificateVerdict certificate_judge(const Certificate *certificate);

const char *certificate_verdict_text(CertificateVerdict verdict); /* "empty" … */

/* One line with its newline, all of which is signed. */
GString *certificate_write(const Certificate *certificate);
/* False when it is none, to the byte; `certificate` (initialised) is to be cleared all the same. */
bool certificate_read(const char *text, size_t size, Certificate *certificate);

/* "certificates/<number>.zip": where it stands in a package. False: no name of a file can be made
 * of this number. */
bool certificate_packed_name(const char *number, char name[ZIP_NAME_TEXT]);

/* The certificate at `path`, checked as `verify` does, and the SHA-256 of its CERTIFICATE_FILE.
 * ERR_CORRUPT with what is wrong first. `certificate` (initialised) is to be cleared in either
 * case. Blocking. */
bool certificate_look(const char *path, Certificate *certificate, Hash *hash, GError **error);
