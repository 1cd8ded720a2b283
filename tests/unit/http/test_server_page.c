/* What seals are compared with, and how the disks are, over the API. */
#include "../archive/archive_rig.h"
#include "api_ask.h"
#include "archive/root_line.h"
#include "base/digest.h"
#include "base/spoken.h"
#include "ledger/chain.h"

#include <string.h>

static Json *fingerprints(House *house, Role role)
{
    g_autofree char *session = house_session(house, role);
    return ask(house, session, "GET /server/fingerprints", "GET /api/v1/server/fingerprints", NULL,
               200);
}

static void before_a_day_has_its_root_there_is_the_key_only(void **state)
{
    House *house = *state;
    char key[FINGERPRINT_TEXT];
    g_autoptr(Json) told = fingerprints(house, ROLE_AUDITOR);
    public_key_fingerprint(node_key_public(house->key), key);
    assert_string_equal(text_of(told, "key"), key);
    assert_true(json_is_null(json_object_get(told, "day")));
}

/* The hash of the newest root of a day. */
static bool take(void *data, const ChainLine *line)
{
    g_auto(RootLine) root = {0};
    if (root_line_parse(line->text, line->size, &root) && root.kind == ROOT_DAY)
        *(Hash *)data = root.head.seal.hash;
    return true;
}

/* An archive on the day after it recorded, once that has its root. */
static void start_a_day_later(Rig *rig)
{
    rig->settings.segment_us = MINUTE_US;
    rig_start(rig);
    rig_feed_us(rig, 3 * MINUTE_US);
    rig_wait_written(rig, rig->now_us - 2 * SECOND_US);
    assert_true(archive_settle(rig->archive, 10 * SECOND_US));
    assert_true(archive_make_roots(rig->archive, NULL));
    rig_stop(rig);
    rig_time(rig, RIG_START_US + DAY_US);
    rig_open(rig);
    for (int i = 0; i < 1500 && archive_fingerprints(rig->archive).day_us == 0; i++)
        g_usleep(10000);
    assert_int_not_equal(archive_fingerprints(rig->archive).day_us, 0);
}

static void the_newest_day_is_told_in_words_digits_and_a_code(void **state)
{
    House *house = *state;
    Rig rig = {0};
    Hash hash = {0};
    char hex[SHA256_HEX];
    start_a_day_later(&rig);
    house->api.archive = rig.archive;
    g_autoptr(Json) told = fingerprints(house, ROLE_OFFICER);
    g_autofree char *path = g_build_filename(rig.dir, "ledger", "roots.jsonl", NULL);
    assert_true(chain_each(path, 0, take, &hash, NULL));
    const Json *day = json_object_get(told, "day");
    hex_encode(hash.bytes, sizeof hash.bytes, hex);
    assert_string_equal(text_of(day, "day"), "2026-11-23");
    assert_string_equal(text_of(day, "hash"), hex);
    g_autofree char *words = spoken_words(hash.bytes, DAY_SPOKEN_BYTES);
    assert_string_equal(text_of(day, "words"), words);
    assert_true(g_str_has_prefix(text_of(day, "qr"), "<svg"));
    house->api.archive = house->archive;
    rig_end(&rig);
}

static void each_disk_is_told_with_its_state_and_its_room(void **state)
{
    House *house = *state;
    house_record(house, 10);
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) told =
        ask(house, admin, "GET /server/storage", "GET /api/v1/server/storage", NULL, 200);
    const Json *volumes = json_object_get(told, "volumes"), *disk = json_array_get(volumes, 0);
    assert_int_equal(json_array_size(volumes), 1);
    assert_string_equal(text_of(disk, "state"), "good");
    assert_int_equal(json_integer_value(json_object_get(disk, "streams")), 1);
    assert_true(json_integer_value(json_object_get(disk, "free_bytes")) > 0);
    assert_true(json_integer_value(json_object_get(told, "room_bytes")) > 0);
    assert_int_equal(json_integer_value(json_object_get(told, "held_bytes")), 0);
    assert_true(json_is_null(json_object_get(told, "room_days"))); /* nothing is sealed yet */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_a_day_has_its_root_there_is_the_key_only, house_open,
                                        house_close),
        cmocka_unit_test_setup_teardown(each_disk_is_told_with_its_state_and_its_room, house_open,
                                        house_close),
        /* the last one: it sets the clock */
        cmocka_unit_test_setup_teardown(the_newest_day_is_told_in_words_digits_and_a_code,
                                        house_open, house_close),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
