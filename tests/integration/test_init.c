/* A data folder made before any server runs on it: its first account signs in, and stays as it is.
 */
#include "base/secret.h"
#include "harness.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

static char *data;
static char *password;

/* The last word of the line that tells the password. Owned. */
static char *told_password(const char *out)
{
    static const char before[] = "with the password ";
    const char *at = strstr(out, before);
    return at ? g_strndup(at + strlen(before), strcspn(at + strlen(before), "\n")) : NULL;
}

static int init(char **out, char **err)
{
    return run_vonglau(out, err, "init", "--data", data, NULL);
}

static void it_tells_the_password_of_the_first_account_once(void **state)
{
    g_autofree char *first = NULL, *second = NULL, *none = NULL;
    assert_int_equal(init(&first, NULL), 0);
    password = told_password(first);
    assert_non_null(password);
    assert_in_range(strlen(password), 12, 64);
    assert_int_equal(init(&second, NULL), 0);
    none = told_password(second);
    assert_null(none);
}

static void that_password_signs_in_and_the_server_tells_none(void **state)
{
    Server server = server_start(data);
    assert_null(server.password);
    g_autofree char *url = g_strconcat(server.url, "/api/v1/session", NULL);
    g_autofree char *body = g_strdup_printf("{\"name\":\"admin\",\"password\":\"%s\"}", password);
    g_autofree char *answer = NULL, *err = NULL;
    assert_int_equal(http_call("POST", url, NULL, body, &answer, NULL), 200);
    assert_non_null(strstr(answer, "\"role\":\"admin\""));
    /* Beside a server it changes nothing, and says why. */
    assert_int_equal(init(NULL, &err), 1);
    assert_non_null(strstr(err, data));
    assert_int_equal(server_stop(&server, SIGTERM), 0);
}

static int begin(void **state)
{
    data = temp_folder();
    return 0;
}

static int end(void **state)
{
    remove_tree(data);
    g_free(data);
    g_free(password);
    return 0;
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_the_password_of_the_first_account_once),
        cmocka_unit_test(that_password_signs_in_and_the_server_tells_none),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
