/* scripted_udp.h — how a scripted camera sends its pictures by UDP: from an even port on loopback,
 * RTCP at the next one.
 */
#pragma once

#include "scripted_camera.h"

typedef struct ScriptedUdp ScriptedUdp;

ScriptedUdp *scripted_udp_new(void);
void scripted_udp_free(ScriptedUdp *udp); /* NULL is allowed */
uint16_t scripted_udp_port(const ScriptedUdp *udp);

/* Takes the client's ports from a SETUP; false when it asks for none. */
bool scripted_udp_setup(ScriptedUdp *udp, const char *request);

/* Sends each of the frames behind `$` as a datagram. */
void scripted_udp_send(ScriptedUdp *udp, const ScriptUdp *script, const ByteWriter *frames);

/* Whether a report with a block came since it was asked last. */
bool scripted_udp_heard(ScriptedUdp *udp);
