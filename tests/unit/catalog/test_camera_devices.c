/* What looks at cameras' devices found, and what of it is known of a moment later. */
#include "base/clock.h"
#include "casework/evidence_clocks.h"
#include "catalog/camera_devices.h"
#include "catalog/cameras.h"
#include "scratch.h"
#include "unit.h"

#include <string.h>

#define BEGIN_US (INT64_C(1795428000) * SECOND_US)

typedef struct Fixture {
    char *folder;
    Catalog *catalog;
} Fixture;

static bool add_camera(CatalogDb *db, void *data, GError **error)
{
    const int64_t *removed_us = data;
    const CameraRow row = {.id = uuid_of(1),
                           .name = (char *)"a",
                           .owner = (char *)"commune",
                           .url = (char *)"rtsp://a/",
                           .created_us = 1,
                           .removed_us = *removed_us};
    return cameras_put(db, &row, error);
}

static int set_up(void **state)
{
    int64_t removed_us = 0;
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = scratch_new();
    g_autofree char *path = g_build_filename(fixture->folder, "catalog.db", NULL);
    fixture->catalog = catalog_open(path, NULL);
    assert_true(catalog_write_wait(fixture->catalog, add_camera, &removed_us, NULL));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    catalog_close(fixture->catalog);
    scratch_remove(fixture->folder);
    g_free(fixture);
    return 0;
}

/* As a package that is made at `at_us` tells of the camera. */
static void packaged(const Fixture *fixture, int64_t from_us, int64_t to_us, int64_t at_us,
                     PackageClock clocks[PACKAGE_MOMENTS])
{
    const Uuid camera = uuid_of(1);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    g_autoptr(GArray) all = evidence_clocks(db, &camera, 1, from_us, to_us, at_us, NULL);
    assert_int_equal(all->len, PACKAGE_MOMENTS);
    memcpy(clocks, all->data, PACKAGE_MOMENTS * sizeof *clocks);
}

typedef struct Look {
    Uuid camera;
    const CameraDevice *device;
} Look;

static bool put(CatalogDb *db, void *data, GError **error)
{
    const Look *look = data;
    return camera_devices_put(db, &look->camera, look->device, error);
}

static void look_at(const Fixture *fixture, uint8_t camera, const char *firmware, int64_t at_us,
                    int64_t offset_us)
{
    g_autofree char *text = g_strdup(firmware);
    const CameraDevice device = {.firmware = text, .clock = {at_us, offset_us, SECOND_US}};
    Look look = {uuid_of(camera), &device};
    assert_true(catalog_write_wait(fixture->catalog, put, &look, NULL));
}

/* What is known of a moment. */
static CameraClock known(const Fixture *fixture, int64_t at_us)
{
    CameraClock clock;
    const Uuid camera = uuid_of(1);
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    assert_true(camera_clock_at(db, &camera, at_us, &clock, NULL));
    return clock;
}

static void a_clock_is_known_by_the_reading_nearest_to_a_moment(void **state)
{
    const Fixture *fixture = *state;
    assert_int_equal(known(fixture, BEGIN_US).at_us, 0);
    look_at(fixture, 1, "", BEGIN_US, 2 * SECOND_US);
    look_at(fixture, 1, "", BEGIN_US + 8 * HOUR_US, 3 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US + 3 * HOUR_US).at_us, BEGIN_US);
    assert_int_equal(known(fixture, BEGIN_US + 3 * HOUR_US).offset_us, 2 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US + 5 * HOUR_US).offset_us, 3 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US - HOUR_US).offset_us, 2 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US).doubt_us, SECOND_US);
    /* a day away from any reading nobody knows */
    assert_int_equal(known(fixture, BEGIN_US + 33 * HOUR_US).at_us, 0);
    assert_int_equal(known(fixture, BEGIN_US - 25 * HOUR_US).at_us, 0);
}

static void of_a_clock_that_goes_well_little_is_kept_and_of_one_that_jumps_each_step(void **state)
{
    const Fixture *fixture = *state;
    for (int64_t hour = 0; hour < 6; hour++)
        look_at(fixture, 1, "", BEGIN_US + hour * HOUR_US, SECOND_US / 2);
    assert_int_equal(known(fixture, BEGIN_US + 5 * HOUR_US).at_us, BEGIN_US);
    look_at(fixture, 1, "", BEGIN_US + 5 * HOUR_US + MINUTE_US, 40 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US + 5 * HOUR_US).offset_us, 40 * SECOND_US);
    look_at(fixture, 1, "", BEGIN_US + 12 * HOUR_US, 40 * SECOND_US);
    assert_int_equal(known(fixture, BEGIN_US + 12 * HOUR_US).at_us, BEGIN_US + 12 * HOUR_US);
    /* what is too old goes with the next one that is kept */
    look_at(fixture, 1, "", BEGIN_US + 13 * HOUR_US + CLOCK_KEPT_US, 0);
    assert_int_equal(known(fixture, BEGIN_US + 12 * HOUR_US).at_us, 0);
}

