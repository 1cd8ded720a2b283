/* rtp_rival.h — packets of another source than ours, kept until it is known whether it has taken
 * its place (RFC 3550 §8.2): then nothing of it is lost.
 *
 * Only what goes on by its own numbers is kept; a stray packet is forgotten with the next one.
 * When there is no more room it begins anew. One thread.
 */
#pragma once

#include "media/rtp.h"

#include <stdbool.h>

enum { RTP_RIVAL_BYTES_MAX = 1 << 20 };

typedef struct RtpRival RtpRival;

RtpRival *rtp_rival_new(void);
void rtp_rival_free(RtpRival *rival); /* NULL is allowed */

/* Copies the packet, `size` bytes at `data`, read as `packet`. */
void rtp_rival_keep(RtpRival *rival, const RtpPacket *packet, const uint8_t *data, size_t size,
                    int64_t arrival_us);
void rtp_rival_forget(RtpRival *rival);

unsigned rtp_rival_count(const RtpRival *rival);
/* Whether it has sent more before that, which was forgotten. */
bool rtp_rival_torn(const RtpRival *rival);

/* Hands out what was kept, in its order, and forgets it. */
typedef void (*RtpRivalOut)(void *data, const uint8_t *packet, size_t size, int64_t arrival_us);
void rtp_rival_give(RtpRival *rival, RtpRivalOut out, void *data);
