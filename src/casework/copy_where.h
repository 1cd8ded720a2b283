/* copy_where.h — the name of a place as it is burnt into a copy. */
#pragma once

#include "config/site.h"
#include "place/sight.h"

/* "Cổng chợ · Chợ, Che Căn": camera, location and village, as far as there are. Returned owned. */
char *copy_where(Site *site, const CameraRow *camera);

/* What is known of its lens. */
PlaceLens copy_lens(const CameraRow *camera);
