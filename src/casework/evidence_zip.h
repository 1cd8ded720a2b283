/* evidence_zip.h — writes the ZIP of a package as a stream, and sums its files on the way.
 *
 * One thread's. Large pieces are hashed by a second thread while the first one writes them. */
#pragma once

#include "casework/evidence.h"

#include <stdint.h>

typedef struct EvidenceZip EvidenceZip;

/* Begins a file beside `path`. `total_bytes` of footage will be copied: for the progress (may be
 * NULL). Returns owned. */
EvidenceZip *evidence_zip_new(const char *path, int64_t total_bytes, EvidenceProgress progress,
                              void *data, GError **error);

/* Removes what was written unless it was closed. NULL is allowed. */
void evidence_zip_free(EvidenceZip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvidenceZip, evidence_zip_free)

/* A file: begin, add and copy, end. `bytes`: how many there will be; -1: not known, under 4 GiB. */
bool evidence_zip_begin(EvidenceZip *zip, const char *name, int64_t bytes, GError **error);
bool evidence_zip_add(EvidenceZip *zip, const void *data, size_t size, GError **error);
bool evidence_zip_copy(EvidenceZip *zip, int fd, uint64_t at, uint64_t bytes, GError **error);
bool evidence_zip_end(EvidenceZip *zip, GError **error);

/* All three of a small file. */
bool evidence_zip_put(EvidenceZip *zip, const char *name, const void *data, size_t size,
                      GError **error);

/* PackageFile of all files that were ended. Borrowed. */
const GArray *evidence_zip_files(const EvidenceZip *zip);

/* Writes the directory and gives the file its name. */
bool evidence_zip_close(EvidenceZip *zip, GError **error);
