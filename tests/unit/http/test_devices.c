/* Enrolled phones by the API: from an admin's code to a lost phone. */
#include "../phone.h"
#include "api_ask.h"
#include "audit_rows.h"
#include "base/digest.h"
#include "people/devices.h"
#include "unit.h"

#include <string.h>

/* A code for the officer; the answer, owned. */
static Json *make_code(House *house, const char *admin)
{
    Account officer;
    char id[UUID_TEXT];
    assert_true(people_account_named(house->people, "officer-1", &officer));
    g_autofree char *body =
        g_strdup_printf("{\"user\":\"%s\",\"name\":\"Máy trực\",\"app\":\"https://vms.example\"}",
                        uuid_text(&officer.id, id));
    return ask(house, admin, "POST /devices/codes", "POST /api/v1/devices/codes", body, 201);
}

static Json *give_in(House *house, const Phone *phone, const char *code, int status)
{
    uint8_t key[P256_KEY_BYTES];
    char key_hex[2 * P256_KEY_BYTES + 1];
    g_autofree char *text = device_enrol_text(code), *signature = phone_sign_hex(phone, text);
    phone_key(phone, key);
    hex_encode(key, sizeof key, key_hex);
    g_autofree char *body = g_strdup_printf("{\"code\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
                                            code, key_hex, signature);
    return ask(house, NULL, "POST /devices", "POST /api/v1/devices", body, status);
}

/* What a phone answers to a fresh challenge, as a member of a body. Returned owned. */
static char *proof_of(House *house, const Phone *phone, const char *session, const char *id)
{
    Uuid device;
    assert_true(uuid_parse(id, &device));
    g_autofree char *asked = g_strdup_printf("{\"device\":\"%s\"}", id);
    g_autoptr(Json) given = ask(house, session, "POST /session/challenge",
                                "POST /api/v1/session/challenge", asked, 200);
    const char *challenge = text_of(given, "challenge");
    g_autofree char *text = device_proof_text(&device, challenge);
    g_autofree char *signature = phone_sign_hex(phone, text);
    return g_strdup_printf("\"challenge\":\"%s\",\"signature\":\"%s\"", challenge, signature);
}

static void an_officer_enrols_signs_in_and_is_shut_out_when_the_phone_is_lost(void **state)
{
    House *house = *state;
    Phone *phone = phone_new();
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *browser = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) made = make_code(house, admin);
    assert_int_equal(strlen(text_of(made, "code")), 8);
    assert_true(g_str_has_prefix(text_of(made, "link"), "https://vms.example/#enrol="));
    assert_true(g_str_has_prefix(text_of(made, "qr"), "<svg "));
    g_autoptr(Json) device = give_in(house, phone, text_of(made, "code"), 201);
    assert_string_equal(text_of(device, "user_name"), "officer-1");
    g_autoptr(Json) used = give_in(house, phone, text_of(made, "code"), 403);
    assert_string_equal(text_of(used, "cause_code"), "wrong-code");

    g_autoptr(Json) policy = ask(house, admin, "PATCH /policy", "PATCH /api/v1/policy",
                                 "{\"device_roles\":[\"officer\"]}", 200);
    assert_int_equal(json_array_size(json_object_get(policy, "device_roles")), 1);
    fits(house, admin, "PATCH /policy", "PATCH /api/v1/policy", "{\"device_roles\":[\"admin\"]}",
         400);
    fits(house, browser, "GET /cameras", "GET /api/v1/cameras", NULL, 403);
    g_autoptr(Json) lacks = ask(house, browser, "GET /me", "GET /api/v1/me", NULL, 200);
    assert_true(json_is_true(json_object_get(json_object_get(lacks, "device"), "needed")));
    assert_int_equal(json_array_size(json_object_get(lacks, "actions")), 0);

    g_autoptr(Json) refused =
        ask(house, NULL, "POST /session", "POST /api/v1/session",
            "{\"name\":\"officer-1\",\"password\":\"" HOUSE_PASSWORD "\"}", 403);
    assert_string_equal(text_of(refused, "cause_code"), "device-needed");
    const char *id = text_of(device, "id");
    g_autofree char *proof = proof_of(house, phone, NULL, id);
    g_autofree char *body = g_strdup_printf("{\"name\":\"officer-1\",\"password\":\"" HOUSE_PASSWORD
                                            "\",\"device\":{\"id\":\"%s\",%s}}",
                                            id, proof);
    g_autoptr(Json) me = ask(house, NULL, "POST /session", "POST /api/v1/session", body, 200);
    assert_string_equal(text_of(json_object_get(me, "device"), "id"), id);
    assert_true(json_array_size(json_object_get(me, "actions")) > 0);

    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (strcmp(row->action, "policy-edit") != 0)
            continue;
        assert_int_equal(row->changes->len, 1);
        assert_string_equal(g_array_index(row->changes, AuditRowChange, 0).after, "officer");
    }
    g_autofree char *lost = g_strdup_printf("DELETE /api/v1/devices/%s", id);
    g_autoptr(Json) shut = ask(house, admin, "DELETE /devices/{id}", lost, NULL, 200);
    assert_string_not_equal(text_of(shut, "shut_out"), "");
    fits(house, NULL, "POST /session", "POST /api/v1/session", body, 403);
    phone_free(phone);
}

