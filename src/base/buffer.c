#include "base/buffer.h"

#include <string.h>

Buffer *buffer_new(size_t size)
{
    Buffer *buffer = g_malloc(sizeof *buffer + size);
    atomic_init(&buffer->refs, 1);
    buffer->size = size;
    return buffer;
}

Buffer *buffer_copy(const void *data, size_t size)
{
    Buffer *buffer = buffer_new(size);
    if (size)
        memcpy(buffer->data, data, size);
    return buffer;
}

Buffer *buffer_ref(Buffer *buffer)
{
    atomic_fetch_add_explicit(&buffer->refs, 1, memory_order_relaxed);
    return buffer;
}

void buffer_unref(Buffer *buffer)
{
    /* Release what this thread read; acquire what the others did before the memory goes. */
    if (buffer && atomic_fetch_sub_explicit(&buffer->refs, 1, memory_order_acq_rel) == 1)
        g_free(buffer);
}
