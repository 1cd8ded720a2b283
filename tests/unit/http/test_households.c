/* Households over the API: entered by a village head, found near a place, called, taken out; who
 * sees what of them. Each answer fits openapi.yaml. */
#include "api_ask.h"
#include "audit_rows.h"
#include "unit.h"

#include <string.h>

#define AGREED "\"agreed_at\":\"2026-11-20T08:00:00Z\""

static char *body_at(double latitude, const char *more)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup_printf("{\"place\":{\"lat\":%s,\"lon\":103.15}," AGREED
                           ",\"contact\":{\"name\":\"Lò Thị B\",\"phone\":\"0912\"}%s}",
                           g_ascii_formatd(text, sizeof text, "%.6f", latitude), more);
}

static Json *add(House *house, const char *session, const char *body, int status)
{
    return ask(house, session, "POST /households", "POST /api/v1/households", body, status);
}

static Json *at(House *house, const char *session, const char *method, const char *id,
                const char *rest, const char *body, int status)
{
    g_autofree char *pattern = g_strconcat(method, " /households/{id}", rest, NULL),
                    *what = g_strconcat(method, " /api/v1/households/", id, rest, NULL);
    return ask(house, session, pattern, what, body, status);
}

static char *listed(House *house, const char *session)
{
    g_autoptr(Json) page =
        ask(house, session, "GET /households", "GET /api/v1/households", NULL, 200);
    return json_line(page);
}

static void a_village_head_enters_those_of_the_own_village_and_no_others(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *own = body_at(21.45, ""),
                    *foreign = body_at(21.45, ",\"village\":\"Bản Bua\"");
    g_autoptr(Json) household = add(house, head, own, 201);
    assert_string_equal(text_of(household, "village"), HOUSE_VILLAGE);
    assert_string_equal(text_of(json_object_get(household, "consent"), "by"), "village-head-1");
    json_decref(add(house, head, foreign, 400));
    g_autoptr(Json) other = add(house, officer, foreign, 201);
    const char *id = text_of(other, "id");
    g_autofree char *seen = listed(house, head), *all = listed(house, officer);
    assert_null(strstr(seen, id));
    assert_non_null(strstr(all, id));
    json_decref(at(house, head, "GET", id, "", NULL, 404));
    json_decref(at(house, head, "GET", id, "/contact", NULL, 404));
    json_decref(at(house, head, "PATCH", id, "", "{\"days_kept\":7}", 404));
    json_decref(at(house, head, "DELETE", id, "", NULL, 404));
    json_decref(
        at(house, head, "PATCH", text_of(household, "id"), "", "{\"village\":\"Bản Bua\"}", 400));
}

static void whom_to_call_is_told_to_who_may_and_each_look_is_written_down(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER),
                    *admin = house_session(house, ROLE_ADMIN),
                    *auditor = house_session(house, ROLE_AUDITOR);
    g_autofree char *body = body_at(21.45, "");
    g_autoptr(Json) household = add(house, head, body, 201);
    const char *id = text_of(household, "id");
    g_autoptr(Json) contact = at(house, officer, "GET", id, "/contact", NULL, 200);
    assert_string_equal(text_of(contact, "name"), "Lò Thị B");
    json_decref(at(house, admin, "GET", id, "", NULL, 200));
    json_decref(at(house, admin, "GET", id, "/contact", NULL, 403));
    json_decref(add(house, admin, body, 403));
    json_decref(at(house, auditor, "GET", id, "", NULL, 403));
    g_autofree char *list = listed(house, officer);
    assert_null(strstr(list, "Lò Thị B"));
    assert_null(strstr(list, "0912"));
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    unsigned looks = 0;
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        looks += strcmp(row->action, "household-contact") == 0 && strcmp(row->object, id) == 0 &&
                 strcmp(row->result, "ok") == 0;
    }
    assert_int_equal(looks, 1);
}

static void those_near_a_place_are_told_who_face_it_first(void **state)
{
    House *house = *state;
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *near = body_at(21.4501, ",\"village\":\"Che Căn\",\"heading\":90"),
                    *facing = body_at(21.4495, ",\"village\":\"Che Căn\",\"heading\":0"),
                    *far = body_at(21.50, ",\"village\":\"Che Căn\"");
    json_decref(add(house, officer, near, 201));
    g_autoptr(Json) first = add(house, officer, facing, 201);
    json_decref(add(house, officer, far, 201));
    g_autoptr(Json) page =
        ask(house, officer, "GET /households/near",
            "GET /api/v1/households/near?lat=21.45&lon=103.15&radius=200", NULL, 200);
    const Json *items = json_object_get(page, "items"), *one = json_array_get(items, 0);
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(text_of(json_object_get(one, "household"), "id"), text_of(first, "id"));
    assert_true(json_boolean_value(json_object_get(one, "faces")));
    json_decref(ask(house, officer, "GET /households/near", "GET /api/v1/households/near?lat=91",
                    NULL, 400));
}

