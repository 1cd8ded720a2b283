/* depay_video.h — NAL units to pictures; within depay only.
 *
 * The packet formats (depay_h264.c, depay_h265.c) say which NAL units stand in a packet; here they
 * are collected to access units, whatever marker, time stamp and loss have to say.
 */
#pragma once

#include "base/bytes.h"
#include "media/depay.h"
#include "media/param_sets.h"

typedef struct DepayVideo {
    Codec codec;
    bool has_don;       /* decoding order numbers stand in the packets (RFC 7798 §7.1) */
    unsigned notes;     /* DepayNote bits */
    ParamSets *sets;    /* owned */
    ByteWriter picture; /* NAL units behind their lengths */
    ByteWriter spare;   /* for splitting Annex B */
    size_t nal_at;      /* where the open or last NAL unit begins in `picture`: its length */
    unsigned nal_count;
    uint32_t timestamp, last_timestamp; /* of this picture, of the one emitted last */
    bool begun;                         /* packets with `timestamp` have come */
    bool fragment_open;                 /* a NAL unit waits for more fragments */
    bool has_vcl, key, damaged;         /* of this picture */
    bool doubtful;                      /* packets were lost before its first slice */
    uint8_t first;                      /* type of its first unit, and 1; 0: it has none yet */
    uint8_t usual[2];      /* the same of the newest picture that began whole, by `key` */
    bool discarding;       /* what comes is no use up to the next picture */
    bool left_out;         /* a picture was, for its size, since the last one that was begun */
    bool lost;             /* packets are missing before the next one */
    bool marker_seen;      /* ever */
    bool marker_lies;      /* came in the middle of pictures: only time stamps count */
    bool closed_by_marker; /* the picture emitted last */
    bool annexb;           /* start codes were met within NAL units */
    DepayEmit emit;        /* during a call only */
    void *emit_data;
} DepayVideo;

void depay_video_init(DepayVideo *video, Codec codec, const SdpMedia *media);
void depay_video_clear(DepayVideo *video);
void depay_video_reset(DepayVideo *video);
void depay_video_lost(DepayVideo *video);

/* Only a picture that waits for the next one to tell its end is given: one that a marker should end
 * was cut. */
void depay_video_flush(DepayVideo *video);

/* A packet is read between these two. */
void depay_video_begin(DepayVideo *video, uint32_t timestamp);
void depay_video_end(DepayVideo *video, bool marker);

/* A whole NAL unit. */
void depay_video_nal(DepayVideo *video, const uint8_t *data, size_t size);

/* Part of one. With `start` it begins anew with the NAL header of `header_size` bytes. */
void depay_video_fragment(DepayVideo *video, bool start, bool end, const uint8_t *header,
                          size_t header_size, const uint8_t *data, size_t size);

void depay_h264_packet(DepayVideo *video, const RtpPacket *packet);
void depay_h265_packet(DepayVideo *video, const RtpPacket *packet);
