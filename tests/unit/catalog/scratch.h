/* scratch.h — a folder for a test, with a catalog in it, that is gone afterwards. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

/* Returns owned: a new folder below the temporary folder. */
char *scratch_new(void);
void scratch_remove(char *folder); /* with all in it; frees `folder` */

/* A UUID that is easy to tell apart. */
Uuid uuid_of(uint8_t number);
