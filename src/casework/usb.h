/* usb.h — files onto a stick: volumes that are mounted right below one folder that the
 * configuration names. Of a volume only its name is taken from others; no symbolic link is
 * followed. Blocking. */
#pragma once

#include "base/digest.h"
#include "base/error.h"

#include <glib.h>
#include <stdatomic.h>
#include <stdint.h>

enum { USB_NAME_MOST = 64, USB_FILE_TEXT = 64 };

typedef struct UsbVolume {
    char *name; /* owned */
    int64_t free_bytes, total_bytes;
} UsbVolume;

/* Those that are there, by name: UsbVolume *. `unmounted`: plain folders count too (tests). Returns
 * owned; empty when there is no such folder. */
GPtrArray *usb_volumes(const char *root, bool unmounted);

typedef struct UsbCopy {
    const char *root, *volume;
    bool unmounted;
    int from; /* read from its beginning */
    int64_t bytes;
    const char *stem;  /* of the file: "CC-2026-0007"; a free name is made of it */
    atomic_bool *stop; /* NULL: nobody stops it */
    void (*progress)(void *data, int64_t done_bytes); /* of writing and reading back: 2 × bytes */
    /* It was read back, and gets its name next; NULL: nobody wants to know. False: it gets none. */
    bool (*whole)(void *data, const char *hash, GError **error);
    void *data;
} UsbCopy;

/* Copies under another name, syncs, reads back from the stick and compares, and gives it its name:
 * `file`, and `hash` in hex. Nothing stays of one that failed. ERR_NOT_FOUND: the volume is away,
 * or was pulled out; ERR_FULL; ERR_UNSUPPORTED: its file system takes no file so large;
 * ERR_CORRUPT: what was read back differs; ERR_UNAVAILABLE: stopped. */
bool usb_copy(const UsbCopy *copy, char file[USB_FILE_TEXT], char hash[SHA256_HEX], GError **error);

/* Takes away what is left on each volume of a copy that a crash ended. */
void usb_sweep(const char *root, bool unmounted);
