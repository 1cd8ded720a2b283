/* What the whole site is set to. */
#include "base/secret.h"
#include "catalog/settings.h"
#include "site_rig.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void assert_not_set(Fixture *fixture, SiteValue value, const char *text, ErrCode code)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *before = site_value(fixture->site, value);
    if (set_one(fixture, value, text, &error))
        fail_msg("‘%s’ was taken", text);
    assert_int_equal(error->code, code);
    assert_non_null(strstr(error->message, site_value_name(value)));
    g_autofree char *after = site_value(fixture->site, value);
    assert_string_equal(before, after);
}

static void cameras_without_a_rule_of_their_own_keep_what_the_site_keeps(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(site_retention(fixture->site).days, 30);
    assert_int_equal(site_retention(fixture->site).bytes, 0);
    assert_true(set_one(fixture, SITE_VALUE_RETENTION_DAYS, "45", NULL));
    assert_int_equal(site_retention(fixture->site).days, 45);
    close_site(fixture);
    open_site(fixture);
    assert_int_equal(site_retention(fixture->site).days, 45);
}

static void settings_of_the_site_that_make_no_sense_change_nothing(void **state)
{
    Fixture *fixture = *state;
    static const char *const days[] = {"0", "-1", "3651", "1.5", "", "99999999999999999999"};
    static const char *const bytes[] = {"-1", "1", "1073741823", "x"};
    static const char *const zones[] = {"Asia/Hochiminh", "", "../../etc/passwd", "UTC+7x",
                                        /* of which the C library makes one, and browsers do not */
                                        "+07:00", "Z", "07", "posixrules", "localtime",
                                        "EST5EDT,M3.2.0,M11.1.0", ":Asia/Tokyo",
                                        "/usr/share/zoneinfo/Asia/Tokyo", "Asia/../Asia/Tokyo",
                                        "posix/Asia/Tokyo", "right/Asia/Tokyo"};
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        assert_not_set(fixture, SITE_VALUE_RETENTION_DAYS, days[i], ERR_INVALID);
    for (size_t i = 0; i < G_N_ELEMENTS(bytes); i++)
        assert_not_set(fixture, SITE_VALUE_RETENTION_BYTES, bytes[i], ERR_INVALID);
    for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
        assert_not_set(fixture, SITE_VALUE_TIME_ZONE, zones[i], ERR_INVALID);
    assert_not_set(fixture, SITE_VALUE_LANGUAGE, "fr", ERR_INVALID);
    /* All or nothing. */
    const char *asked[SITE_VALUES] = {
        [SITE_VALUE_NAME] = "Xã khác", [SITE_VALUE_RETENTION_DAYS] = "0"};
    assert_false(site_set(fixture->site, asked, NULL));
    g_autofree char *name = site_name(fixture->site);
    assert_string_equal(name, "Vọng Lâu");
    assert_int_equal(fixture->told[SITE_SETTINGS_CHANGED], 0);
}

static void what_the_file_names_of_the_site_is_locked_and_nothing_else(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(Config) config = config_default();
    config->retention.days = 12;
    config->site.time_zone = g_strdup("Asia/Vientiane");
    assert_true(site_apply(fixture->site, config, NULL));
    assert_int_equal(site_retention(fixture->site).days, 12);
    assert_not_set(fixture, SITE_VALUE_RETENTION_DAYS, "30", ERR_DENIED);
    assert_not_set(fixture, SITE_VALUE_TIME_ZONE, "Asia/Ho_Chi_Minh", ERR_DENIED);
    assert_true(set_one(fixture, SITE_VALUE_RETENTION_DAYS, "12", NULL)); /* as it is */
    assert_true(set_one(fixture, SITE_VALUE_RETENTION_BYTES, "3221225472", NULL));
    assert_true(set_one(fixture, SITE_VALUE_LANGUAGE, "en", NULL));
    /* No longer named: it stays, and is free. */
    g_autoptr(Config) empty = config_default();
    assert_true(site_apply(fixture->site, empty, NULL));
    assert_int_equal(site_retention(fixture->site).days, 12);
    assert_int_equal(site_retention(fixture->site).bytes, INT64_C(3) << 30);
    assert_true(set_one(fixture, SITE_VALUE_RETENTION_DAYS, "30", NULL));
}

static bool put_zone(CatalogDb *db, void *zone, GError **error)
{
    return settings_put(db, "time-zone", zone, error);
}

/* Opens the site; what the log says meanwhile, owned. */
static char *open_and_listen(Fixture *fixture)
{
    char *said;
    g_autofree char *path = g_build_filename(fixture->data->path, "log", NULL);
    int log = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600), shown = dup(STDERR_FILENO);
    dup2(log, STDERR_FILENO);
    open_site(fixture);
    dup2(shown, STDERR_FILENO);
    close(shown);
    close(log);
    assert_true(g_file_get_contents(path, &said, NULL, NULL));
    return said;
}

static void a_stored_zone_that_this_machine_does_not_know_is_told_once(void **state)
{
    Fixture *fixture = *state;
    assert_true(catalog_write_wait(fixture->catalog, put_zone, (char *)"Asia/Atlantis", NULL));
    close_site(fixture);
    g_autofree char *said = open_and_listen(fixture);
    g_autofree char *zone = site_time_zone(fixture->site);
    assert_string_equal(zone, "Asia/Ho_Chi_Minh");
    g_auto(GStrv) parts = g_strsplit(said, "warning site.setting setting=time_zone", -1);
    assert_int_equal(g_strv_length(parts), 2);
}

int main(void)
{
    secret_init();
#define TEST(name) cmocka_unit_test_setup_teardown(name, site_rig_open, site_rig_close)
    const struct CMUnitTest tests[] = {
        TEST(cameras_without_a_rule_of_their_own_keep_what_the_site_keeps),
        TEST(settings_of_the_site_that_make_no_sense_change_nothing),
        TEST(what_the_file_names_of_the_site_is_locked_and_nothing_else),
        TEST(a_stored_zone_that_this_machine_does_not_know_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
