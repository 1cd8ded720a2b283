#include "http/crowd.h"
#include "unit.h"

#include <arpa/inet.h>
#include <stdint.h>

static struct sockaddr_storage peer(const char *text)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        storage.ss_family = AF_INET;
    } else {
        storage.ss_family = AF_INET6;
        assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
    }
    return storage;
}

static bool room(const Crowd *crowd, const char *text)
{
    struct sockaddr_storage from = peer(text);
    return crowd_has_room(crowd, &from);
}

static void enter(Crowd *crowd, uintptr_t who, const char *text)
{
    struct sockaddr_storage from = peer(text);
    crowd_enter(crowd, (void *)who, &from);
}

static void an_address_has_its_own_bound_and_all_have_one(void **state)
{
    Crowd *crowd = crowd_new(6, 2);
    enter(crowd, 1, "10.0.0.1");
    assert_true(room(crowd, "10.0.0.1"));
    enter(crowd, 2, "::ffff:10.0.0.1");
    assert_false(room(crowd, "10.0.0.1"));
    assert_true(room(crowd, "10.0.0.2"));
    enter(crowd, 3, "fd00::1");
    enter(crowd, 4, "fd00::ffff:2");
    assert_false(room(crowd, "fd00::3")); /* of the same /64 */
    assert_true(room(crowd, "fd00:0:0:1::3"));
    enter(crowd, 5, "10.0.0.2");
    enter(crowd, 6, "10.0.0.3");
    assert_false(room(crowd, "10.0.0.4"));
    crowd_leave(crowd, (void *)1);
    crowd_leave(crowd, (void *)1);
    crowd_leave(crowd, (void *)99);
    assert_true(room(crowd, "10.0.0.1"));
    crowd_free(crowd);
}

static void this_machine_is_bounded_in_all_only(void **state)
{
    Crowd *crowd = crowd_new(4, 1);
    enter(crowd, 1, "127.0.0.1");
    assert_true(room(crowd, "127.0.0.1"));
    enter(crowd, 2, "::1");
    enter(crowd, 3, "::ffff:127.0.0.1");
    assert_true(room(crowd, "::1"));
    enter(crowd, 4, "127.0.0.1");
    assert_false(room(crowd, "127.0.0.1"));
    crowd_free(crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_its_own_bound_and_all_have_one),
        cmocka_unit_test(this_machine_is_bounded_in_all_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
