#include "api_ask.h"

#include "openapi.h"
#include "unit.h"

#include <string.h>

const char *text_of(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

int64_t number_of(const Json *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

static Json *document;

int read_document(void **state)
{
    document = openapi_read();
    return 0;
}

int drop_document(void **state)
{
    json_decref(document);
    return 0;
}

Json *ask(House *house, const char *session, const char *pattern, const char *what,
          const char *body, int status)
{
    g_auto(ApiResponse) answer = {0};
    g_auto(GStrv) parts = g_strsplit(pattern, " ", 2);
    const Json *operation = openapi_operation(document, parts[0], parts[1]);
    assert_non_null(operation);
    house_ask(house, session, what, body, &answer);
    g_autofree char *text = answer.json ? json_line(answer.json) : g_strdup("");
    if (answer.status != status)
        fail_msg("%s: %d instead of %d: %s", what, answer.status, status, text);
    const char *type = NULL;
    bool told;
    const Json *schema = openapi_answer(document, operation, status, &type, &told);
    if (!told)
        fail_msg("%s: openapi.yaml does not tell of status %d", what, status);
    assert_true(!type == (!answer.json && !answer.bytes && !answer.file));
    if (!schema)
        return json_null();
    g_autofree char *wrong = openapi_check(document, schema, answer.json);
    if (wrong)
        fail_msg("%s: %s in %s", what, wrong, text);
    return json_incref(answer.json);
}

void fits(House *house, const char *session, const char *pattern, const char *what,
          const char *body, int status)
{
    json_decref(ask(house, session, pattern, what, body, status));
}

void ask_by_two(House *house, const char *admin, const char *pattern, const char *what,
                const char *body)
{
    size_t i;
    const Json *one;
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autoptr(Json) wish = json_parse(body, strlen(body), NULL);
    json_object_set_new(wish, "reason", json_string("theo kế hoạch"));
    g_autofree char *whole = json_line(wish);
    g_autoptr(Json) waits = ask(house, admin, pattern, what, whole, 202);
    json_array_foreach(json_object_get(waits, "items"), i, one)
    {
        g_autofree char *decide = g_strdup_printf("POST /api/v1/changes/%s/approval",
                                                  json_string_value(json_object_get(one, "id")));
        fits(house, commander, "POST /changes/{id}/approval", decide, "{\"approve\":true}", 200);
    }
}

Json *send_file(House *house, const char *session, const char *path, const char *secret,
                const char *bytes, size_t size, int status)
{
    g_autofree char *file = g_build_filename(report_desk_incoming(house->reports), "one", NULL);
    g_autofree char *whole = g_strconcat("/api/v1", path, NULL);
    assert_int_equal(g_mkdir_with_parents(report_desk_incoming(house->reports), 0700), 0);
    assert_true(g_file_set_contents(file, bytes, (gssize)size, NULL));
    ApiUpload upload = {.path = file, .bytes = (int64_t)size};
    sha256(bytes, size, upload.sha256);
    upload.first_bytes = MIN(size, sizeof upload.first);
    memcpy(upload.first, bytes, upload.first_bytes);
    const ApiRequest request = {.method = API_POST,
                                .path = whole,
                                .session = session,
                                .report_secret = secret,
                                .upload = &upload,
                                .address = "10.0.0.9",
                                .device = "test"};
    g_auto(ApiResponse) answer = {0};
    api_dispatch(&house->api, &request, &answer);
    g_autofree char *text = answer.json ? json_line(answer.json) : g_strdup("");
    if (answer.status != status)
        fail_msg("%s: %d %s", path, answer.status, text);
    assert_int_equal(upload.taken, status < 300);
    return answer.json ? json_incref(answer.json) : NULL;
}
