/* virtual_file.h — a body that is read by offset and never held whole: a clip, a segment. */
#pragma once

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct VirtualFile {
    uint64_t size;
    char etag[72];    /* strong, with its quotes (RFC 9110 §8.8.3); "" none */
    const char *type; /* a constant */
    void *data;

    /* Fills all of `size` bytes from `offset`, which lie within the file. Blocking; one call at a
     * time, on any thread. */
    bool (*read)(void *data, uint64_t offset, void *bytes, size_t size, GError **error);
    void (*free)(void *data);
} VirtualFile;

/* The first `size` bytes of an open file; takes `fd`. Without an ETag. Returns owned. */
VirtualFile *virtual_file_of_fd(int fd, uint64_t size, const char *type);

/* Frees `file` with its data; NULL is allowed. */
void virtual_file_free(VirtualFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VirtualFile, virtual_file_free)
