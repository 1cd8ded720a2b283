/* param_sets.h — the parameter sets of one video stream as they come by, and the CodecParams they
 * make.
 *
 * Sets are compared by content, so repeating them costs a compare and changes nothing. What changed
 * takes effect with the next key picture. A stream that flips between sets of one size keeps the
 * params it has: the sets also stand in the stream, and every flip would end a segment (CAMERAS.md
 * R9).
 */
#pragma once

#include "media/nal.h"

typedef struct ParamSets ParamSets;

/* For CODEC_H264 or CODEC_H265. Returns owned. */
ParamSets *param_sets_new(Codec codec);
void param_sets_free(ParamSets *sets); /* NULL is allowed */

/* Keeps a copy of a VPS, SPS or PPS. Those from the SDP are only believed until the stream brings
 * its own. */
void param_sets_put(ParamSets *sets, const Nal *nal, bool from_sdp);

/* A picture begins with this slice: brings the params up to date when it is a key picture, or when
 * there are none yet. */
void param_sets_picture(ParamSets *sets, const Nal *slice);

/* Borrowed; NULL until every kind of set has come. */
CodecParams *param_sets_params(const ParamSets *sets);
double param_sets_fps(const ParamSets *sets); /* of the active SPS, or 0 */
bool param_sets_alternate(const ParamSets *sets);
bool param_sets_unknown(const ParamSets *sets); /* the active SPS could not be understood */
