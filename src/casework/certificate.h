/* certificate.h — makes a negative certificate (archive/certificate.h): what the seals say of each
 * camera's footage and clock, and what the motion grid says of the region drawn on its picture, as
 * a signed text and a paper, in a small ZIP. Blocking. */
#pragma once

#include "archive/certificate.h"
#include "casework/evidence.h"
#include "watch/motion_store.h"

/* Grids in hex by commas, one a camera, as they are kept with what was asked. False: they are not
 * `count` such grids, or one is empty. */
bool certificate_regions_read(const char *text, size_t count,
                              uint8_t regions[][CERTIFICATE_GRID_BYTES]);
char *certificate_regions_text(uint8_t regions[][CERTIFICATE_GRID_BYTES],
                               size_t count); /* returns owned */

/* As evidence_make(); `result->manifest` is the hash of certificate.json. ERR_INVALID: it would
 * list too much. */
bool certificate_make(const EvidenceOrder *order, const char *regions, MotionStore *motion,
                      const char *path, EvidenceResult *result, CertificateVerdict *verdict,
                      GError **error);
