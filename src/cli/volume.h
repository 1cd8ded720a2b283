/* volume.h — where the footage of a data folder lies. */
#pragma once

#include "config/data_folder.h"

/* The folders of the volumes: those that DATA/config.yaml names, else DATA/footage. GPtrArray of
 * text, returned owned; NULL when the file cannot be read. */
GPtrArray *volume_paths(const DataFolder *folder, GError **error);
