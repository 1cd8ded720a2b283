/* journal_files.h — the files of the journal folder, for journal.c and recovery. Blocking. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

char *journal_folder(const char *volume_path);                     /* returns owned */
char *journal_file_path(const char *volume_path, uint64_t number); /* returns owned */

/* Numbers of the files that are there (uint64_t), ascending; returned owned, NULL on error. */
GArray *journal_numbers(const char *volume_path, GError **error);

/* Appends the good records (JournalRecord) of one file to `records`. */
bool journal_read_file(const char *path, GArray *records, GError **error);
