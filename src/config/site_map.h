/* site_map.h — the site's own map: roads, water, houses and borders, as somebody gave them in
 * GeoJSON (RFC 7946), for a screen that must do without the internet.
 *
 * What was given is hostile until it is read here. Of a feature only its geometry, its kind and, of
 * a point, its name are taken; everything else is left behind. Kinds are ours, or found from the
 * tags of OpenStreetMap.
 */
#pragma once

#include "base/json.h"

#include <stddef.h>

enum { SITE_MAP_POSITIONS_MOST = 100000, SITE_MAP_NAME_MOST = 80 };

typedef struct SiteMapCount {
    size_t taken;    /* features that are kept */
    size_t left_out; /* of no known kind, or of a geometry that is not drawn */
} SiteMapCount;

/* A FeatureCollection with what is taken of `given`, degrees to six places. ERR_INVALID tells the
 * feature that cannot be: degrees that are none, too much of it; or that nothing was of use.
 * Returns owned, or NULL. Pure. */
Json *site_map_clean(const Json *given, SiteMapCount *count, GError **error);

/* Keeps a cleaned map in the file `path`. Blocks. */
bool site_map_write(const char *path, const Json *cleaned, GError **error);
