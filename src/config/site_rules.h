/* site_rules.h — private to config/: what cameras and locations may be like. Nothing is stored
 * here. */
#pragma once

#include "base/secret.h"
#include "config/site.h"

/* Puts what `edit` asks for into `row`, the password sealed with `key`. On ERR_INVALID the row may
 * be half changed: work on a copy. */
bool camera_edit_apply(CameraRow *row, const CameraEdit *edit, const SecretKey *key,
                       GError **error);
/* Was the camera's password given for the server of `address`: that of its main or sub stream? */
bool camera_password_is_for(const CameraRow *row, const char *address);

bool location_edit_apply(LocationRow *row, const LocationEdit *edit, GError **error);
