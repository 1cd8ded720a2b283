/* seal_chain.h — the inside of a SealChain, shared by appending and retiring. */
#pragma once

#include "archive/seal.h"

struct SealChain {
    char *folder; /* VOLUME/<camera> */
    Uuid camera, volume;
    const NodeKey *key;
    int64_t seq; /* of the newest line */
    Hash head;   /* its hash */
    bool stale;  /* a write failed: the files may hold more than we know */
};

/* Reads the head again after a failed write. */
bool seal_chain_ready(SealChain *chain, GError **error);

/* Appends lines that continue the chain to the file of `day`, and takes them over as its end. */
bool seal_chain_write(SealChain *chain, const char *day, const GString *lines, int64_t seq,
                      const Hash *head, GError **error);

/* Day folders in which the newest lines of a chain can be: the newest by name, and the oldest,
 * for a clock that was lost for a while. Returns owned (char *, sorted); NULL on error. */
GPtrArray *seal_days_likely(const char *camera_folder, GError **error);
