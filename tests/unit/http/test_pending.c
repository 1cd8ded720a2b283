/* What shortens what is kept, sets a camera's clock or lets packages go unapproved takes two
 * persons: until the second agrees nothing is any other. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/secret.h"
#include "camera/onvif_devices.h"
#include "config/pending.h"
#include "unit.h"

#include <string.h>

#define SITE "PATCH /site", "PATCH /api/v1/site"
#define FOURTEEN "{\"retention_days\":14,\"reason\":\"Ổ đĩa sắp đầy\"}"
#define YES "{\"approve\":true}"
#define NO "{\"approve\":false,\"words\":\"Vụ án còn cần\"}"

static char *sessions[ROLES]; /* of the house; owned */

static void sign_out(void)
{
    for (int role = 0; role < ROLES; role++)
        g_clear_pointer(&sessions[role], g_free);
}

static int end(void **state)
{
    clock_test_set(-1, -1);
    sign_out();
    return house_close(state);
}

static Json *as(House *house, Role role, const char *pattern, const char *what, const char *body,
                int status)
{
    if (!sessions[role])
        sessions[role] = house_session(house, role);
    return ask(house, sessions[role], pattern, what, body, status);
}

/* So late that nobody is signed in any more. */
static void later(int64_t by_us)
{
    sign_out();
    clock_test_set(clock_mono_us() + by_us, clock_now_us() + by_us);
}

/* Refused with that code. */
static void refused(House *house, Role role, const char *pattern, const char *what,
                    const char *body, int status, const char *code)
{
    g_autoptr(Json) problem = as(house, role, pattern, what, body, status);
    assert_string_equal(text_of(problem, "cause_code"), code);
}

/* The n-th of what an admin asked for by `pattern`; its id, owned. */
static char *asked(House *house, const char *pattern, const char *what, const char *body, size_t n)
{
    g_autoptr(Json) waits = as(house, ROLE_ADMIN, pattern, what, body, 202);
    return g_strdup(text_of(json_array_get(json_object_get(waits, "items"), n), "id"));
}

static void decide(House *house, Role role, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/changes/%s/approval", id);
    json_decref(as(house, role, "POST /changes/{id}/approval", what, body, status));
}

static void take_back(House *house, Role role, const char *id, int status)
{
    g_autofree char *what = g_strdup_printf("DELETE /api/v1/changes/%s", id);
    json_decref(as(house, role, "DELETE /changes/{id}", what, NULL, status));
}

/* As the commander sees it. */
static void assert_state(House *house, const char *id, const char *state)
{
    size_t i;
    const Json *one;
    bool found = false;
    g_autoptr(Json) list =
        as(house, ROLE_COMMANDER, "GET /changes", "GET /api/v1/changes", NULL, 200);
    json_array_foreach(json_object_get(list, "items"), i, one)
    {
        if (strcmp(text_of(one, "id"), id) != 0)
            continue;
        assert_string_equal(text_of(one, "state"), state);
        found = true;
    }
    assert_true(found);
}

static int64_t days(House *house)
{
    return site_retention(house->site).days;
}

static char *of_camera(const House *house, const char *method, const char *tail)
{
    char id[UUID_TEXT];
    return g_strdup_printf("%s /api/v1/cameras/%s%s", method, uuid_text(&house->camera, id), tail);
}

/* Lines of the log, with `text` in their changes. */
static unsigned lines(House *house, const char *action, const char *result, const char *text)
{
    unsigned count = 0;
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 1000);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (strcmp(row->action, action) != 0 || strcmp(row->result, result) != 0)
            continue;
        bool has = !text;
        for (guint n = 0; text && n < row->changes->len; n++) {
            const AuditRowChange *change = &g_array_index(row->changes, AuditRowChange, n);
            g_autofree char *told =
                g_strdup_printf("%s %s>%s", change->field, change->before, change->after);
            has |= strcmp(told, text) == 0;
        }
        count += has;
    }
    return count;
}

