/* copy_where.h — the name of a place as it is burnt into a copy. */
#pragma once

#include "config/site.h"

/* "Cổng chợ · Chợ, Che Căn": camera, location and village, as far as there are. Returned owned. */
char *copy_where(Site *site, const CameraRow *camera);
