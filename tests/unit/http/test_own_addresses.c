#include "http/own_addresses.h"
#include "unit.h"

#include <string.h>

static void a_server_on_one_address_is_told_by_it(void **state)
{
    g_autofree char *v4 = own_address_to_tell("192.0.2.7");
    g_autofree char *v6 = own_address_to_tell("::1");
    assert_string_equal(v4, "192.0.2.7");
    assert_string_equal(v6, "::1");
}

static void a_server_on_all_addresses_is_told_by_one_that_opens(void **state)
{
    static const char *const all[] = {"0.0.0.0", "::"};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *told = own_address_to_tell(all[i]);
        g_autoptr(GPtrArray) own = own_addresses(all[i]);
        assert_string_not_equal(told, all[i]);
        assert_true(g_ptr_array_find_with_equal_func(own, told, g_str_equal, NULL));
        /* loopback only where the machine has no other address */
        assert_true(own->len == 2 || (strcmp(told, "127.0.0.1") != 0 && strcmp(told, "::1") != 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_on_one_address_is_told_by_it),
        cmocka_unit_test(a_server_on_all_addresses_is_told_by_one_that_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
