/* mark_judgements.h — rows of what the auditor judged of marks of the audit log: misuse, or
 * explained. What a mark is: people/audit_marks.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

#include <glib.h>

typedef struct MarkJudgement {
    char *mark;   /* audit_mark_id() */
    char *kind;   /* mark_kind_text() */
    char *actor;  /* whose looks they are */
    char *object; /* as of the mark */
    int64_t first_seq, last_seq;
    bool misuse; /* else explained */
    char *note;  /* why */
    Uuid by;     /* account */
    int64_t at_us;
} MarkJudgement;

void mark_judgement_free(MarkJudgement *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MarkJudgement, mark_judgement_free)

/* Replaces what was judged of the same looks before they went on. */
bool mark_judgements_put(CatalogDb *db, const MarkJudgement *row, GError **error);

/* Its looks are not judged any more, by whatever mark; nothing happens when they were not. */
bool mark_judgements_remove(CatalogDb *db, const MarkJudgement *row, GError **error);

/* `*row` NULL: it was not judged; else owned. */
bool mark_judgements_get(CatalogDb *db, const char *mark, MarkJudgement **row, GError **error);

/* MarkJudgement *, the newest first. Returns owned, or NULL. */
GPtrArray *mark_judgements_list(CatalogDb *db, unsigned most, GError **error);

/* How many were judged from `from_us` until before `to_us`. */
bool mark_judgements_count(CatalogDb *db, int64_t from_us, int64_t to_us, unsigned *misuse,
                           unsigned *explained, GError **error);
