/* disk.h — a disk for a test, with moods and without power: fault_fs.c mounted somewhere. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct Disk {
    char *store, *mount; /* owned */
    pid_t pid;
    FILE *commands, *answers;
} Disk;

/* Whether this machine lets the test mount one; else `*why` says what is missing. */
bool disk_possible(const char **why);

/* Mounts at `mount`, a folder; copied. The store is a folder of its own. */
void disk_start(Disk *disk, const char *mount);
void disk_end(Disk *disk); /* unmounts, removes the store */

/* "full", "fail", "read-only", "slow", "well"; "cut": what was not flushed is forgotten. */
void disk_is(Disk *disk, const char *mood);

/* The mount is gone, though files may be open; and is there again, with what the store holds. */
void disk_pull(Disk *disk);
void disk_put_back(Disk *disk);
