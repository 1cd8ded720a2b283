#include "camera/hub.h"
#include "unit.h"

#include <string.h>

static CodecParams *params;

static AccessUnit *picture(bool key, size_t size)
{
    AccessUnit *unit = access_unit_new(params, TRACK_VIDEO, size);
    unit->key = key;
    memset(unit->data, 0, size);
    return unit;
}

static void publish_sound(Hub *hub, size_t size)
{
    g_autoptr(AccessUnit) unit = access_unit_new(params, TRACK_AUDIO, size);
    memset(unit->data, 0, size);
    hub_publish(hub, unit);
}

static void publish(Hub *hub, bool key, size_t size)
{
    g_autoptr(AccessUnit) unit = picture(key, size);
    hub_publish(hub, unit);
}

static void count_wake(void *data, const AccessUnit *unit)
{
    (*(int *)data)++;
}

static void a_viewer_starts_with_the_newest_key_picture(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    publish(hub, true, 100);
    publish(hub, false, 10);
    publish(hub, true, 200);
    publish(hub, false, 20);
    int wakes = 0;
    HubListener *viewer = hub_listen(hub, true, 1000, count_wake, &wakes);
    assert_int_equal(wakes, 2);
    g_autoptr(AccessUnit) first = hub_listener_next(viewer, NULL);
    g_autoptr(AccessUnit) second = hub_listener_next(viewer, NULL);
    assert_true(first->key);
    assert_int_equal(first->size, 200);
    assert_int_equal(second->size, 20);
    assert_int_equal(second->number, first->number + 1);
    assert_null(hub_listener_next(viewer, NULL));
    assert_int_equal(hub_viewers(hub), 1);
    hub_unlisten(viewer);
    assert_int_equal(hub_viewers(hub), 0);
}

static void who_watches_nothing_starts_there_too_and_counts_as_no_viewer(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_SUB);
    publish(hub, true, 200);
    publish(hub, false, 20);
    int wakes = 0;
    HubListener *listener = hub_listen_unseen(hub, 100, count_wake, &wakes);
    publish(hub, false, 90); /* fits beside what was held */
    assert_int_equal(hub_viewers(hub), 0);
    for (unsigned i = 0; i < 3; i++) {
        unsigned lost;
        g_autoptr(AccessUnit) unit = hub_listener_next(listener, &lost);
        assert_non_null(unit);
        assert_int_equal(unit->number, i);
        assert_int_equal(lost, 0);
    }
    hub_unlisten(listener);
    assert_int_equal(hub_viewers(hub), 0);
}

static void a_slow_listener_loses_up_to_the_next_key_picture_and_is_told(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    int slow_wakes = 0, fast_wakes = 0;
    HubListener *slow = hub_listen(hub, false, 250, count_wake, &slow_wakes);
    HubListener *fast = hub_listen(hub, false, 100000, count_wake, &fast_wakes);
    publish(hub, true, 200);
    publish(hub, false, 100); /* does not fit */
    publish(hub, false, 10);  /* would fit, but cannot be decoded */
    g_autoptr(AccessUnit) kept = hub_listener_next(slow, NULL);
    assert_int_equal(kept->size, 200);
    publish(hub, false, 10); /* still no key picture */
    publish(hub, true, 150);
    unsigned lost;
    g_autoptr(AccessUnit) after = hub_listener_next(slow, &lost);
    assert_int_equal(after->size, 150);
    assert_int_equal(lost, 3);
    assert_int_equal(fast_wakes, 5);
    for (int i = 0; i < 5; i++) {
        g_autoptr(AccessUnit) unit = hub_listener_next(fast, &lost);
        assert_int_equal(unit->number, i);
        assert_int_equal(lost, 0);
    }
    hub_unlisten(slow);
    hub_unlisten(fast);
}

static void of_a_group_too_long_to_hold_a_viewer_gets_the_key_picture_and_goes_on_at_the_next(
    void **state)
{
    enum { MIB = 1 << 20 };
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    publish(hub, true, 100);
    for (int i = 0; i < 14; i++)
        publish(hub, false, MIB);
    g_autoptr(AccessUnit) key = hub_key_picture(hub);
    assert_non_null(key);
    int wakes = 0;
    HubListener *viewer = hub_listen(hub, true, (size_t)16 * MIB, count_wake, &wakes);
    g_autoptr(AccessUnit) first = hub_listener_next(viewer, NULL);
    assert_ptr_equal(first, key);
    publish(hub, false, 10); /* refers to pictures that it did not get */
    assert_null(hub_listener_next(viewer, NULL));
    publish(hub, true, 200);
    unsigned lost;
    g_autoptr(AccessUnit) next = hub_listener_next(viewer, &lost);
    assert_int_equal(next->size, 200);
    assert_int_equal(lost, 15);
    hub_unlisten(viewer);
}

static void sound_pushes_no_picture_out(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_MAIN);
    publish(hub, true, 100);
    for (int i = 0; i < 20; i++)
        publish_sound(hub, 1 << 20);
    publish(hub, false, 10);
    int wakes = 0;
    HubListener *viewer = hub_listen(hub, true, 16 << 20, count_wake, &wakes);
    int pictures = 0;
    for (AccessUnit *unit; (unit = hub_listener_next(viewer, NULL)); access_unit_unref(unit))
        pictures += unit->track == TRACK_VIDEO;
    assert_int_equal(pictures, 2);
    hub_unlisten(viewer);
}

static void closing_wakes_every_listener(void **state)
{
    g_autoptr(Hub) hub = hub_new(uuid_new(), STREAM_SUB);
    int wakes = 0;
    HubListener *listener = hub_listen(hub, false, 1000, count_wake, &wakes);
    hub_close(hub);
    assert_int_equal(wakes, 1);
    assert_true(hub_listener_closed(listener));
    assert_null(hub_key_picture(hub));
    hub_unlisten(listener);
}

int main(void)
{
    params = codec_params_new(CODEC_H264, VIDEO_TIMESCALE, NULL, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_viewer_starts_with_the_newest_key_picture),
        cmocka_unit_test(who_watches_nothing_starts_there_too_and_counts_as_no_viewer),
        cmocka_unit_test(a_slow_listener_loses_up_to_the_next_key_picture_and_is_told),
        cmocka_unit_test(
            of_a_group_too_long_to_hold_a_viewer_gets_the_key_picture_and_goes_on_at_the_next),
        cmocka_unit_test(sound_pushes_no_picture_out),
        cmocka_unit_test(closing_wakes_every_listener),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    codec_params_unref(params);
    return failed;
}
