/* packages.h — rows of evidence packages: who asked, who approved, what was made, and each copy
 * that was handed over. Rules about them live in casework/package.h.
 *
 * A package names cameras and people by UUID, and its case by its number; it outlives them.
 */
#pragma once

#include "base/digest.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "catalog/packages_given.h"

#include <glib.h>

/* A copy that was handed over. */
typedef struct PackageCopyRow {
    int n;          /* counts those of its package from 1 */
    char *receiver; /* who has it, with the body that they are of */
    char *medium;   /* words of casework/package.h */
    Uuid by;        /* who handed it over */
    Uuid key;       /* the app's own name for it; nil: none */
    int64_t at_us;
    char *seal, *hash; /* of a stick: number of its seal; SHA-256 of the file, in hex. NULL: none */
    int64_t until_us;  /* of a link: it ends then; else 0 */
    int downloads_most, downloads; /* of a link */
    uint8_t secret[SHA256_BYTES];  /* digest of what opens a link; zeros: none */
    int64_t ended_us;              /* a link was taken back; 0: it was not */
} PackageCopyRow;

typedef struct PackageRow {
    int64_t ref; /* grows; the cursor of a list */
    Uuid id;
    int year, seq;
    char *case_number, *reason;
    char *state, *approval; /* words of casework/package.h */
    char *trouble;          /* why it failed; "": it did not */
    char *words;            /* why it was rejected; "": it was not */
    char *asker_role, *decider_role;
    char *basis;      /* by which law it was asked for; "": not told */
    char *redactions; /* of copies that go along (media/redaction.h); "": there are none */
    char *manifest;   /* SHA-256 of its manifest, in hex; "": it is not made */
    char *regions;    /* of a negative certificate (casework/certificate.h); "": a package */
    char *verdict;    /* of one that is made; "": none */
    GArray *cameras;  /* Uuid */
    int64_t from_us, to_us;
    Uuid by, decided_by, key; /* nil: none */
    int64_t asked_us, decided_us, made_us;
    bool approved;
    bool unmasked; /* asked for with what lies under privacy masks of its cameras */
    bool masked;   /* told when it is read: its cameras have some, or had some then */
    int64_t bytes; /* of the file */
    int64_t gaps, gap_us;
    GArray *copies; /* PackageCopyRow */
    GArray *given;  /* PackageGivenRow, of households; of a new one the files alone are told */
    GPtrArray *certificates; /* PackageRow, of its case; of a new one the ids alone are told */
} PackageRow;

/* Empty, with all texts "". Returns owned. */
PackageRow *package_row_new(void);
void package_row_free(PackageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackageRow, package_row_free)

/* Inserts it as the next of `row->year`, and sets its `ref` and `seq`. */
bool packages_add(CatalogDb *db, PackageRow *row, GError **error);

/* Replaces what may change: state, approval's outcome, what was made. */
bool packages_put(CatalogDb *db, const PackageRow *row, GError **error);

/* Adds a copy as the next of the package, and sets its `n`. */
bool packages_add_copy(CatalogDb *db, const PackageRow *row, PackageCopyRow *copy, GError **error);

/* Replaces what may change of a copy: downloads, ended_us, secret. */
bool packages_put_copy(CatalogDb *db, const PackageRow *row, const PackageCopyRow *copy,
                       GError **error);

/* With their copies. ERR_NOT_FOUND when there is none. Returned owned. */
PackageRow *packages_get(CatalogDb *db, const Uuid *id, GError **error);
PackageRow *packages_get_key(CatalogDb *db, const Uuid *key, GError **error);
PackageRow *packages_get_number(CatalogDb *db, int year, int seq, GError **error);
/* The one of which a copy has this digest; `*n` says which copy. */
PackageRow *packages_get_secret(CatalogDb *db, const uint8_t secret[SHA256_BYTES], int *n,
                                GError **error);

/* What to list, newest first. */
typedef struct PackageQuery {
    const char *case_number; /* NULL: any */
    const char *state;       /* NULL: any */
    int64_t before_ref;      /* behind this one; 0: from the newest */
    unsigned limit;
    bool (*may)(void *data, const PackageRow *row); /* which are listed; NULL: all */
    void *data;
} PackageQuery;

/* PackageRow *, with their copies. Returns owned, or NULL. */
GPtrArray *packages_list(CatalogDb *db, const PackageQuery *asked, GError **error);
