/* package_given.h — what households gave, in an evidence package: files as they came, apart from
 * what the server recorded, and what each household agreed to (docs/reference/evidence.md).
 *
 * Nothing here names a household: they are numbered, from 01 in each package. Pure.
 */
#pragma once

#include "ledger/hash.h"
#include "ledger/line.h"
#include "media/zip.h"

enum {
    PACKAGE_GIVEN_MOST = 64,
    PACKAGE_GIVEN_TYPE_TEXT = 24,
    PACKAGE_LOOKS_MOST = 100, /* at one file */
};

/* A file, as the manifest names it. */
typedef struct PackageGiven {
    char name[ZIP_NAME_TEXT];
    unsigned household; /* its number in the package; follows from `answer` */
    Uuid file, answer, request;
    int64_t given_us; /* when all of it had come */
    Hash hash;        /* of what had come then */
    char type[PACKAGE_GIVEN_TYPE_TEXT];
} PackageGiven;

/* "household/<number>/given-<n>.<kind>"; n counts the household's files in the package from 1.
 * False: no kind that households give. */
bool package_given_name(unsigned household, unsigned n, const char *type, char name[ZIP_NAME_TEXT]);

/* "consent/<number>.json" */
void package_consent_name(unsigned household, char name[ZIP_NAME_TEXT]);

/* The member "given" of a manifest, which is not there without files (PackageGiven). Reading gives
 * households their numbers. */
void package_given_put(GString *line, const GArray *all);
void package_given_read(LineReader *reader, GArray *all);

/* A look at a file, or what else became of it, as the household sees it. */
typedef struct PackageLookAt {
    unsigned file; /* of the consent's, from 0 */
    int64_t at_us;
    char role[16], act[16]; /* "look", "package", "hand-over" */
} PackageLookAt;

/* A file, as its consent tells of it. */
typedef struct PackageConsentFile {
    PackageGiven given;
    int64_t bytes, begun_us, kept_us; /* announced; marked as evidence */
    char *path; /* owned; where it lies; NULL when it was read from a package */
} PackageConsentFile;

/* What one household was asked, agreed to, and gave. Texts are owned. */
typedef struct PackageConsent {
    unsigned household;
    Uuid request, answer;
    int64_t pin_us, may_ask_us, left_us; /* consents of the register; 0: not given, still in it */
    char *case_number, *what, *unit;     /* for which case, what to look for, who asked */
    int64_t from_us, to_us;              /* of when it was asked for */
    int64_t radius_m, asked_us, deadline_us;
    GArray *files; /* PackageConsentFile */
    GArray *looks; /* PackageLookAt */
} PackageConsent;

void package_consent_init(PackageConsent *consent);
void package_consent_clear(void *consent); /* what it owns */

/* One line with its newline:
 * {"v":1,"type":"household-consent","household":N,"request":U,"answer":U,"pin_us":I,"may_ask_us":I,
 *  "left_us":I,"case":T,"what":T,"unit":T,"from_us":I,"to_us":I,"radius_m":N,"asked_us":I,
 *  "deadline_us":I,"clock":"of the device, not checked","masks":"none by the server",
 *  "files":[["<name>",U,"<type>",BYTES,HASH,BEGUN_US,GIVEN_US,KEPT_US],…],
 *  "looks":[[FILE,AT_US,"<role>","<act>"],…]} */
GString *package_consent_write(const PackageConsent *consent);
/* False when it is none; `consent` (initialised) is then to be cleared all the same. */
bool package_consent_read(const char *text, size_t size, PackageConsent *consent);
