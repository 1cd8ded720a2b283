#include "casework/copy_where.h"

char *copy_where(Site *site, const CameraRow *camera)
{
    g_autoptr(LocationRow) location = site_location_get(site, &camera->location);
    bool village = location && location->village && *location->village;
    return g_strconcat(camera->name, location ? " · " : "", location ? location->name : "",
                       village ? ", " : "", village ? location->village : "", NULL);
}
