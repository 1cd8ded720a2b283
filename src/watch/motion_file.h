/* motion_file.h — the motion grid of one camera and one UTC day as a file. Format:
 * docs/reference/motion.md. Pure: bytes in, runs of seconds out, and back. The bytes may be
 * anything.
 */
#pragma once

#include "base/bytes.h"
#include "watch/motion.h"

enum {
    MOTION_DAY_S = 86400,
    MOTION_BLOCK_SECONDS = 60,
    MOTION_FILE_HEADER_BYTES = 8,
    MOTION_FILE_MOST_BYTES = 16 << 20, /* more than a day can be at its fullest */
};

/* `count` seconds alike, from `second.second` on. */
typedef struct MotionRun {
    MotionSecond second;
    int count;
} MotionRun;

typedef void (*MotionRunTaken)(void *data, const MotionRun *run);

/* The beginning of a file; `day`: days since the Unix epoch. */
void motion_file_begin(ByteWriter *to, int64_t day);

/* Appends one block of 1 to MOTION_BLOCK_SECONDS seconds, in order of time, of one minute; those
 * between them that are missing were not seen. */
void motion_file_add(ByteWriter *to, const MotionSecond *seconds, int count);

/* Hands on what whole blocks from the start on hold, in the order of the file; `take` NULL: only
 * looks. Returns how many bytes are whole: a torn or damaged block ends it. 0: not a file of `day`.
 */
size_t motion_file_read(const uint8_t *data, size_t size, int64_t day, MotionRunTaken take,
                        void *take_data);
