/* What open apps are told over the socket of WS /live. */
#include "base/clock.h"
#include "http/event_notice.h"
#include "http/mask_notice.h"
#include "live_client.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

static Json *read_event_within(int fd, int seconds)
{
    return read_op_within(fd, "event", seconds);
}

static Json *read_event(int fd)
{
    return read_event_within(fd, 10);
}

/* Who connects while an event begins may be told of the beginning twice. */
static Json *read_end(int fd)
{
    Json *json;
    while ((json = read_event(fd)) && !json_is_string(json_object_get(json, "to")))
        json_decref(json);
    return json;
}

static void open_apps_are_told_of_trouble_when_it_begins_and_ends(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    events_listen(house->events, event_notice_tell, &house->api);
    int early = open_viewer(house);
    Uuid event = events_begin(house->events, &house->camera, EVENT_NOT_RECORDED, clock_now_us(),
                              "the camera can't be reached");
    events_begin(house->events, &house->camera, EVENT_MOTION, clock_now_us(), NULL);
    int late = open_viewer(house); /* comes when it already goes on */
    g_autoptr(Json) begun = read_event(early), standing = read_event(late);
    const Json *told[] = {begun, standing};
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        assert_non_null(told[i]);
        assert_string_equal(member(told[i], "id"), uuid_text(&event, id));
        assert_string_equal(member(told[i], "kind"), "not-recorded");
        assert_string_equal(member(told[i], "name"), "Cổng chợ");
        assert_string_equal(member(told[i], "detail"), "the camera can't be reached");
        assert_true(json_is_null(json_object_get(told[i], "to")));
    }
    events_end(house->events, &event, clock_now_us());
    g_autoptr(Json) over = read_end(early), over_too = read_end(late);
    assert_string_equal(member(over, "id"), uuid_text(&event, id));
    assert_true(json_is_string(json_object_get(over, "to")));
    assert_non_null(over_too);
    assert_null(read_event_within(early, 1)); /* of motion nobody is told */
    close(early);
    close(late);
}

static void who_may_not_watch_a_camera_is_not_told_of_its_trouble(void **state)
{
    House *house = *state;
    events_listen(house->events, event_notice_tell, &house->api);
    g_autofree char *token = house_session(house, ROLE_VILLAGE_HEAD);
    Uuid location = house_location(house, "Xa", "Bản Bua");
    Uuid foreign = house_camera(house, "Xa", &location);
    int fd = open_with(house, token);
    events_begin(house->events, &foreign, EVENT_NOT_RECORDED, clock_now_us(), NULL);
    events_begin(house->events, NULL, EVENT_STORAGE, clock_now_us(), NULL);
    events_begin(house->events, &house->camera, EVENT_BLACK, clock_now_us(), NULL);
    g_autoptr(Json) own = read_event(fd);
    assert_string_equal(member(own, "kind"), "black");
    g_autoptr(Json) again = read_event_within(fd, 1);
    if (again) /* began while it connected */
        assert_string_equal(member(again, "id"), member(own, "id"));
    close(fd);
}

/* From now on, day and night; `who` NULL: nobody. */
static void put_on_duty(House *house, const Uuid *who)
{
    static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t i = 0; i < G_N_ELEMENTS(week); i++) {
        g_autoptr(GPtrArray) before = NULL;
        GPtrArray *shifts = shifts_new();
        Shift *shift = shift_new(0, 0);
        if (who) {
            g_array_append_vals(shift->people, who, 1);
            g_ptr_array_add(shifts, shift);
        } else {
            shift_free(shift);
        }
        assert_true(duty_set(house->duty, week[i], shifts, &before, NULL));
    }
}