static void who_is_taken_out_is_erased_at_once_and_the_fact_is_kept(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = body_at(21.45, ",\"level\":1,\"view\":\"Ngõ vào chợ\"");
    g_autoptr(Json) household = add(house, head, body, 201);
    const char *id = text_of(household, "id");
    g_autofree char *path = g_strdup_printf("/households/%s/photo", id);
    static const char picture[] = "\xff\xd8\xff\xfe\0\x07place\xff\xd9";
    static const char page[] = "<html><script>alert(1)</script></html>";
    json_decref(send_file(house, head, path, NULL, page, sizeof page, 422));
    json_decref(send_file(house, head, path, NULL, picture, sizeof picture, 204));
    g_autofree char *look = g_strconcat("GET /api/v1", path, NULL);
    g_auto(ApiResponse) answer = {0};
    house_ask(house, officer, look, NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.type, "image/jpeg");
    char shown[sizeof picture];
    assert_int_equal(answer.file->size, sizeof picture);
    assert_true(answer.file->read(answer.file->data, 0, shown, sizeof shown, NULL));
    assert_null(memmem(shown, sizeof shown, "place", 5));

    json_decref(at(house, head, "DELETE", id, "", NULL, 204));
    json_decref(at(house, head, "DELETE", id, "", NULL, 204));
    json_decref(at(house, officer, "GET", id, "/photo", NULL, 404));
    g_autoptr(Json) contact = at(house, officer, "GET", id, "/contact", NULL, 200);
    assert_string_equal(text_of(contact, "name"), "");
    g_autoptr(Json) left = at(house, officer, "GET", id, "", NULL, 200);
    assert_string_not_equal(text_of(left, "revoked_at"), "");
    assert_null(json_object_get(left, "place"));
    assert_null(json_object_get(left, "view"));
    json_decref(at(house, head, "PATCH", id, "", "{\"days_kept\":7}", 400));
    char *folder = g_build_filename(house->folder, "household", id, NULL);
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    assert_non_null(files);
    assert_null(g_dir_read_name(files));
    g_free(folder);
    g_autoptr(Json) near = ask(house, officer, "GET /households/near",
                               "GET /api/v1/households/near?lat=21.45&lon=103.15", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(near, "items")), 0);
}

static void the_same_household_sent_twice_is_one(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD),
                    *officer = house_session(house, ROLE_OFFICER);
    g_autofree char *body = body_at(21.45, ",\"key\":\"9d1c1f1e-0000-4000-8000-000000000009\"");
    g_autoptr(Json) first = add(house, head, body, 201), second = add(house, head, body, 201);
    assert_string_equal(text_of(first, "id"), text_of(second, "id"));
    g_autofree char *others =
        body_at(21.45, ",\"village\":\"Che Căn\",\"key\":\"9d1c1f1e-0000-4000-8000-000000000009\"");
    json_decref(add(house, officer, others, 409));
}

static void to_be_asked_needs_a_consent_of_its_own(void **state)
{
    House *house = *state;
    g_autofree char *head = house_session(house, ROLE_VILLAGE_HEAD);
    g_autofree char *body = body_at(21.45, "");
    g_autoptr(Json) household = add(house, head, body, 201);
    const char *id = text_of(household, "id");
    json_decref(at(house, head, "PATCH", id, "", "{\"level\":1}", 400));
    g_autoptr(Json) asked = at(house, head, "PATCH", id, "", "{\"level\":1," AGREED "}", 200);
    assert_string_equal(text_of(json_object_get(asked, "consent"), "asked_at"),
                        "2026-11-20T08:00:00.000Z");
    g_autoptr(Json) pin = at(house, head, "PATCH", id, "", "{\"level\":0}", 200);
    assert_null(json_object_get(json_object_get(pin, "consent"), "asked_at"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_village_head_enters_those_of_the_own_village_and_no_others),
        TEST(whom_to_call_is_told_to_who_may_and_each_look_is_written_down),
        TEST(those_near_a_place_are_told_who_face_it_first),
        TEST(who_is_taken_out_is_erased_at_once_and_the_fact_is_kept),
        TEST(the_same_household_sent_twice_is_one),
        TEST(to_be_asked_needs_a_consent_of_its_own),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
