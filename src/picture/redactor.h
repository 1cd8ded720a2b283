/* redactor.h — makes the boxes of a redaction unrecognisable in decoded pictures, for good.
 *
 * A box becomes a few large cells without colour. A cell's brightness is the average of what was
 * there, in sixteen steps, and stands for a second: so a box gives away at most sixteen numbers of
 * four bits a second, however large it is and however it moves over what lies under it. Blurring
 * would not do: a Gaussian keeps what it smears, in digits that can be sharpened again, and the
 * more so the more pictures there are. What is not in a box stays as it was.
 */
#pragma once

#include "media/redaction.h"

typedef struct Redactor Redactor;

/* A picture of YUV 4:2:0 with 8 bits, which is changed; even in width and height. */
typedef struct RedactorPicture {
    uint8_t *planes[3];
    int strides[3]; /* bytes */
    int width, height;
} RedactorPicture;

enum {
    REDACTOR_CELLS_MOST = 4,     /* of a box, in a row and in a column */
    REDACTOR_CELL_LEAST_PX = 16, /* wide and high, where the box is large enough for two */
    REDACTOR_LEVEL = 16,         /* a step of brightness */
};
#define REDACTOR_STANDS_US INT64_C(1000000)

/* `redaction` is copied; redaction_check() let it pass. Returns owned. */
Redactor *redactor_new(const Redaction *redaction);
void redactor_free(Redactor *redactor); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redactor, redactor_free)

/* The picture that was captured then; pictures come in order of time. */
void redactor_apply(Redactor *redactor, const RedactorPicture *picture, int64_t at_us);