static void a_phone_that_was_shut_out_by_mistake_is_let_back_within_a_minute(void **state)
{
    House *house = *state;
    Phone *phone = phone_new();
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *officer = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) made = make_code(house, admin);
    g_autoptr(Json) device = give_in(house, phone, text_of(made, "code"), 201);
    const char *id = text_of(device, "id");
    g_autofree char *shut = g_strdup_printf("DELETE /api/v1/devices/%s", id);
    g_autofree char *undo = g_strdup_printf("POST /api/v1/devices/%s/back", id);
    fits(house, admin, "DELETE /devices/{id}", shut, NULL, 200);
    fits(house, officer, "POST /devices/{id}/back", undo, NULL, 403);
    g_autoptr(Json) back = ask(house, admin, "POST /devices/{id}/back", undo, NULL, 200);
    assert_true(json_is_null(json_object_get(back, "shut_out")));
    g_autofree char *proof = proof_of(house, phone, NULL, id);
    g_autofree char *body = g_strdup_printf("{\"name\":\"officer-1\",\"password\":\"" HOUSE_PASSWORD
                                            "\",\"device\":{\"id\":\"%s\",%s}}",
                                            id, proof);
    fits(house, NULL, "POST /session", "POST /api/v1/session", body, 200);
    fits(house, admin, "DELETE /devices/{id}", shut, NULL, 200);
    clock_test_set(-1, clock_now_us() + DEVICE_UNDO_US + SECOND_US);
    fits(house, admin, "POST /devices/{id}/back", undo, NULL, 403);
    clock_test_set(-1, -1);
    phone_free(phone);
}

static void a_running_session_is_proven_only_by_its_own_device(void **state)
{
    House *house = *state;
    Phone *phone = phone_new();
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *browser = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) made = make_code(house, admin);
    g_autoptr(Json) device = give_in(house, phone, text_of(made, "code"), 201);
    g_autofree char *proof = proof_of(house, phone, browser, text_of(device, "id"));
    g_autofree char *body = g_strdup_printf("{%s}", proof);
    g_autoptr(Json) wrong =
        ask(house, browser, "POST /session/proof", "POST /api/v1/session/proof", body, 403);
    assert_string_equal(text_of(wrong, "cause_code"), "wrong-proof");
    phone_free(phone);
}

static void phones_are_listed_and_renamed_by_admins_and_it_stands_in_the_audit_log(void **state)
{
    House *house = *state;
    Phone *phone = phone_new();
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autofree char *browser = house_session(house, ROLE_OFFICER);
    g_autoptr(Json) made = make_code(house, admin);
    g_autoptr(Json) device = give_in(house, phone, text_of(made, "code"), 201);
    g_autofree char *rename = g_strdup_printf("PATCH /api/v1/devices/%s", text_of(device, "id"));
    g_autofree char *shut = g_strdup_printf("DELETE /api/v1/devices/%s", text_of(device, "id"));
    g_autoptr(Json) renamed =
        ask(house, admin, "PATCH /devices/{id}", rename, "{\"name\":\"Máy 2\"}", 200);
    assert_string_equal(text_of(renamed, "name"), "Máy 2");
    fits(house, admin, "PATCH /devices/{id}", rename, "{\"name\":\"\"}", 400);
    fits(house, browser, "DELETE /devices/{id}", shut, NULL, 403);
    fits(house, admin, "DELETE /devices/{id}", shut, NULL, 200);
    g_autoptr(Json) list = ask(house, admin, "GET /devices", "GET /api/v1/devices", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(list, "items")), 1);
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 100);
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[rows->len - 1 - i];
        g_string_append_printf(told, "%s %s;", row->action, row->result);
        assert_null(strstr(row->object, text_of(made, "code")));
    }
    assert_string_equal(told->str, "device-code ok;device-enrol ok;device-edit ok;users no-right;"
                                   "device-shut ok;");
    phone_free(phone);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(an_officer_enrols_signs_in_and_is_shut_out_when_the_phone_is_lost),
        TEST(a_phone_that_was_shut_out_by_mistake_is_let_back_within_a_minute),
        TEST(a_running_session_is_proven_only_by_its_own_device),
        TEST(phones_are_listed_and_renamed_by_admins_and_it_stands_in_the_audit_log),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
