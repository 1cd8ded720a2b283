/* package_look.h — what a package says of its footage's seals, read without looking at footage: for
 * who adds proofs to it. Not a check: `verify` is. */
#pragma once

#include "archive/package.h"

/* The seal of a footage file. */
typedef struct PackageSealed {
    Uuid camera, volume;
    int64_t seq;
    Hash hash;
    int64_t to_us;
    bool day; /* the package has a path from it to the root of a day */
} PackageSealed;

typedef struct PackageLook {
    PackageManifest manifest; /* its signature holds, by a key of the package */
    Hash hash;                /* of manifest.json */
    GArray *sealed;           /* PackageSealed */
    GArray *entries;          /* ZipEntry */
    uint64_t end;             /* of the last entry: here the directory begins */
} PackageLook;

/* ERR_CORRUPT with what is wrong first. `look` is to be cleared in either case. Blocking. */
bool package_look(const char *path, PackageLook *look, GError **error);
void package_look_clear(PackageLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PackageLook, package_look_clear)
