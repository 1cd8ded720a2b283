/* Many cameras from one table, over the API. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/secret.h"
#include "client.h"
#include "config/camera_list.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define IMPORT "POST /cameras/import"
#define HEAD "name;location;village;url;host;make;channels;user;password;record-sub\n"

/* Sends the table; the answer, owned. */
static Json *send_table(House *house, const char *session, const char *query, const char *table,
                        int status)
{
    g_autoptr(Json) text = json_string(table);
    g_autofree char *body = json_line(text);
    g_autofree char *what = g_strconcat("POST /api/v1/cameras/import", query, NULL);
    return ask(house, session, IMPORT, what, body, status);
}

static const char *word(const Json *answer, const char *list, size_t index, const char *member)
{
    const Json *one = json_array_get(json_object_get(answer, list), index);
    if (!one)
        fail_msg("there is no %s %zu", list, index);
    const char *value = json_string_value(json_object_get(one, member));
    return value ? value : "";
}

static size_t length(const Json *answer, const char *list)
{
    return json_array_size(json_object_get(answer, list));
}

static guint cameras_of(House *house)
{
    g_autoptr(GPtrArray) rows = site_camera_list(house->site);
    return rows->len;
}

static CameraRow *camera_called(House *house, const char *name)
{
    g_autoptr(GPtrArray) rows = site_camera_list(house->site);
    for (guint i = 0; i < rows->len; i++)
        if (strcmp(((const CameraRow *)rows->pdata[i])->name, name) == 0)
            return camera_row_copy(rows->pdata[i]);
    fail_msg("there is no camera ‘%s’", name);
    return NULL;
}

static void what_becomes_of_each_line_is_told_before_anything_is_done(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    const guint before = cameras_of(house);
    g_autoptr(CameraRow) known = camera_called(house, "Cổng chợ");
    g_autofree char *table = g_strdup_printf(HEAD "Trụ sở;Trụ sở xã;;;10.9.0.2;dahua;1-2;u;p1;\n"
                                                  "Cũ;;;%s;;;;;;\n"
                                                  "Cầu;;;;10.9.0.3;acme;;;;\n"
                                                  "Đập;;;rtsp://10.9.0.4/1;;;;;;perhaps\n"
                                                  "Cổng chợ;;;rtsp://10.9.0.5/1;;;;;;\n"
                                                  "Hỏi;;;;10.9.0.6;onvif;;;;\n",
                                             known->url);
    g_autoptr(Json) told = send_table(house, admin, "?dry_run=true", table, 200);
    assert_int_equal(length(told, "cameras"), 5);
    assert_string_equal(word(told, "cameras", 0, "name"), "Trụ sở 1");
    assert_string_equal(word(told, "cameras", 0, "state"), "new");
    assert_string_equal(word(told, "cameras", 2, "state"), "there");
    assert_string_equal(word(told, "cameras", 2, "note"), "Cổng chợ");
    assert_string_equal(word(told, "cameras", 4, "host"), "10.9.0.6"); /* asked when it is added */
    static const char *const faults[][3] = {{"make", "make-unknown", "4"},
                                            {"record-sub", "not-yes-or-no", "5"},
                                            {"name", "name-taken", "6"}};
    assert_int_equal(length(told, "faults"), G_N_ELEMENTS(faults));
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        const Json *fault = json_array_get(json_object_get(told, "faults"), i);
        assert_string_equal(word(told, "faults", i, "column"), faults[i][0]);
        assert_string_equal(word(told, "faults", i, "code"), faults[i][1]);
        assert_int_equal(json_integer_value(json_object_get(fault, "line")), atoi(faults[i][2]));
    }
    assert_int_equal(cameras_of(house), before);
}

static void nothing_is_added_while_a_line_is_wrong(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    const guint before = cameras_of(house);
    const char *table = HEAD "A;Sân kho;;rtsp://10.9.0.1/1;;;;;;\nB;;;http://10.9.0.2/;;;;;;\n";
    g_autoptr(Json) refused = send_table(house, admin, "", table, 200);
    assert_string_equal(word(refused, "cameras", 0, "state"), "new");
    assert_int_equal(length(refused, "faults"), 1);
    assert_int_equal(cameras_of(house), before);
    g_autoptr(GPtrArray) locations = site_location_list(house->site);
    for (guint i = 0; i < locations->len; i++)
        assert_string_not_equal(((const LocationRow *)locations->pdata[i])->name, "Sân kho");
    /* by itself the good line can go */
    g_autoptr(Json) one = send_table(house, admin, "?line=2", table, 200);
    assert_string_equal(word(one, "cameras", 0, "state"), "added");
    assert_int_equal(length(one, "faults"), 0);
    assert_int_equal(cameras_of(house), before + 1);
}

