/* volume.h — where the footage of a data folder lies. */
#pragma once

#include "config/data_folder.h"

/* By DATA/config.yaml, if there is one, else DATA/footage. Returns owned, or NULL. */
char *volume_path(const DataFolder *folder, GError **error);