static void fewer_days_count_once_a_second_person_agrees(void **state)
{
    House *house = *state;
    refused(house, ROLE_ADMIN, SITE, "{\"retention_days\":14}", 409, "second-person");
    g_autofree char *id = asked(house, SITE, FOURTEEN, 0);
    assert_int_equal(days(house), 30);
    assert_state(house, id, "waiting");
    decide(house, ROLE_ADMIN, id, YES, 403);
    decide(house, ROLE_OFFICER, id, YES, 403);
    assert_int_equal(days(house), 30);
    decide(house, ROLE_COMMANDER, id, YES, 200);
    assert_int_equal(days(house), 14);
    assert_state(house, id, "agreed");
    decide(house, ROLE_COMMANDER, id, YES, 409);
    assert_int_equal(lines(house, "change-ask", "ok", "retention_days 30>14"), 1);
    assert_int_equal(lines(house, "change-agree", "refused", NULL), 1);
    assert_int_equal(lines(house, "change-agree", "ok", "retention_days 30>14"), 1);
    assert_int_equal(lines(house, "site-edit", "ok", NULL), 0);
}

static void more_days_and_stricter_approval_need_nobody_else(void **state)
{
    House *house = *state;
    static const struct {
        const char *body;
        int status;
    } steps[] = {
        {"{\"retention_days\":60}", 200},
        {"{\"retention_bytes\":3221225472}", 409}, /* a bound where there was none */
        {"{\"report_keep_days\":0}", 200},         /* for ever */
        {"{\"report_keep_days\":900}", 409},
        {"{\"given_keep_days\":29}", 409},
        {"{\"package_approval\":\"none\"}", 409},
        {"{\"package_approval\":\"before\"}", 200},
        {"{\"retention_days\":60,\"case_hours_new\":2}", 200}, /* nothing of it is less */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        json_decref(as(house, ROLE_ADMIN, SITE, steps[i].body, steps[i].status));
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    ask_by_two(house, admin, SITE, "{\"package_approval\":\"none\"}");
    json_decref(as(house, ROLE_ADMIN, SITE, "{\"package_approval\":\"within-24h\"}", 200));
    g_autofree char *approval = site_value(house->site, SITE_VALUE_PACKAGE_APPROVAL);
    assert_string_equal(approval, "within-24h");
}

static void the_rest_of_what_is_asked_counts_at_once(void **state)
{
    House *house = *state;
    g_autofree char *id =
        asked(house, SITE, "{\"name\":\"Xã Mới\",\"retention_days\":14,\"reason\":\"Đủ dùng\"}", 0);
    g_autofree char *name = site_name(house->site);
    assert_string_equal(name, "Xã Mới");
    assert_int_equal(days(house), 30);
    assert_int_equal(lines(house, "site-edit", "ok", NULL), 1);
}

static void it_is_refused_with_a_reason_and_taken_back_by_who_asked(void **state)
{
    House *house = *state;
    g_autofree char *id = asked(house, SITE, FOURTEEN, 0);
    refused(house, ROLE_ADMIN, SITE, FOURTEEN, 409, "exists");
    decide(house, ROLE_COMMANDER, id, "{\"approve\":false}", 400);
    decide(house, ROLE_COMMANDER, id, NO, 200);
    assert_state(house, id, "refused");
    g_autofree char *again = asked(house, SITE, FOURTEEN, 0);
    take_back(house, ROLE_COMMANDER, again, 403);
    take_back(house, ROLE_ADMIN, again, 200);
    assert_state(house, again, "withdrawn");
    decide(house, ROLE_COMMANDER, again, YES, 409);
    assert_int_equal(days(house), 30);
    assert_int_equal(lines(house, "change-refuse", "ok", "retention_days 30>14"), 1);
    assert_int_equal(lines(house, "change-withdraw", "ok", "retention_days 30>14"), 1);
}

static void what_was_changed_meanwhile_is_not_agreed_to(void **state)
{
    House *house = *state;
    g_autofree char *id = asked(house, SITE, FOURTEEN, 0);
    g_autofree char *what = g_strdup_printf("POST /api/v1/changes/%s/approval", id);
    json_decref(as(house, ROLE_ADMIN, SITE, "{\"retention_days\":60}", 200));
    assert_state(house, id, "overtaken");
    refused(house, ROLE_COMMANDER, "POST /changes/{id}/approval", what, YES, 409, "overtaken");
    assert_int_equal(days(house), 60);
    json_decref(as(house, ROLE_ADMIN, SITE, "{\"retention_days\":60}", 200));
    decide(house, ROLE_COMMANDER, id, YES, 409);
    assert_int_equal(days(house), 60);
}

static void nobody_decides_for_three_days_and_it_lapses(void **state)
{
    House *house = *state;
    g_autofree char *id = asked(house, SITE, FOURTEEN, 0);
    later(PENDING_WAITS_US + SECOND_US);
    assert_state(house, id, "lapsed");
    decide(house, ROLE_COMMANDER, id, YES, 409);
    assert_int_equal(days(house), 30);
    g_autofree char *anew = asked(house, SITE, FOURTEEN, 0);
    assert_string_not_equal(anew, id);
}

static void a_camera_keeps_as_much_until_two_agree(void **state)
{
    House *house = *state;
    g_autofree char *patch = of_camera(house, "PATCH", "");
    const char *route = "PATCH /cameras/{id}",
               *less = "{\"name\":\"Cổng\",\"retention_days\":0,\"retention_bytes\":2147483648,"
                       "\"reason\":\"Đường vắng\"}";
    json_decref(as(house, ROLE_ADMIN, route, patch, "{\"retention_days\":40}", 200));
    refused(house, ROLE_ADMIN, route, patch, "{\"retention_days\":39}", 409, "second-person");
    g_autoptr(Json) waits = as(house, ROLE_ADMIN, route, patch, less, 202);
    const Json *items = json_object_get(waits, "items"), *first = json_array_get(items, 0);
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(text_of(first, "before"), "40");
    assert_string_equal(text_of(first, "after"), "30"); /* the site's */
    decide(house, ROLE_COMMANDER, text_of(json_array_get(items, 1), "id"), YES, 200);
    g_autoptr(CameraRow) camera = site_camera_get(house->site, &house->camera);
    assert_string_equal(camera->name, "Cổng");
    assert_int_equal(camera->retention_bytes, INT64_C(2) << 30);
    assert_int_equal(camera->retention_days, 40);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    ask_by_two(house, admin, SITE, "{\"retention_days\":20}");
    decide(house, ROLE_COMMANDER, text_of(first, "id"), YES, 409); /* it would be 20 now */
    g_autoptr(CameraRow) after = site_camera_get(house->site, &house->camera);
    assert_int_equal(after->retention_days, 40);
}

static void by(House *house, const char *token, const char *body, int status)
{
    g_autoptr(Json) json = json_parse(body, strlen(body), NULL);
    g_auto(ApiResponse) answer = {0};
    ApiRequest request = {.method = API_PATCH,
                          .path = "/api/v1/site",
                          .body = json,
                          .bearer = token,
                          .console = !token,
                          .address = "127.0.0.1"};
    api_dispatch(&house->api, &request, &answer);
    assert_int_equal(answer.status, status);
}

static void a_token_does_not_ask_and_the_machine_needs_not(void **state)
{
    House *house = *state;
    ApiToken made;
    Account maker;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    assert_true(people_account_named(house->people, "admin-1", &maker));
    char *token =
        people_token_create(house->people, ROLE_ADMIN, NULL, 1, "máy", &maker.id, &made, NULL);
    by(house, token, FOURTEEN, 403);
    assert_int_equal(days(house), 30);
    assert_int_equal(lines(house, "change-ask", "refused", NULL), 1);
    by(house, token, "{\"retention_days\":31}", 200);
    by(house, NULL, "{\"retention_days\":14}", 200);
    assert_int_equal(days(house), 14);
    secret_free(token);
}

static void who_is_alone_is_told_so(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) alone = ask(house, admin, SITE, FOURTEEN, 202);
    assert_int_equal(json_integer_value(json_object_get(alone, "others")), 0);
    g_autofree char *second = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) two = ask(house, admin, "GET /changes", "GET /api/v1/changes", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(two, "others")), 1);
}