static void added_cameras_have_what_their_line_says_and_are_audited(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    const char *table = HEAD "Trụ sở;Sân kho;Bản Bua;;10.9.0.2;dahua;1-2;admin;tablesecret;yes\n"
                             "Ngõ;Sân kho;;rtsp://u:urlsecret@10.9.0.7/1;;;;;;\n";
    g_autoptr(Json) told = send_table(house, admin, "", table, 200);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(word(told, "cameras", i, "state"), "added");
    g_autoptr(CameraRow) second = camera_called(house, "Trụ sở 2");
    g_autoptr(CameraRow) alley = camera_called(house, "Ngõ");
    g_autoptr(LocationRow) place = site_location_get(house->site, &second->location);
    assert_string_equal(place->name, "Sân kho");
    assert_string_equal(place->village, "Bản Bua");
    assert_true(uuid_equal(&alley->location, &second->location));
    assert_true(second->record_sub);
    secret_auto char *password = NULL, *other = NULL;
    assert_true(site_camera_secret(house->site, &second->id, &password, NULL));
    assert_string_equal(password, "tablesecret");
    assert_true(site_camera_secret(house->site, &alley->id, &other, NULL));
    assert_string_equal(other, "urlsecret");
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 10);
    static const char *const actions[] = {"camera-add", "camera-add", "camera-add", "location-add"};
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
        assert_string_equal(((const AuditRow *)rows->pdata[i])->action, actions[i]);
    g_autoptr(Json) log = ask(house, admin, "GET /audit", "GET /api/v1/audit", NULL, 200);
    g_autofree char *answer = json_line(told), *lines = json_line(log);
    assert_null(strstr(answer, "secret"));
    assert_null(strstr(lines, "secret"));
    /* the same table again makes none twice */
    const guint now = cameras_of(house);
    g_autoptr(Json) again = send_table(house, admin, "", table, 200);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(word(again, "cameras", i, "state"), "there");
    assert_int_equal(cameras_of(house), now);
}

static void what_is_no_table_is_refused_in_words(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *wide = g_strnfill(CAMERA_LIST_BYTES_MOST + 1, 'x');
    const char *const tables[] = {"", "name;colour;url\n", "admin:secret@10.0.0.1;x\n",
                                  "name;url\n\"A;b\n", wide};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autoptr(Json) problem = send_table(house, admin, "?dry_run=true", tables[i], 400);
        const char *detail = json_string_value(json_object_get(problem, "detail"));
        assert_true(detail && *detail);
        assert_null(strstr(detail, "secret"));
    }
    fits(house, admin, IMPORT, "POST /api/v1/cameras/import", "{\"name\":\"A\"}", 400);
    json_decref(send_table(house, admin, "?line=9", HEAD "A;;;rtsp://10.9.0.1/1;;;;;;\n", 404));
    json_decref(send_table(house, admin, "?line=1", HEAD "A;;;rtsp://10.9.0.1/1;;;;;;\n", 400));
}

static void only_who_may_set_up_cameras_may_send_a_table(void **state)
{
    House *house = *state;
    const guint before = cameras_of(house);
    const char *table = HEAD "A;;;rtsp://10.9.0.1/1;;;;;;\n";
    for (int role = ROLE_ADMIN; role < ROLES; role++) {
        if (rights_allow((Role)role, ACTION_CONFIGURE))
            continue;
        g_autofree char *session = house_session(house, (Role)role);
        json_decref(send_table(house, session, "?dry_run=true", table, 403));
        json_decref(send_table(house, session, "", table, 403));
    }
    assert_int_equal(cameras_of(house), before);
}

static void a_look_at_a_line_tells_why_there_is_no_picture(void **state)
{
    House *house = *state;
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) text =
        json_string(HEAD "A;;;rtsp://u:hidden@127.0.0.1:1/x;;;;;;\nB;;;;127.0.0.1:1;onvif;;;;\n");
    g_autofree char *body = json_line(text);
    static const char *const queries[] = {"?line=2", "?line=3&channel=1"};
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *what = g_strconcat("POST /api/v1/cameras/import/probe", queries[i], NULL);
        g_autoptr(Json) problem = ask(house, admin, "POST /cameras/import/probe", what, body, 422);
        g_autofree char *told = json_line(problem);
        assert_true(*json_string_value(json_object_get(problem, "cause_code")));
        assert_null(strstr(told, "hidden"));
    }
    fits(house, admin, "POST /cameras/import/probe",
         "POST /api/v1/cameras/import/probe?line=2&channel=7", body, 404);
    fits(house, admin, "POST /cameras/import/probe", "POST /api/v1/cameras/import/probe", body,
         400);
}

static int post(House *house, const char *session, const char *type, const char *table)
{
    g_auto(Answer) answer = {0};
    g_autofree char *headers =
        g_strdup_printf("Cookie: session=%s\r\nOrigin: http://localhost:%d\r\nContent-Type: %s\r\n",
                        session, http_server_port(house->server), type);
    client_ask(http_server_port(house->server), "POST /api/v1/cameras/import", headers, table,
               &answer);
    return answer.status;
}

static void a_table_comes_over_the_wire_as_csv_and_as_nothing_else(void **state)
{
    House *house = *state;
    const HttpConfig config = {.host = "127.0.0.1", .no_tls = true, .data_dir = house->folder};
    house_serve(house, &config);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    const guint before = cameras_of(house);
    const char *table = HEAD "Ngõ nhà văn hoá;;;rtsp://10.9.0.1/1;;;;;;\n";
    assert_int_equal(post(house, admin, "application/json", "{\"table\":\"x\"}"), 415);
    assert_int_equal(post(house, admin, "text/plain", table), 415);
    assert_int_equal(post(house, admin, "text/csv", "name;url\nCh\xe2;rtsp://10.9.0.1/1\n"), 400);
    assert_int_equal(cameras_of(house), before);
    assert_int_equal(post(house, admin, "text/csv; charset=utf-8", table), 200);
    g_autoptr(CameraRow) made = camera_called(house, "Ngõ nhà văn hoá");
    assert_string_equal(made->url, "rtsp://10.9.0.1/1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_becomes_of_each_line_is_told_before_anything_is_done),
        TEST(nothing_is_added_while_a_line_is_wrong),
        TEST(added_cameras_have_what_their_line_says_and_are_audited),
        TEST(what_is_no_table_is_refused_in_words),
        TEST(only_who_may_set_up_cameras_may_send_a_table),
        TEST(a_table_comes_over_the_wire_as_csv_and_as_nothing_else),
        TEST(a_look_at_a_line_tells_why_there_is_no_picture),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
