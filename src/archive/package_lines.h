/* package_lines.h — members that the manifest of a package and a certificate have in common. */
#pragma once

#include "archive/package.h"

/* For which case, by whom, and where it was made: from "case" to "program". */
void package_origin_put(GString *line, const PackageManifest *manifest);
void package_origin_read(LineReader *reader, PackageManifest *manifest);

/* "clocks" of time.json. */
void package_clocks_put(GString *line, const GArray *cameras, const PackageClock *clocks);
void package_clocks_read(LineReader *reader, GArray *clocks);

void package_files_put(GString *line, const GArray *files); /* "files" */

/* An item of that list, added to the manifest's. */
void package_file_read(LineReader *reader, PackageManifest *manifest);
