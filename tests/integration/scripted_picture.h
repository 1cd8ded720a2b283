/* scripted_picture.h — how a scripted camera makes bytes of its pictures. */
#pragma once

#include "scripted_packet.h"

/* Codes the pictures, which all scripted cameras share, at the first call. Not thread-safe. */
void scripted_pictures_prepare(void);

/* "Z0IA…,aM4…" for a=fmtp; `annexb`: each with a start code before and a zero behind it. Returns
 * owned. */
char *scripted_parameter_sets(bool annexb);

/* The codec string that their SPS makes (RFC 6381 §3.3). Returns owned. */
char *scripted_rfc6381(void);

/* Appends the bytes of the picture as the script has them; `script` may be NULL. */
void scripted_picture_write(const ScriptPicture *picture, const CameraScript *script,
                            ScriptTrack *track, ByteWriter *bytes);
