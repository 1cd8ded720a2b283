/* buffer.h — reference-counted bytes that cross threads; immutable once shared. */
#pragma once

#include <glib.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Buffer {
    atomic_uint refs;
    size_t size;
    uint8_t data[];
} Buffer;

/* Returns owned, contents undefined. */
Buffer *buffer_new(size_t size);
Buffer *buffer_copy(const void *data, size_t size);
Buffer *buffer_ref(Buffer *buffer);
void buffer_unref(Buffer *buffer); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Buffer, buffer_unref)