/* What a start after that finds. */
static void assert_stored(House *house, const char *id, PendingState stands, int64_t kept)
{
    g_autofree char *file = g_build_filename(house->folder, "again.json", NULL),
                    *key = g_build_filename(house->folder, "again.key", NULL);
    const SiteOptions options = {.site_file = file, .secrets_key = key};
    g_autoptr(Site) site = site_open(house->catalog, &options, NULL);
    g_autoptr(GPtrArray) rows = site_pending(site);
    const PendingRow *row = rows->pdata[0];
    char text[UUID_TEXT];
    assert_string_equal(uuid_text(&row->id, text), id);
    assert_int_equal(site_pending_state(site, row), stands);
    assert_int_equal(site_retention(site).days, kept);
}

static void a_start_finds_what_waits_and_what_was_agreed_to(void **state)
{
    House *house = *state;
    g_autofree char *id = asked(house, SITE, FOURTEEN, 0);
    assert_stored(house, id, PENDING_STATE_WAITING, 30);
    decide(house, ROLE_COMMANDER, id, YES, 200);
    assert_stored(house, id, PENDING_STATE_AGREED, 14);
}

static void a_clock_is_set_by_two_once_the_camera_is_there(void **state)
{
    House *house = *state;
    OnvifDevices *devices = house->api.devices = onvif_devices_new(NULL, NULL);
    g_autofree char *set = of_camera(house, "POST", "/clock");
    const char *route = "POST /cameras/{id}/clock", *ntp = "{\"ntp\":\"10.0.0.1\"}",
               *why = "{\"ntp\":\"10.0.0.1\",\"reason\":\"Lệch giờ\"}";
    json_decref(as(house, ROLE_ADMIN, route, set, ntp, 422)); /* being added: it is asked at once */
    later(CAMERA_ADDING_US + SECOND_US);
    refused(house, ROLE_ADMIN, route, set, ntp, 409, "second-person");
    g_autofree char *id = asked(house, route, set, why, 0);
    decide(house, ROLE_ADMIN, id, YES, 403);
    assert_int_equal(lines(house, "camera-clock", "failed", NULL), 1);
    decide(house, ROLE_COMMANDER, id, YES, 422); /* there is no such device */
    assert_int_equal(lines(house, "camera-clock", "failed", NULL), 2);
    assert_state(house, id, "waiting");
    decide(house, ROLE_COMMANDER, id, NO, 200);
    assert_state(house, id, "refused");
    house->api.devices = NULL;
    onvif_devices_free(devices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fewer_days_count_once_a_second_person_agrees, house_open,
                                        end),
        cmocka_unit_test_setup_teardown(more_days_and_stricter_approval_need_nobody_else,
                                        house_open, end),
        cmocka_unit_test_setup_teardown(the_rest_of_what_is_asked_counts_at_once, house_open, end),
        cmocka_unit_test_setup_teardown(it_is_refused_with_a_reason_and_taken_back_by_who_asked,
                                        house_open, end),
        cmocka_unit_test_setup_teardown(what_was_changed_meanwhile_is_not_agreed_to, house_open,
                                        end),
        cmocka_unit_test_setup_teardown(nobody_decides_for_three_days_and_it_lapses, house_open,
                                        end),
        cmocka_unit_test_setup_teardown(a_camera_keeps_as_much_until_two_agree, house_open, end),
        cmocka_unit_test_setup_teardown(a_token_does_not_ask_and_the_machine_needs_not, house_open,
                                        end),
        cmocka_unit_test_setup_teardown(who_is_alone_is_told_so, house_open, end),
        cmocka_unit_test_setup_teardown(a_start_finds_what_waits_and_what_was_agreed_to, house_open,
                                        end),
        cmocka_unit_test_setup_teardown(a_clock_is_set_by_two_once_the_camera_is_there, house_open,
                                        end),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
