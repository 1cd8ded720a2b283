/* Masks outlive the catalog, and liftings of them outlive no restart, whatever the clock says. */
#include "../catalog/scratch.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "config/masks.h"
#include "unit.h"

static const MaskShape square = {4, {{2000, 2000}, {6000, 2000}, {6000, 6000}, {2000, 6000}}};
static const MaskShape larger = {4, {{1000, 1000}, {6000, 1000}, {6000, 6000}, {1000, 6000}}};

typedef struct Folder {
    char *path, *file;
} Folder;

static Masks *open_with(const Folder *folder, const char *catalog, Catalog **opened)
{
    g_autofree char *path = g_build_filename(folder->path, catalog, NULL);
    *opened = catalog_open(path, NULL);
    assert_non_null(*opened);
    Masks *masks = masks_open(*opened, NULL);
    assert_non_null(masks);
    assert_true(masks_keep_at(masks, folder->file, NULL));
    return masks;
}

static void what_a_new_catalog_does_not_know_is_in_force_again(void **state)
{
    Catalog *catalog;
    const Uuid camera = uuid_new(), by = uuid_new();
    char *path = scratch_new();
    g_autofree char *file = g_build_filename(path, "masks.json", NULL);
    const Folder folder = {path, file};
    Masks *masks = open_with(&folder, "one.db", &catalog);
    g_autoptr(MaskRow) row = masks_draw(masks, &camera, "Cửa sổ", &square, &by, NULL);
    g_autoptr(MaskRow) grown = masks_change(masks, &camera, &row->id, NULL, &larger, NULL);
    g_autoptr(MaskSet) before = masks_over(masks, &camera, 0, 0);
    masks_free(masks);
    catalog_close(catalog);
    masks = open_with(&folder, "two.db", &catalog);
    g_autoptr(MaskSet) after = masks_over(masks, &camera, 0, 0);
    assert_non_null(after);
    assert_true(mask_set_key(after) == mask_set_key(before));
    masks_free(masks);
    catalog_close(catalog);
    masks = open_with(&folder, "two.db", &catalog); /* the catalog knows it now */
    g_autoptr(GPtrArray) rows = masks_of(masks, &camera);
    assert_int_equal(rows->len, 1);
    masks_free(masks);
    catalog_close(catalog);
    scratch_remove(path);
}

/* One lifting runs, one has ended by itself; the server goes down, and the clock goes back. */
static void a_clock_set_a_day_back_while_the_server_is_down_shows_nothing_without_masks(
    void **state)
{
    Catalog *catalog;
    const Uuid camera = uuid_new(), officer = uuid_new(), commander = uuid_new();
    Uuid lifting;
    char *path = scratch_new();
    g_autofree char *file = g_build_filename(path, "masks.json", NULL);
    const Folder folder = {path, file};
    const int64_t now_us = clock_now_us();
    clock_test_set(HOUR_US, now_us);
    Masks *masks = open_with(&folder, "one.db", &catalog);
    g_autoptr(MaskRow) row = masks_draw(masks, &camera, "Cửa sổ", &square, &commander, NULL);
    for (int i = 0; i < 2; i++) {
        g_autoptr(LiftingRow) asked =
            masks_ask_lifting(masks, &camera, "VV-2026-0001", 5, &officer, NULL);
        assert_non_null(asked);
        g_autoptr(LiftingRow) given =
            masks_decide_lifting(masks, &asked->id, true, "", &commander, NULL);
        assert_non_null(given);
        assert_true(masks_lifted(masks, &camera, &officer, &lifting));
        if (i == 0)
            clock_test_set(2 * HOUR_US, now_us + HOUR_US); /* its minutes are over */
    }
    masks_free(masks);
    catalog_close(catalog);
    clock_test_set(2 * HOUR_US, now_us - DAY_US);
    masks = open_with(&folder, "one.db", &catalog);
    assert_false(masks_lifted(masks, &camera, &officer, &lifting));
    g_autoptr(MaskSet) stands = masks_over(masks, &camera, 0, 0);
    assert_non_null(stands);
    g_autoptr(GPtrArray) all = masks_liftings(masks);
    for (guint i = 0; i < all->len; i++)
        assert_int_not_equal(lifting_state(all->pdata[i], clock_now_us()), LIFTING_RUNNING);
    masks_free(masks);
    catalog_close(catalog);
    clock_test_set(-1, -1);
    scratch_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_new_catalog_does_not_know_is_in_force_again),
        cmocka_unit_test(
            a_clock_set_a_day_back_while_the_server_is_down_shows_nothing_without_masks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
