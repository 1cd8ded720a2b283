/* statement.h — report.pdf of an evidence package: what was asked, what was found and what not, in
 * Vietnamese and English, for who has to judge by it (docs/reference/evidence.md).
 *
 * It says nothing that the package does not hold otherwise; what is not known is said to be not
 * known. Its body follows what a court asks of electronic data: how it was made and kept, how its
 * integrity was kept, who originated it. Private to casework/. Blocking; a picture takes about
 * 40 ms, and STATEMENT_PICTURES_MOST of them at most are in memory, as JPEG.
 */
#pragma once

#include "casework/evidence_plan.h"
#include "media/mask.h"
#include "picture/page.h"
#include "place/place.h"

enum {
    STATEMENT_PICTURES_A_CAMERA = 6,
    STATEMENT_PICTURES_MOST = 120,
    STATEMENT_GAPS_MOST = 60, /* are listed; continuity.json has all */
};

typedef struct StatementPicture {
    int64_t at_us;
    Buffer *jpeg; /* NULL: it could not be decoded */
} StatementPicture;

/* Texts are NULL where nothing is known. */
typedef struct StatementCamera {
    char *name, *location, *village, *owner, *make, *model, *firmware, *serial, *certificate;
    bool placed, aimed;
    PlacePoint at;
    double heading_deg, fov_deg, reach_m;
    double height_m;             /* of the lens above the ground; 0: not known */
    int64_t width_px, height_px; /* of its coarsest footage; 0: there is none */
    int64_t files, lost_us;
    unsigned clock_steps, overlaps; /* its clock was set, or other pictures have the same times */
    /* the node's clock minus NTP in its footage; NTP was unknown for some of it */
    bool ntp_known, ntp_unknown;
    int64_t ntp_least_us, ntp_most_us;
    PackageClock clocks[PACKAGE_MOMENTS]; /* its own clock minus the node's */
    MaskSet *masks;   /* that are in force, or were in the span; owned, NULL: none */
    GArray *pictures; /* StatementPicture */
} StatementCamera;

typedef struct Statement {
    const EvidenceOrder *order;
    const EvidencePlan *plan;
    GArray *cameras; /* StatementCamera, a row for each of the order's */
    GArray *gaps;    /* PackageGap */
    unsigned seal_lines, custody_lines, unproven;
    Uuid node;
    Hash list; /* of what package_sums() says of all files before it */
    GTimeZone *zone;
} Statement;

/* What of the package the plan does not tell. */
typedef struct StatementFacts {
    const GArray *files; /* PackageFile before it */
    Uuid node;
    unsigned custody_lines, unproven;
} StatementFacts;

/* The PDF, returned owned. */
GByteArray *statement_make(const EvidenceOrder *order, const EvidencePlan *plan,
                           const StatementFacts *facts, GError **error);

/* ---- its parts ---- */

/* What is known of camera `index`, but for its pictures. */
void statement_camera_read(const Statement *statement, unsigned index, StatementCamera *camera);
void statement_camera_clear(void *camera);

/* Key pictures of the camera's footage, spread over what there is of it, covered by `masks`. */
GArray *statement_pictures(const EvidencePlan *plan, unsigned camera, unsigned most,
                           MaskSet *masks);

/* One language of it while it is drawn. */
typedef struct StatementText {
    const Statement *statement;
    Pages *pages;
    bool vietnamese;
} StatementText;

/* Who "asked" or "approved". NULL: nobody that is known. */
const PackagePerson *statement_person(const Statement *statement, const char *part);

/* Name, role and when; in words when there is nobody (NULL). Returned owned. */
char *statement_part(const StatementText *text, const PackagePerson *person);

/* The letterhead with this title; what was asked for, by whom; places to sign. */
void statement_head(const StatementText *text, const char *vietnamese, const char *english);
void statement_asked(const StatementText *text, const char *vietnamese, const char *english);
void statement_signatures(const StatementText *text);

void statement_holds(const StatementText *text); /* nothing when none stands */
void statement_front(const StatementText *text);
void statement_leads(
    const StatementText *text); /* nothing when each file begins with a key picture */
void statement_certificates(const StatementText *text); /* nothing when none goes along */
void statement_given(const StatementText *text); /* nothing when no household gave anything */
void statement_given_annex(const Statement *statement, Pages *pages); /* in both languages */

/* What a household gave, made smaller: a photo, or the first key picture of a film. NULL: it cannot
 * be read or decoded. Returns owned (buffer_unref). */
Buffer *statement_given_picture(const PackageConsentFile *file);
void statement_body(const StatementText *text);                   /* with its front */
void statement_annexes(const Statement *statement, Pages *pages); /* in both languages */

void statement_para(const StatementText *text, const char *vietnamese, const char *english);
void statement_heading(const StatementText *text, const char *vietnamese, const char *english);

/* Rows of a table, as page_table() takes them; the texts of a row, up to NULL, are copied. */
GPtrArray *statement_rows_new(void); /* returns owned */
void statement_row(GPtrArray *rows, const char *const *texts);

/* Returned owned. */
char *statement_clock(const Statement *statement, int64_t time_us, bool vietnamese);
char *statement_duration(int64_t span_us, bool vietnamese);
char *statement_offset(int64_t offset_us, bool vietnamese); /* "+0.8 ms" */
char *statement_number(double value, bool vietnamese);      /* one digit behind the point */
const char *statement_cause(GapCause cause, bool vietnamese);
char *statement_groups(const Hash *hash); /* 16 of 4 hex digits */
const char *statement_name(const StatementCamera *camera);

/* The reading of the camera's clock that says most of a moment of its footage. NULL: there is none.
 * Borrowed. */
const PackageClock *statement_camera_clock(const StatementCamera *camera, int64_t at_us);

/* How the footage of camera `index` is coded, "H.264 1920 × 1080, 24.9 a second": each way once. */
char *statement_coded(const Statement *statement, unsigned index, bool vietnamese);

/* What is known of its clock, at start, end and making. Returned owned. */
char *statement_camera_clocks(const StatementCamera *camera, bool vietnamese);
