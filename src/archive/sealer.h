/* sealer.h — finished segments get their seal line and their catalog row. The keeper's thread. */
#pragma once

#include "archive/segment.h"

typedef struct Sealer Sealer;

Sealer *sealer_new(Store *store);
void sealer_free(Sealer *sealer);

/* The camera's chain on the volume; borrowed. NULL on error. */
SealChain *sealer_chain(Sealer *sealer, const Uuid *camera, GError **error);

/* Makes file and folder names durable, then appends the seal line (`seal` as seal_chain_append()
 * wants it), then enters the segment into the catalog. `maybe_there`: this may have been done
 * before, so look for the line first. `path`: the file. */
bool sealer_seal(Sealer *sealer, const char *path, SegmentSeal *seal, bool maybe_there,
                 GError **error);

/* Enters a sealed segment, and its part of the coverage, into the catalog. */
bool sealer_enter(Sealer *sealer, const SegmentSeal *seal, GError **error);

/* Seals a segment of this run; cuts off what a failed write left behind its good bytes. */
bool sealer_seal_segment(Sealer *sealer, Segment *segment, GError **error);
