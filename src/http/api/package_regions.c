#include "http/api/package_regions.h"

#include "archive/package.h"
#include "base/error.h"
#include "casework/certificate.h"
#include "watch/motion_search.h"

#include <string.h>

enum { CORNERS_MOST = 64 };

/* Two corners are opposite ones of a rectangle. */
static bool read_corners(const Json *list, uint8_t region[GRID_BYTES])
{
    double corners[CORNERS_MOST][2];
    size_t count = json_array_size(list) / 2;
    if (json_array_size(list) % 2 || count < 2 || count > CORNERS_MOST)
        return false;
    for (size_t i = 0; i < 2 * count; i++) {
        const Json *value = json_array_get(list, i);
        double number = json_is_number(value) ? json_number_value(value) : -1;
        if (!(number >= 0 && number <= 1))
            return false;
        corners[i / 2][i % 2] = number;
    }
    if (count == 2) {
        const double right = corners[1][0], bottom = corners[1][1];
        corners[1][1] = corners[0][1];
        corners[2][0] = right, corners[2][1] = bottom;
        corners[3][0] = corners[0][0], corners[3][1] = bottom;
        count = 4;
    }
    motion_region_polygon(corners, (int)count, region);
    return true;
}

static bool read_region(const Json *item, const Uuid *cameras, size_t count,
                        uint8_t regions[][GRID_BYTES])
{
    Uuid camera;
    const char *id = json_string_value(json_object_get(item, "camera"));
    if (json_object_size(item) != 2 || !id || !uuid_parse(id, &camera))
        return false;
    for (size_t i = 0; i < count; i++)
        if (uuid_equal(&cameras[i], &camera))
            return read_corners(json_object_get(item, "corners"), regions[i]);
    return false;
}

bool package_regions_read(const Json *body, const Uuid *cameras, size_t count, char **regions,
                          GError **error)
{
    uint8_t grids[PACKAGE_CAMERAS_MOST][GRID_BYTES];
    const Json *asked = json_object_get(body, "certificate");
    const Json *list = json_object_get(asked, "regions");
    if (!asked)
        return true;
    if (json_array_size(json_object_get(body, "redact")) > 0)
        return err_set(error, ERR_INVALID,
                       "a certificate has no footage: ‘redact’ does not go with ‘certificate’");
    memset(grids, 0xff, sizeof grids);
    bool well = json_is_object(asked) && json_object_size(asked) == 1 && json_is_array(list) &&
                json_array_size(list) <= count && count <= PACKAGE_CAMERAS_MOST;
    for (size_t i = 0; well && i < json_array_size(list); i++)
        well = read_region(json_array_get(list, i), cameras, count, grids);
    if (!well)
        return err_set(error, ERR_INVALID,
                       "‘certificate’ takes ‘regions’: for cameras of the body, 2 to %d corners "
                       "‘[x,y,…]’, each from 0 to 1",
                       CORNERS_MOST);
    *regions = certificate_regions_text(grids, count);
    return true;
}
