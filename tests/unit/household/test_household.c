/* What stands in the register of households, and which of them might have seen a place. */
#include "base/clock.h"
#include "household/household.h"
#include "unit.h"

#include <string.h>

#define NOW (INT64_C(1764406800) * SECOND_US)

static const int64_t agreed_us = NOW - DAY_US, asked = HOUSEHOLD_ASKED;
static const PlacePoint market = {21.45, 103.15};

static HouseholdTold told_at(const PlacePoint *place)
{
    return (HouseholdTold){.village = "Che Căn",
                           .place = place,
                           .view = "Ngõ vào chợ",
                           .name = "Lò Văn A",
                           .phone = "0912 345 678",
                           .agreed_us = &agreed_us};
}

static HouseholdRow *made_of(const HouseholdTold *told)
{
    Uuid by = uuid_new();
    HouseholdRow *row = household_of(told, &by, NOW, NULL);
    assert_non_null(row);
    return row;
}

static void refuse(const HouseholdTold *told, const char *member)
{
    g_autoptr(GError) error = NULL;
    Uuid by = uuid_new();
    g_autoptr(HouseholdRow) row = household_of(told, &by, NOW, &error);
    assert_null(row);
    assert_true(g_error_matches(error, ERR, ERR_INVALID));
    if (!strstr(error->message, member))
        fail_msg("‘%s’ does not name ‘%s’", error->message, member);
}

static void nobody_stands_in_the_register_without_a_dated_consent(void **state)
{
    HouseholdTold told = told_at(&market);
    g_autoptr(HouseholdRow) row = made_of(&told);
    assert_int_equal(row->pin_us, agreed_us);
    assert_int_equal(household_level(row), HOUSEHOLD_PIN);
    told.agreed_us = NULL;
    refuse(&told, "agreed_at");
    const int64_t tomorrow_us = NOW + DAY_US;
    told.agreed_us = &tomorrow_us;
    refuse(&told, "agreed_at");
}

static void what_makes_no_sense_is_refused_by_its_name(void **state)
{
    const PlacePoint nowhere = {91, 0};
    const int64_t heading_deg = 360, days = 400, level = 4;
    HouseholdTold told = told_at(&nowhere);
    refuse(&told, "place");
    told = told_at(&market);
    told.heading_deg = &heading_deg;
    refuse(&told, "heading");
    told.heading_deg = NULL;
    told.days_kept = &days;
    refuse(&told, "days_kept");
    told.days_kept = NULL;
    told.level = &level;
    refuse(&told, "level");
    told.level = NULL;
    told.name = told.phone = " ";
    refuse(&told, "contact");
    told.name = "A\nB";
    refuse(&told, "name");
}

static void to_be_asked_is_agreed_to_by_itself_and_taken_back_by_itself(void **state)
{
    Uuid by = uuid_new();
    HouseholdTold told = told_at(&market);
    g_autoptr(HouseholdRow) row = made_of(&told);
    HouseholdTold more = {.level = &asked};
    assert_false(household_change(row, &more, &by, NOW, NULL));
    assert_int_equal(household_level(row), HOUSEHOLD_PIN);
    more.agreed_us = &agreed_us;
    assert_true(household_change(row, &more, &by, NOW, NULL));
    assert_int_equal(household_level(row), HOUSEHOLD_ASKED);
    const int64_t pin = HOUSEHOLD_PIN;
    const HouseholdTold less = {.level = &pin};
    assert_true(household_change(row, &less, &by, NOW, NULL));
    assert_int_equal(household_level(row), HOUSEHOLD_PIN);
    assert_string_equal(row->name, "Lò Văn A");
}

static void of_a_household_that_is_taken_out_only_that_fact_is_left(void **state)
{
    Uuid by = uuid_new();
    HouseholdTold told = told_at(&market);
    told.level = &asked;
    g_autoptr(HouseholdRow) row = made_of(&told);
    household_erase(row, &by, NOW);
    assert_true(household_is_revoked(row));
    assert_int_equal(household_level(row), HOUSEHOLD_PIN);
    const char *const gone[] = {row->name, row->phone, row->view, row->photo_type};
    for (size_t i = 0; i < G_N_ELEMENTS(gone); i++)
        assert_string_equal(gone[i], "");
    assert_true(row->latitude == 0 && row->longitude == 0);
    assert_int_equal(row->pin_us, agreed_us);
    assert_string_equal(row->village, "Che Căn");
    assert_false(household_change(row, &told, &by, NOW, NULL));
}

static void who_looks_at_the_place_comes_before_who_is_nearer(void **state)
{
    /* Some 55 m south and 33 m south of the market, 22 m north of it, and far away. */
    const PlacePoint south = {21.4495, 103.15}, nearer = {21.4497, 103.15},
                     north = {21.4502, 103.15}, far = {21.47, 103.15};
    const int64_t to_north = 350, to_east = 90;
    HouseholdTold told[] = {told_at(&south), told_at(&nearer), told_at(&north), told_at(&far)};
    told[0].heading_deg = &to_north;
    told[2].heading_deg = &to_east;
    told[3].heading_deg = &to_north;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)household_row_free);
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        g_ptr_array_add(rows, made_of(&told[i]));
    g_autoptr(GArray) found = household_near(rows, market, 100);
    assert_int_equal(found->len, 3);
    const HouseholdSight *sights = (const HouseholdSight *)(void *)found->data;
    assert_ptr_equal(sights[0].row, rows->pdata[0]);
    assert_true(sights[0].faces);
    assert_ptr_equal(sights[1].row, rows->pdata[2]);
    assert_false(sights[1].faces);
    assert_ptr_equal(sights[2].row, rows->pdata[1]);

    Uuid by = uuid_new();
    household_erase(rows->pdata[0], &by, NOW);
    g_autoptr(GArray) after = household_near(rows, market, 100);
    assert_int_equal(after->len, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_stands_in_the_register_without_a_dated_consent),
        cmocka_unit_test(what_makes_no_sense_is_refused_by_its_name),
        cmocka_unit_test(to_be_asked_is_agreed_to_by_itself_and_taken_back_by_itself),
        cmocka_unit_test(of_a_household_that_is_taken_out_only_that_fact_is_left),
        cmocka_unit_test(who_looks_at_the_place_comes_before_who_is_nearer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
