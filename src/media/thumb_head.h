/* thumb_head.h — what stands before each picture of a thumbnail file
 * (docs/reference/thumbnails.md). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { THUMB_HEAD_BYTES = 24, THUMB_MOST_BYTES = 1 << 20 };

typedef struct ThumbHead {
    int64_t capture_us;
    uint32_t bytes; /* of the JPEG behind it; 1 to THUMB_MOST_BYTES */
    uint32_t sum;   /* CRC-32C of the JPEG */
} ThumbHead;

void thumb_head_write(const ThumbHead *head, uint8_t bytes[THUMB_HEAD_BYTES]);

/* False: these bytes are no head, or a damaged one. */
bool thumb_head_read(const uint8_t bytes[THUMB_HEAD_BYTES], ThumbHead *head);
