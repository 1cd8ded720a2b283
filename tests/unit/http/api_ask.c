#include "api_ask.h"

#include "openapi.h"
#include "unit.h"

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
