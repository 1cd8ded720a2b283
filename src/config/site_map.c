#include "config/site_map.h"

#include "base/file.h"

#include <math.h>
#include <string.h>

/* Degrees to six places are 11 cm at most. */
#define PLACES 1e6
#define DIGITS 9 /* of which three before the point */

typedef struct Reader {
    size_t feature;   /* under way, from 1, for errors */
    size_t positions; /* taken so far */
    GError **error;
} Reader;

/* ---- kinds ---- */

/* A tag of OpenStreetMap, or our own `kind`; a value of NULL stands for any but “no”. */
static const struct {
    const char *tag, *value, *kind;
} kinds[] = {
    {"kind", "road", "road"},         {"kind", "street", "street"},
    {"kind", "track", "track"},       {"kind", "path", "path"},
    {"kind", "river", "river"},       {"kind", "stream", "stream"},
    {"kind", "lake", "lake"},         {"kind", "wood", "wood"},
    {"kind", "field", "field"},       {"kind", "building", "building"},
    {"kind", "boundary", "boundary"}, {"kind", "village", "village"},
    {"highway", "motorway", "road"},  {"highway", "trunk", "road"},
    {"highway", "primary", "road"},   {"highway", "secondary", "road"},
    {"highway", "track", "track"},    {"highway", "path", "path"},
    {"highway", "footway", "path"},   {"highway", "steps", "path"},
    {"highway", "cycleway", "path"},  {"highway", NULL, "street"},
    {"waterway", "river", "river"},   {"waterway", "canal", "river"},
    {"waterway", NULL, "stream"},     {"natural", "water", "lake"},
    {"natural", "wood", "wood"},      {"landuse", "forest", "wood"},
    {"landuse", "farmland", "field"}, {"landuse", "orchard", "field"},
    {"landuse", "meadow", "field"},   {"building", NULL, "building"},
    {"boundary", NULL, "boundary"},   {"place", NULL, "village"},
};

static const char *kind_of(const Json *properties)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const char *value = json_string_value(json_object_get(properties, kinds[i].tag));
        if (value &&
            (kinds[i].value ? strcmp(value, kinds[i].value) == 0 : strcmp(value, "no") != 0))
            return kinds[i].kind;
    }
    return NULL;
}

/* A name that can be shown as it is, or NULL. */
static const char *name_of(const Json *properties)
{
    const char *name = json_string_value(json_object_get(properties, "name"));
    if (!name || !*name || g_utf8_strlen(name, -1) > SITE_MAP_NAME_MOST)
        return NULL;
    for (const char *at = name; *at; at = g_utf8_next_char(at))
        if (!g_unichar_isprint(g_utf8_get_char(at)))
            return NULL;
    return name;
}

/* ---- coordinates ---- */

static bool is_degrees(const Json *value, double most)
{
    double degrees = json_number_value(value);
    return json_is_number(value) && isfinite(degrees) && fabs(degrees) <= most;
}

static Json *rounded(const Json *value)
{
    return json_real(round(json_number_value(value) * PLACES) / PLACES);
}

static Json *take_position(Reader *reader, const Json *given)
{
    const Json *longitude = json_array_get(given, 0), *latitude = json_array_get(given, 1);
    if (!is_degrees(longitude, 180) || !is_degrees(latitude, 90))
        err_set(reader->error, ERR_INVALID,
                "feature %zu: a position must be longitude and latitude in degrees (WGS 84, "
                "EPSG:4326); export the map so",
                reader->feature);
    else if (++reader->positions > SITE_MAP_POSITIONS_MOST)
        err_set(reader->error, ERR_INVALID, "the map has more than %d positions: leave out houses",
                SITE_MAP_POSITIONS_MOST);
    else
        return json_pack("[o, o]", rounded(longitude), rounded(latitude));
    return NULL;
}

/* `depth` 0: a position; 1: a list of positions; and so on. NULL with the error set. */
static Json *take_coordinates(Reader *reader, const Json *given, int depth)
{
    if (depth == 0)
        return take_position(reader, given);
    g_autoptr(Json) list = json_array();
    size_t i;
    const Json *item;
    if (!json_array_size(given)) {
        err_set(reader->error, ERR_INVALID, "feature %zu: its coordinates are no list of positions",
                reader->feature);
        return NULL;
    }
    json_array_foreach(given, i, item)
    {
        Json *taken = take_coordinates(reader, item, depth - 1);
        if (!taken)
            return NULL;
        json_array_append_new(list, taken);
    }
    return g_steal_pointer(&list);
}

/* ---- features ---- */

/* Depth of the coordinates of a geometry that is drawn; −1: it is not. */
static int depth_of(const char *type)
{
    static const struct {
        const char *type;
        int depth;
    } drawn[] = {{"Point", 0},
                 {"LineString", 1},
                 {"MultiLineString", 2},
                 {"Polygon", 2},
                 {"MultiPolygon", 3}};
    for (size_t i = 0; type && i < G_N_ELEMENTS(drawn); i++)
        if (strcmp(type, drawn[i].type) == 0)
            return drawn[i].depth;
    return -1;
}

/* Adds what is taken of one feature to `list`, which may be nothing. False: the error is set. */
static bool take_feature(Reader *reader, const Json *given, Json *list)
{
    const Json *geometry = json_object_get(given, "geometry");
    const Json *properties = json_object_get(given, "properties");
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const char *kind = kind_of(properties), *name = name_of(properties);
    int depth = depth_of(type);
    bool named = depth == 0 && kind && strcmp(kind, "village") == 0 && name;
    if (!kind || depth < 0 || (depth == 0 && !named))
        return true;
    Json *coordinates = take_coordinates(reader, json_object_get(geometry, "coordinates"), depth);
    if (!coordinates)
        return false;
    Json *kept = json_pack("{s:s}", "kind", kind);
    if (named)
        json_object_set_new(kept, "name", json_string(name));
    json_array_append_new(list,
                          json_pack("{s:s, s:o, s:{s:s, s:o}}", "type", "Feature", "properties",
                                    kept, "geometry", "type", type, "coordinates", coordinates));
    return true;
}

Json *site_map_clean(const Json *given, SiteMapCount *count, GError **error)
{
    Reader reader = {.error = error};
    const Json *features = json_object_get(given, "features"), *feature;
    const char *type = json_string_value(json_object_get(given, "type"));
    g_autoptr(Json) list = json_array();
    size_t i;
    *count = (SiteMapCount){0};
    if (g_strcmp0(type, "FeatureCollection") != 0 || !json_is_array(features)) {
        err_set(error, ERR_INVALID, "this is not GeoJSON: it must be a FeatureCollection");
        return NULL;
    }
    json_array_foreach(features, i, feature)
    {
        reader.feature = i + 1;
        if (!take_feature(&reader, feature, list))
            return NULL;
    }
    count->taken = json_array_size(list);
    count->left_out = json_array_size(features) - count->taken;
    if (!count->taken) {
        err_set(error, ERR_INVALID,
                "nothing in it can be drawn: features need a ‘kind’ such as road, river or "
                "building, or the tags of OpenStreetMap");
        return NULL;
    }
    return json_pack("{s:s, s:O}", "type", "FeatureCollection", "features", list);
}

bool site_map_write(const char *path, const Json *cleaned, GError **error)
{
    char *text = json_dumps(cleaned, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
    bool written = file_write_atomic(path, text, strlen(text), 0640, error);
    free(text);
    return written;
}
