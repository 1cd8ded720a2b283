#include "camera/ingest.h"

#include <glib.h>

Ingest *ingest_new(Pool *names)
{
    Ingest *ingest = g_new(Ingest, 1);
    *ingest = (Ingest){.loop = loop_new(), .names = names, .buffer = g_malloc(INGEST_BUFFER_BYTES)};
    return ingest;
}

void ingest_free(Ingest *ingest)
{
    loop_free(ingest->loop);
    g_free(ingest->buffer);
    g_free(ingest);
}
