/* volume.h — a place for footage: a folder with a volume.json of this node (FOOTAGE §1).
 *
 * A volume may go and come back at any time (a disk that is pulled, a share that drops). While its
 * volume.json is missing or another's, nothing is written below it.
 */
#pragma once

#include "base/error.h"
#include "base/uuid.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

typedef struct Volume {
    char *path; /* owned */
    Uuid id;    /* nil until volume.json was read once; then fixed */
    Uuid node;
    bool may_be_used; /* though no `id` is remembered: volume.json is not made */
    atomic_bool present;
    int root_fd;      /* -1 while not present; the sync thread's */
    struct stat seen; /* volume.json as last read; the sync thread's */
} Volume;

/* `id` as the node remembers it, or nil when the volume was never used: only then may
 * volume_check() make volume.json. */
void volume_init(Volume *volume, const char *path, const Uuid *id, const Uuid *node);
void volume_clear(Volume *volume);

/* Looks at volume.json, makes it at first use, and sets `present`. False with the reason when the
 * volume is not present: ERR_NOT_FOUND, ERR_CORRUPT (foreign or damaged), ERR_VERSION, ERR_DENIED …
 * One thread at a time. Blocking. */
bool volume_check(Volume *volume, GError **error);

/* Free space for an unprivileged process. False with errno. */
bool volume_space(const Volume *volume, int64_t *free_bytes, int64_t *total_bytes);

/* The ids of a volume and of its node, as volume.json in `folder` says; of an unnamed node nil. Any
 * thread; blocking. */
bool volume_read_ids(const char *folder, Uuid *volume, Uuid *node, GError **error);