static void the_newest_look_is_kept_and_what_it_did_not_tell_stays(void **state)
{
    const Fixture *fixture = *state;
    const Uuid camera = uuid_of(1), other = uuid_of(9);
    look_at(fixture, 1, "V5.7.3 build 220112", BEGIN_US, 5);
    look_at(fixture, 1, "", BEGIN_US + HOUR_US, 7);
    look_at(fixture, 9, "1.0", BEGIN_US, 5); /* of no camera */
    CameraDevice device;
    g_autoptr(CatalogDb) db = catalog_read(fixture->catalog, NULL);
    assert_true(camera_devices_get(db, &camera, &device, NULL));
    assert_string_equal(device.firmware, "V5.7.3 build 220112");
    assert_int_equal(device.clock.at_us, BEGIN_US + HOUR_US);
    assert_int_equal(device.clock.offset_us, 7);
    camera_device_clear(&device);
    assert_true(camera_devices_get(db, &other, &device, NULL));
    assert_string_equal(device.firmware, "");
    assert_int_equal(device.clock.at_us, 0);
    camera_device_clear(&device);
}

static void a_package_tells_the_clock_as_it_was_at_start_end_and_making(void **state)
{
    const Fixture *fixture = *state;
    PackageClock clocks[PACKAGE_MOMENTS];
    look_at(fixture, 1, "", BEGIN_US, 2 * SECOND_US);
    look_at(fixture, 1, "", BEGIN_US + 8 * HOUR_US, 9 * SECOND_US);
    look_at(fixture, 1, "", BEGIN_US + 30 * HOUR_US, -4 * SECOND_US);
    packaged(fixture, BEGIN_US + HOUR_US, BEGIN_US + 7 * HOUR_US, BEGIN_US + 31 * HOUR_US, clocks);
    assert_int_equal(clocks[PACKAGE_START].offset_us, 2 * SECOND_US);
    assert_int_equal(clocks[PACKAGE_START].read_us, BEGIN_US);
    assert_int_equal(clocks[PACKAGE_END].offset_us, 9 * SECOND_US);
    assert_int_equal(clocks[PACKAGE_EXPORT].offset_us, -4 * SECOND_US);
    assert_int_equal(clocks[PACKAGE_EXPORT].doubt_us, SECOND_US);
    /* long after the last reading, and before it: that says nothing of now */
    packaged(fixture, BEGIN_US, BEGIN_US + HOUR_US, BEGIN_US + 60 * HOUR_US, clocks);
    assert_int_equal(clocks[PACKAGE_EXPORT].read_us, 0);
    packaged(fixture, BEGIN_US, BEGIN_US + HOUR_US, BEGIN_US + 29 * HOUR_US, clocks);
    assert_int_equal(clocks[PACKAGE_EXPORT].read_us, 0);
    assert_int_equal(clocks[PACKAGE_START].read_us, BEGIN_US);
}

static bool forget(CatalogDb *db, void *data, GError **error)
{
    return cameras_forget(db, data, error);
}

static void a_camera_that_is_forgotten_takes_it_along(void **state)
{
    const Fixture *fixture = *state;
    Uuid camera = uuid_of(1);
    int64_t removed_us = BEGIN_US;
    look_at(fixture, 1, "1.0", BEGIN_US, 5);
    assert_true(catalog_write_wait(fixture->catalog, add_camera, &removed_us, NULL));
    assert_true(catalog_write_wait(fixture->catalog, forget, &camera, NULL));
    assert_int_equal(known(fixture, BEGIN_US).at_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_clock_is_known_by_the_reading_nearest_to_a_moment, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            of_a_clock_that_goes_well_little_is_kept_and_of_one_that_jumps_each_step, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(the_newest_look_is_kept_and_what_it_did_not_tell_stays,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_package_tells_the_clock_as_it_was_at_start_end_and_making,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_camera_that_is_forgotten_takes_it_along, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
