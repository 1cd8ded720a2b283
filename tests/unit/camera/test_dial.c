/* Names that a name server does not answer for: getaddrinfo() is the test's own here. */
#include "base/clock.h"
#include "camera/dial.h"
#include "unit.h"

#include <glib.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>

enum { TIMEOUT_US = 100000, OTHERS = 50 };

static atomic_uint asked;
static atomic_bool silent;

/* In place of the system's: waits while the name server is silent, then knows no name. */
int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    if (hints->ai_flags & AI_NUMERICHOST)
        return EAI_NONAME;
    atomic_fetch_add(&asked, 1);
    while (atomic_load(&silent))
        g_usleep(1000);
    return EAI_NONAME;
}

typedef struct Told {
    Loop *loop;
    unsigned awaited; /* then the loop ends */
    CameraTrouble trouble;
    char cause[200];
} Told;

static void on_done(void *data, int fd, CameraTrouble trouble, const char *cause)
{
    Told *told = data;
    assert_int_equal(fd, -1);
    told->trouble = trouble;
    g_strlcpy(told->cause, cause, sizeof told->cause);
    if (--told->awaited == 0)
        loop_stop(told->loop);
}

static void a_name_server_that_does_not_answer_is_told_as_that(void **state)
{
    Told told = {.loop = loop_new(), .awaited = 1};
    Pool *names = pool_new("names", 1);
    atomic_store(&silent, true);
    dial_start(told.loop, names, "cong-cho.lan", 554, TIMEOUT_US, on_done, &told);
    loop_run(told.loop);
    assert_int_equal(told.trouble, TROUBLE_NAME_UNKNOWN);
    assert_non_null(strstr(told.cause, "cong-cho.lan was not found in time; check the network's"));
    atomic_store(&silent, false);
    pool_free(names);
    loop_run(told.loop); /* lets the look-up come home */
    loop_free(told.loop);
}

/* Else those of a day without a name server would all be made once it is back, before any new one.
 */
static void look_ups_that_nobody_waits_for_any_more_are_not_made(void **state)
{
    Told told = {.loop = loop_new(), .awaited = OTHERS};
    Pool *names = pool_new("names", 1);
    atomic_store(&silent, true);
    atomic_store(&asked, 0);
    for (unsigned i = 0; i < OTHERS; i++)
        dial_start(told.loop, names, "cong-cho.lan", 554, TIMEOUT_US, on_done, &told);
    loop_run(told.loop);
    atomic_store(&silent, false);
    pool_free(names);
    loop_run(told.loop);
    assert_int_equal(atomic_load(&asked), 1);
    loop_free(told.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_server_that_does_not_answer_is_told_as_that),
        cmocka_unit_test(look_ups_that_nobody_waits_for_any_more_are_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
