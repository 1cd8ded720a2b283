/* masker.h — covers what lies under privacy masks in decoded pictures.
 *
 * Whole blocks become one of two greys, whatever was there: nothing of it can be told. A block is
 * covered that a mask touches, and each block beside one: so nothing of what is covered is mixed
 * into what stays where pictures were made smaller before. What is not covered stays as it was.
 */
#pragma once

#include "media/mask.h"

typedef struct Masker Masker;

/* A picture of YUV 4:2:0 with 8 bits, which is changed. */
typedef struct MaskerPicture {
    uint8_t *planes[3];
    int strides[3]; /* bytes */
    int width, height;
} MaskerPicture;

/* Of brightness; of colour half of it. */
enum { MASKER_BLOCK_PX = 8, MASKER_DARK = 72, MASKER_LIGHT = 88 };

/* Holds a reference to `masks`. Returns owned. One thread at a time. */
Masker *masker_new(MaskSet *masks);
void masker_free(Masker *masker); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Masker, masker_free)

void masker_apply(Masker *masker, const MaskerPicture *picture);

/* Is the block with this point covered in pictures of that size? */
bool masker_covers(Masker *masker, int width, int height, int x, int y);
