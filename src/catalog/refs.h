/* refs.h — private to catalog/: the short numbers that rows name cameras and volumes by. */
#pragma once

#include "catalog/db.h"

/* 0 when the camera is not known, which is no error. */
bool camera_ref(CatalogDb *db, const Uuid *camera, int64_t *ref, GError **error);

/* Makes what is missing: an unknown camera gets a removed row, created at `created_us`. */
bool camera_ref_make(CatalogDb *db, const Uuid *camera, int64_t created_us, int64_t *ref,
                     GError **error);
bool volume_ref_make(CatalogDb *db, const Uuid *volume, int64_t *ref, GError **error);
