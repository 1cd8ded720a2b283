/* papers.h — rows of what is known of a camera as a thing somebody paid for: one a camera. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

/* Texts are "" where nothing is known; days are "2026-12-01". */
typedef struct PapersRow {
    char *make;
    char *model;
    char *serial;
    char *paid_by;
    char *bought;      /* the day */
    char *warranty;    /* the last day */
    char *certificate; /* number of the certificate of conformity (QCVN 135) */
    char *sign;        /* the sign that tells of the camera: "" unknown, "in-place", "missing" */
    char *note;
} PapersRow;

void papers_row_free(PapersRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PapersRow, papers_row_free)

/* ERR_NOT_FOUND: no such camera. */
bool papers_put(CatalogDb *db, const Uuid *camera, const PapersRow *row, GError **error);

/* Empty texts where nothing was put. Returns owned, or NULL. */
PapersRow *papers_get(CatalogDb *db, const Uuid *camera, GError **error);
