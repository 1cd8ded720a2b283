#include "base/file.h"
#include "config/site_map.h"
#include "unit.h"

#include <string.h>

static Json *clean(const char *text, SiteMapCount *count, char **trouble)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) given = json_parse(text, strlen(text), NULL);
    assert_non_null(given);
    Json *cleaned = site_map_clean(given, count, &error);
    assert_true(!cleaned == !!error);
    *trouble = error ? g_strdup(error->message) : NULL;
    return cleaned;
}

static char *feature(const char *properties, const char *type, const char *coordinates)
{
    return g_strdup_printf("{\"type\":\"Feature\",\"id\":7,\"properties\":%s,\"geometry\":{"
                           "\"type\":\"%s\",\"coordinates\":%s}}",
                           properties, type, coordinates);
}

static char *collection(const char *one, const char *two)
{
    return g_strdup_printf("{\"type\":\"FeatureCollection\",\"crs\":{},\"features\":[%s%s%s]}", one,
                           two ? "," : "", two ? two : "");
}

static void of_a_feature_its_geometry_and_kind_are_kept_and_nothing_else(void **state)
{
    SiteMapCount count;
    g_autofree char *trouble = NULL;
    g_autofree char *road = feature("{\"highway\":\"primary\",\"name\":\"a\",\"x\":{\"y\":[1]}}",
                                    "LineString", "[[103.14870004,21.45,812],[103.15,21.46]]");
    g_autofree char *village =
        feature("{\"kind\":\"village\",\"name\":\"Bản Phăng\"}", "Point", "[103,21.5]");
    g_autofree char *text = collection(road, village);
    g_autoptr(Json) map = clean(text, &count, &trouble);
    assert_null(trouble);
    g_autofree char *line = json_line(map);
    assert_null(strstr(line, "\"x\""));
    assert_null(strstr(line, "812"));
    assert_null(strstr(line, "\"name\":\"a\""));
    assert_non_null(strstr(line, "{\"kind\":\"road\"}"));
    assert_non_null(strstr(line, "{\"kind\":\"village\",\"name\":\"Bản Phăng\"}"));
    assert_int_equal(count.taken, 2);
}

static void what_is_not_drawn_is_left_out_and_counted(void **state)
{
    SiteMapCount count;
    g_autofree char *trouble = NULL;
    g_autofree char *lamp = feature("{\"highway\":\"street_lamp\"}", "Point", "[103,21]");
    g_autofree char *house =
        feature("{\"building\":\"yes\"}", "Polygon", "[[[103,21],[103.1,21],[103,21.1],[103,21]]]");
    g_autofree char *text = collection(lamp, house);
    g_autoptr(Json) map = clean(text, &count, &trouble);
    assert_non_null(map);
    assert_int_equal(count.taken, 1);
    assert_int_equal(count.left_out, 1);
}

static void names_that_are_long_or_hold_controls_are_not_shown(void **state)
{
    SiteMapCount count;
    g_autofree char *long_name = g_strnfill(SITE_MAP_NAME_MOST + 1, 'a');
    const char *const names[] = {long_name, "a\\u0007b", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *trouble = NULL;
        g_autofree char *properties =
            g_strdup_printf("{\"place\":\"village\",\"name\":\"%s\"}", names[i]);
        g_autofree char *place = feature(properties, "Point", "[103,21]");
        g_autofree char *text = collection(place, NULL);
        g_autoptr(Json) map = clean(text, &count, &trouble);
        assert_null(map);
        assert_non_null(strstr(trouble, "nothing in it can be drawn"));
    }
}

static void assert_refused(const char *coordinates, const char *part)
{
    SiteMapCount count;
    g_autofree char *trouble = NULL;
    g_autofree char *good = feature("{\"kind\":\"path\"}", "LineString", "[[103,21],[103,22]]");
    g_autofree char *bad = feature("{\"kind\":\"road\"}", "LineString", coordinates);
    g_autofree char *text = collection(good, bad);
    g_autoptr(Json) map = clean(text, &count, &trouble);
    assert_null(map);
    if (!strstr(trouble, part))
        fail_msg("‘%s’ does not say ‘%s’", trouble, part);
}

static void coordinates_that_are_no_degrees_are_told_with_their_feature(void **state)
{
    assert_refused("[[512345.6,2371234.5],[512346,2371235]]", "feature 2: a position must be");
    assert_refused("[[103,91],[103,22]]", "feature 2: a position must be");
    assert_refused("[[103],[103,22]]", "feature 2: a position must be");
    assert_refused("[[\"103\",\"21\"]]", "feature 2: a position must be");
    assert_refused("[]", "feature 2: its coordinates are no list");
    assert_refused("{}", "feature 2: its coordinates are no list");
}

static void what_is_not_geojson_is_told(void **state)
{
    static const char *const texts[] = {"[]", "{}", "{\"type\":\"FeatureCollection\"}",
                                        "{\"type\":\"Topology\",\"features\":[]}"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        SiteMapCount count;
        g_autofree char *trouble = NULL;
        g_autoptr(Json) map = clean(texts[i], &count, &trouble);
        assert_null(map);
        assert_non_null(strstr(trouble, "FeatureCollection"));
    }
}

static void a_map_of_too_many_positions_is_refused(void **state)
{
    SiteMapCount count;
    g_autofree char *trouble = NULL;
    g_autoptr(GString) line = g_string_new("[[103,21]");
    for (int i = 0; i < SITE_MAP_POSITIONS_MOST; i++)
        g_string_append(line, ",[103,21]");
    g_string_append_c(line, ']');
    g_autofree char *road = feature("{\"kind\":\"road\"}", "LineString", line->str);
    g_autofree char *text = collection(road, NULL);
    g_autoptr(Json) map = clean(text, &count, &trouble);
    assert_null(map);
    assert_non_null(strstr(trouble, "more than 100000 positions"));
}

static void a_written_map_is_small_and_reads_back(void **state)
{
    SiteMapCount count;
    g_autofree char *trouble = NULL;
    g_autofree char *road =
        feature("{\"kind\":\"road\"}", "LineString", "[[103.1487,21.4512],[103.15,21.46]]");
    g_autofree char *text = collection(road, NULL);
    g_autoptr(Json) map = clean(text, &count, &trouble);
    g_autofree char *folder = g_dir_make_tmp("vonglau-map-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "map.geojson", NULL);
    assert_true(site_map_write(path, map, NULL));
    g_autofree char *written = file_read(path, 2 << 20, NULL, NULL);
    assert_non_null(strstr(written, "[[103.1487,21.4512],[103.15,21.46]]"));
    assert_int_equal(remove(path) + remove(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_feature_its_geometry_and_kind_are_kept_and_nothing_else),
        cmocka_unit_test(what_is_not_drawn_is_left_out_and_counted),
        cmocka_unit_test(names_that_are_long_or_hold_controls_are_not_shown),
        cmocka_unit_test(coordinates_that_are_no_degrees_are_told_with_their_feature),
        cmocka_unit_test(what_is_not_geojson_is_told),
        cmocka_unit_test(a_map_of_too_many_positions_is_refused),
        cmocka_unit_test(a_written_map_is_small_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