static void who_is_on_duty_is_told_of_trouble_and_others_when_nobody_is(void **state)
{
    House *house = *state;
    Account officer;
    events_listen(house->events, event_notice_tell, &house->api);
    g_autofree char *token = house_session(house, ROLE_COMMANDER);
    int on = open_viewer(house);
    assert_true(people_account_named(house->people, "officer-1", &officer));
    put_on_duty(house, &officer.id);
    int off = open_with(house, token);
    Uuid event =
        events_begin(house->events, &house->camera, EVENT_NOT_RECORDED, clock_now_us(), NULL);
    g_autoptr(Json) told = read_event(on);
    assert_string_equal(member(told, "kind"), "not-recorded");
    assert_null(read_event_within(off, 1));
    put_on_duty(house, NULL); /* a hole: what goes on is told to all */
    g_autoptr(Json) told_too = read_event_within(off, 3);
    assert_non_null(told_too);
    events_end(house->events, &event, clock_now_us());
    /* the disk is told to who looks after it: nobody on duty may, so that it is for all */
    put_on_duty(house, &officer.id);
    g_autoptr(Json) over = read_end(off);
    assert_non_null(over);
    events_begin(house->events, NULL, EVENT_STORAGE, clock_now_us(), NULL);
    g_autoptr(Json) disk = read_event(off);
    assert_string_equal(member(disk, "kind"), "storage");
    close(on);
    close(off);
}

/* By the API, as a browser without a cookie does; the new session's token. */
static char *sign_in_anew(House *house, Role role)
{
    g_auto(ApiResponse) answer = {0};
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s-1\",\"password\":\"%s\"}", role_text(role), HOUSE_PASSWORD);
    house_ask(house, NULL, "POST /api/v1/session", body, &answer);
    assert_int_equal(answer.status, 200);
    for (size_t i = 0; i < answer.header_count; i++)
        if (g_str_has_prefix(answer.headers[i].value, "session="))
            return g_strndup(answer.headers[i].value + 8,
                             strcspn(answer.headers[i].value + 8, ";"));
    return NULL;
}

static void a_sign_in_on_a_new_device_is_told_to_the_other_apps_of_the_account_alone(void **state)
{
    House *house = *state;
    g_autofree char *boss = house_session(house, ROLE_COMMANDER);
    int own = open_viewer(house), other = open_with(house, boss);
    g_autofree char *first = sign_in_anew(house, ROLE_OFFICER);
    assert_null(read_op_within(own, "sign-in", 1)); /* the first that is noted */
    g_autofree char *second = sign_in_anew(house, ROLE_OFFICER);
    int itself = open_with(house, second);
    g_autoptr(Json) told = read_op_within(own, "sign-in", 2);
    assert_string_equal(member(told, "address"), "127.0.0.1");
    assert_string_equal(member(told, "device"), "test");
    assert_null(read_op_within(itself, "sign-in", 1));
    assert_null(read_op_within(other, "sign-in", 1));
    close(own);
    close(other);
    close(itself);
}

static void who_may_see_a_camera_is_told_when_its_masks_change(void **state)
{
    House *house = *state;
    char id[UUID_TEXT];
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    Uuid location = house_location(house, "Xa", "Bản Bua");
    Uuid foreign = house_camera(house, "Xa", &location);
    int fd = open_with(house, head);
    g_autoptr(Json) own = NULL;
    for (int i = 0; i < 10 && !own; i++) { /* what is told while it connects may not reach it */
        mask_notice_tell(&house->api, &foreign, NULL);
        mask_notice_tell(&house->api, &house->camera, NULL);
        own = read_op_within(fd, "mask", 1);
    }
    assert_non_null(own);
    assert_string_equal(member(own, "camera"), uuid_text(&house->camera, id));
    assert_int_equal(json_object_size(own), 2); /* not what is covered, nor who asked */
    close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_served, house_close)
    const struct CMUnitTest tests[] = {
        TEST(open_apps_are_told_of_trouble_when_it_begins_and_ends),
        TEST(who_may_not_watch_a_camera_is_not_told_of_its_trouble),
        TEST(who_is_on_duty_is_told_of_trouble_and_others_when_nobody_is),
        TEST(who_may_see_a_camera_is_told_when_its_masks_change),
        TEST(a_sign_in_on_a_new_device_is_told_to_the_other_apps_of_the_account_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
