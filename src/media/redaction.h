/* redaction.h — which parts of a camera's pictures are made unrecognisable in a copy, and where
 * they are at each moment.
 *
 * Boxes are set by hand at key moments and move straight and evenly from one to the next. Before
 * its first moment and after its last one a box stays where it is set then, unless it is said to be
 * there between them only. Whole numbers throughout, so that the same redaction is the same text
 * wherever it is written. Pure.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"
#include "ledger/line.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    REDACTION_WHOLE = 10000, /* the picture is so many parts wide, and so many high */
    REDACTION_LEAST = 50,    /* a box is no narrower and no lower */
    REDACTION_BOXES_MOST = 32,
    REDACTION_MOMENTS_MOST = 2000, /* of all its boxes */
};
#define REDACTION_MOST_US (INT64_C(3600) * 1000000)

/* Where a box is, in parts of the picture from its upper left corner. */
typedef struct RedactionMoment {
    int64_t at_us;
    int64_t x, y, width, height;
} RedactionMoment;

typedef struct RedactionBox {
    bool stays;            /* before its first moment and after its last one, too */
    unsigned first, count; /* of the moments */
} RedactionBox;

typedef struct Redaction {
    Uuid camera;
    int64_t from_us, to_us; /* of the copy */
    bool sound;             /* goes along */
    GArray *boxes;          /* RedactionBox */
    GArray *moments;        /* RedactionMoment, box by box */
} Redaction;

Redaction *redaction_new(void); /* empty; returns owned */
Redaction *redaction_copy(const Redaction *redaction);
void redaction_free(Redaction *redaction); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redaction, redaction_free)

/* A box without moments, to which redaction_add_moment() adds until there is another. */
void redaction_add_box(Redaction *redaction, bool stays);
void redaction_add_moment(Redaction *redaction, const RedactionMoment *moment);

/* Is it one that can be made? ERR_INVALID says which box is wrong. */
bool redaction_check(const Redaction *redaction, GError **error);

/* Where box `index` is at that moment; false: it is not there then. */
bool redaction_at(const Redaction *redaction, unsigned index, int64_t at_us,
                  RedactionMoment *where);

/* ["<camera>",FROM_US,TO_US,SOUND,[[STAYS,[[AT_US,X,Y,WIDTH,HEIGHT],…]],…]] */
void redaction_put(GString *text, const Redaction *redaction);

/* As redaction_put() writes it, from anyone. Returns owned; NULL, and the reader has failed, when
 * it is none that redaction_check() lets pass. */
Redaction *redaction_read(LineReader *reader);

/* A list of them: [redaction,…]. "" is the empty one. Both return owned; NULL: it is none. */
char *redactions_text(const GPtrArray *redactions);
GPtrArray *redactions_parse(const char *text, size_t size);
