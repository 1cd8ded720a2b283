/* film_copy.h — redacted films that leave by themselves: each has a number, which is burnt into it
 * and stands in the audit log, and a receiver, who stands in the catalog. As copies of packages
 * have them. Blocking.
 */
#pragma once

#include "casework/exports.h"
#include "catalog/film_copies.h"

enum { FILM_NUMBER_TEXT = 32, FILM_RECEIVER_LEAST = 3, FILM_RECEIVER_MOST = 200 /* characters */ };

/* "BC-2026-0007" */
char *film_number(int year, int seq, char text[FILM_NUMBER_TEXT]);

/* "BC-2026-0007", or of a package "CC-2026-0007" with or without "/2" behind it. */
typedef struct CopyNumber {
    bool package;
    int year, seq;
    int n; /* of a package's copies; 0: not said */
} CopyNumber;

bool copy_number_parse(const char *text, CopyNumber *number);

/* Gives the job, which has its id, the next number, and writes down who its film is for. */
bool film_copy_number(Catalog *catalog, Site *site, ExportJob *job, GError **error);

/* Nothing is made of it after all. */
void film_copy_undo(Catalog *catalog, const ExportJob *job);
