/* jsonl.h — files of lines that only grow, safely.
 *
 * A line is there when its newline is. What a power cut leaves behind the last newline is cut off
 * before the next append, kept in "<path>.torn" and told in the log. Blocking; a file has one
 * writer at a time. Readers may read while it grows.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Appends whole lines (the last byte is a newline) and syncs; makes the file, mode `mode`, where it
 * is missing. When it fails the file is as long as before, as far as the disk still obeys. */
bool jsonl_append(const char *path, const char *lines, size_t size, mode_t mode, GError **error);

/* Cuts a torn last line off, if there is one. A missing file is fine. */
bool jsonl_repair(const char *path, GError **error);

/* Reads lines forward or backward, in chunks. `line` is borrowed until the next call, without its
 * newline but NUL-terminated. A torn last line is skipped and noted in jsonl_reader_torn(). */
typedef struct JsonlReader JsonlReader;

JsonlReader *jsonl_reader_open(const char *path, GError **error);
JsonlReader *jsonl_reader_open_back(const char *path, GError **error); /* last line first */
/* The same from `end` on, where a line ends: what jsonl_reader_begin() said of a later one. */
JsonlReader *jsonl_reader_open_before(const char *path, int64_t end, GError **error);
void jsonl_reader_close(JsonlReader *reader); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonlReader, jsonl_reader_close)

/* 1: a line; 0: no more; -1: `error` is set (I/O, or a line over LINE_MOST_BYTES). */
int jsonl_next(JsonlReader *reader, const char **line, size_t *size, GError **error);
unsigned jsonl_reader_number(const JsonlReader *reader); /* of the line, from 1; 0 going backward */
int64_t jsonl_reader_begin(
    const JsonlReader *reader); /* backward: where the line given last begins */
size_t jsonl_reader_torn(const JsonlReader *reader); /* bytes behind the last newline */
