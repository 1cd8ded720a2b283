/* rtp_reorder.h — the packets of one RTP source, put in order, as UDP does not keep it.
 *
 * What comes in order passes at once, uncopied. Behind a hole packets wait until it is filled,
 * until RTP_REORDER_MOST numbers are spanned, or until the first of them has waited RTP_REORDER_US:
 * then the hole is given up. The first packet of all waits as if some were missing before it.
 * Numbers that jump by thousands pass as they come: the source began anew, or a stray packet came
 * (rtp_sequence_add() tells them apart). Pure; times are the caller's.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { RTP_REORDER_MOST = 32, RTP_REORDER_US = 100 * 1000 };

typedef struct RtpReorder RtpReorder;

/* The next packet, borrowed until return. `arrival_us` never goes back: that of the newest packet
 * given so far. */
typedef void (*RtpReorderOut)(void *data, const uint8_t *packet, size_t size, int64_t arrival_us);

RtpReorder *rtp_reorder_new(RtpReorderOut out, void *data); /* returns owned */
void rtp_reorder_free(RtpReorder *reorder);                 /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RtpReorder, rtp_reorder_free)

/* Takes the packet of this sequence number; gives none, one or several. */
void rtp_reorder_add(RtpReorder *reorder, uint16_t number, const uint8_t *packet, size_t size,
                     int64_t arrival_us);

/* Gives up the holes that were waited for long enough by `now_us`, on the clock of arrivals. */
void rtp_reorder_give_up(RtpReorder *reorder, int64_t now_us);
/* Until when the first waiting packet waits; INT64_MAX: none does. */
int64_t rtp_reorder_until_us(const RtpReorder *reorder);

/* Gives all that waits: no more will come. */
void rtp_reorder_flush(RtpReorder *reorder);
/* Forgets all: another source. */
void rtp_reorder_reset(RtpReorder *reorder);
