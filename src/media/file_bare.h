/* file_bare.h — a picture or film without what it tells beside what it shows: where and when it was
 * taken, with which phone, by whom, and pictures before it was cut. Pure.
 *
 * In place, and as long as before, so that nothing that points into the file moves: what goes is
 * overwritten with zeros, in boxes that every reader skips. What turns a picture upright and its
 * colours stay. Bytes that follow no rule stay as they are, from there to the end.
 */
#pragma once

#include "media/file_kind.h"

void file_bare(FileKind kind, uint8_t *data, size_t size);
