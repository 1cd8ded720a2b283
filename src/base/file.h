/* file.h — small files read and written whole, safely. Blocking: never on the ingest or HTTP
 * thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Returns owned bytes with a NUL behind them, or NULL. Refuses files over `most_bytes`. */
char *file_read(const char *path, size_t most_bytes, size_t *size, GError **error);

/* Writes beside `path`, syncs, renames over it, syncs the folder. */
bool file_write_atomic(const char *path, const void *data, size_t size, mode_t mode,
                       GError **error);

/* Appends and syncs, making the file (and syncing its folder) where it is missing. */
bool file_append_sync(const char *path, const void *data, size_t size, mode_t mode, GError **error);

/* Makes the folder and its parents (mode 0750), syncing each new one into its parent. */
bool folder_make(const char *path, GError **error);
bool folder_sync(const char *path, GError **error);

/* Names in the folder, in order; none when it cannot be read. Returned owned. */
GPtrArray *folder_names(const char *path);

/* All of `size` bytes, whatever write(2) takes at a time. */
bool fd_write_all(int fd, const void *data, size_t size, GError **error);

/* Exactly `size` bytes at `offset`; ERR_CORRUPT when the file ends before. */
bool fd_read_at(int fd, void *data, size_t size, off_t offset, GError **error);

/* A file descriptor closed at the end of its scope: fd_auto int fd = open(…); */
void fd_clear(int *fd);
#define fd_auto __attribute__((cleanup(fd_clear)))

/* Takes the advisory lock on `path` (made if missing) for this process's life.
 * ERR_UNAVAILABLE when another process holds it. Returns the descriptor or -1. */
int file_lock(const char *path, GError **error);
