/* What a kill left behind of what households gave: between a row and its file, both ways. */
#include "api_ask.h"
#include "base/file.h"
#include "given_story.h"
#include "household/household_desk.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#define NO_ID "00000000-0000-4000-8000-000000000000"
#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static char *path_in(const House *house, const char *household, const char *name)
{
    return g_build_filename(house->folder, "household", household, name, NULL);
}

/* The file is there as before, as if the kill had come ahead of its deletion; its path, owned. */
static char *put_back(const House *house, const char *household, const char *name)
{
    char *path = path_in(house, household, name);
    unlink(path);
    assert_true(g_file_set_contents(path, film, FILM_BYTES, NULL));
    return path;
}

static void start_again(House *house)
{
    g_autofree char *folder = g_build_filename(house->folder, "household", NULL);
    household_desk_free(house->households);
    house->api.households = house->households = household_desk_new(house->catalog, folder);
}

static bool is_there(const char *path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void what_was_taken_back_before_a_kill_is_gone_after_it_and_evidence_is_not(void **state)
{
    House *house = *state;
    g_auto(Story) gone = begin_story(house), kept = begin_story(house);
    g_autofree char *file = give(house, gone.officer, gone.request, &gone.link),
                    *evidence = give(house, kept.officer, kept.request, &kept.link);
    g_autofree char *keep = g_strdup_printf("POST /api/v1/household-files/%s/evidence", evidence);
    json_decref(ask(house, kept.officer, "POST /household-files/{id}/evidence", keep, NULL, 204));
    assert_null(by_link(house, &gone.link, API_DELETE, "/files/1", NULL, 204));
    assert_null(by_link(house, &kept.link, API_DELETE, "/files/1", NULL, 204));
    g_autofree char *name = g_strconcat("given-", file, NULL);
    g_autofree char *evidence_name = g_strconcat("given-", evidence, NULL);
    g_autofree char *left = put_back(house, gone.household, name);
    g_autofree char *unknown = put_back(house, gone.household, "given-" NO_ID);
    g_autofree char *stays = path_in(house, kept.household, evidence_name);
    start_again(house);
    assert_false(is_there(left));
    assert_true(is_there(stays));
    assert_true(is_there(unknown)); /* the catalog may be a copy that is older */
}

static void what_was_given_and_stands_is_there_after_a_start(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    g_autofree char *name = g_strconcat("given-", file, NULL);
    g_autofree char *path = path_in(house, story.household, name);
    start_again(house);
    assert_true(is_there(path));
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0440); /* an original, which nobody writes into */
}

static void a_photo_of_those_who_left_the_register_before_a_kill_is_gone_after_it(void **state)
{
    House *house = *state;
    g_auto(Story) story = begin_story(house);
    g_autofree char *commander = house_session(house, ROLE_COMMANDER);
    g_autofree char *file = give(house, story.officer, story.request, &story.link);
    g_autofree char *what = g_strdup_printf("DELETE /api/v1/households/%s", story.household);
    json_decref(ask(house, commander, "DELETE /households/{id}", what, NULL, 204));
    g_autofree char *photo = put_back(house, story.household, "view-" DIGEST);
    g_autofree char *elsewhere = g_build_filename(house->folder, "household", NO_ID, NULL);
    assert_true(folder_make(elsewhere, NULL));
    g_autofree char *unknown = put_back(house, NO_ID, "view-" DIGEST);
    start_again(house);
    assert_false(is_there(photo));
    assert_true(is_there(unknown));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(what_was_taken_back_before_a_kill_is_gone_after_it_and_evidence_is_not),
        TEST(what_was_given_and_stands_is_there_after_a_start),
        TEST(a_photo_of_those_who_left_the_register_before_a_kill_is_gone_after_it),
    };
    return cmocka_run_group_tests(tests, read_document, drop_document);
}
