/* package_lines.h — members that the manifest of a package and a certificate have in common. */
#pragma once

#include "archive/package.h"

void package_people_put(GString *line, const GArray *people); /* "people" */
void package_files_put(GString *line, const GArray *files);   /* "files" */

/* An item of these lists, added to the manifest's. */
void package_person_read(LineReader *reader, PackageManifest *manifest);
void package_file_read(LineReader *reader, PackageManifest *manifest);
