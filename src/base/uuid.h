/* uuid.h — random UUIDs (RFC 9562 version 4): names of cameras, nodes, volumes, locations,
 * accounts. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { UUID_TEXT = 37 }; /* with the final NUL */

typedef struct Uuid {
    uint8_t bytes[16];
} Uuid;

Uuid uuid_new(void);
bool uuid_parse(const char *text, Uuid *uuid);                 /* canonical form, either case */
const char *uuid_text(const Uuid *uuid, char text[UUID_TEXT]); /* lower case; returns `text` */
bool uuid_equal(const Uuid *a, const Uuid *b);
bool uuid_is_nil(const Uuid *uuid);
int uuid_compare(const Uuid *a, const Uuid *b); /* as bytes */

bool uuids_have(const GArray *uuids, const Uuid *uuid); /* of Uuid by value */

/* For GHashTable with Uuid pointers as keys. */
unsigned uuid_hash(const void *uuid);
int uuid_equal_keys(const void *a, const void *b);
