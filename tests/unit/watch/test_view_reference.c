#include "drawn_view.h"
#include "unit.h"
#include "watch/view_reference.h"

#include <string.h>

static ViewLight light_of(int dx, int64_t seen_us)
{
    uint8_t pixels[DRAWN_AREA];
    ViewSketch sketch;
    ViewLight light;
    draw_street(dx, 0, pixels);
    const LumaPicture picture = drawn_picture(pixels, seen_us);
    assert_true(view_sketch_make(&picture, &sketch));
    view_light_start(&light, &sketch, seen_us);
    return light;
}

static void a_reference_comes_back_from_its_file_with_its_edges(void **state)
{
    static ViewReference before, after;
    const ViewLight day = light_of(0, 1000), night = light_of(200, 2000);
    view_reference_add(&before, &day);
    view_reference_add(&before, &night);
    g_auto(ByteWriter) file = {0};
    view_reference_write(&before, &file);
    assert_in_range(file.size, 1, VIEW_FILE_MOST_BYTES);
    assert_true(view_reference_read(file.data, file.size, &after));
    assert_int_equal(after.count, 2);
    assert_int_equal(after.lights[1].seen_us, 2000);
    assert_memory_equal(after.lights[0].sharp, before.lights[0].sharp, VIEW_CELLS);
    for (int light = 0; light < 2; light++) {
        CellFate fates[VIEW_CELLS];
        int kept = 0, structured = view_edges_fates(&before.lights[light].edges,
                                                    &after.lights[light].edges, fates);
        for (int i = 0; i < VIEW_CELLS; i++)
            kept += fates[i] == CELL_KEPT;
        assert_true(structured > 200);
        assert_in_range(kept, structured - 3, structured); /* the file rounds */
    }
}

static void a_file_cut_short_or_prolonged_or_of_another_kind_is_refused(void **state)
{
    static ViewReference before, after;
    const ViewLight day = light_of(0, 1000);
    view_reference_add(&before, &day);
    g_auto(ByteWriter) file = {0};
    view_reference_write(&before, &file);
    for (size_t size = 0; size < file.size; size += 97)
        assert_false(view_reference_read(file.data, size, &after));
    write_u8(&file, 0);
    assert_false(view_reference_read(file.data, file.size, &after));
    file.data[4] = VIEW_LIGHTS + 1;
    assert_false(view_reference_read(file.data, file.size - 1, &after));
    file.data[0] = 'X';
    assert_false(view_reference_read(file.data, file.size - 1, &after));
}

static void a_new_light_takes_the_place_of_the_one_seen_longest_ago(void **state)
{
    static ViewReference reference;
    const int64_t seen[] = {30, 10, 20, 40};
    for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
        const ViewLight light = light_of((int)i * 50, seen[i]);
        assert_int_equal(view_reference_add(&reference, &light), i < VIEW_LIGHTS ? (int)i : 1);
    }
    assert_int_equal(reference.count, VIEW_LIGHTS);
    assert_int_equal(reference.lights[1].seen_us, 40);
}

static void a_shifted_view_is_found_where_it_went(void **state)
{
    const ViewLight was = light_of(0, 1), is = light_of(100, 1), other = light_of(3000, 1);
    const ViewShift shift = view_edges_search(&was.edges, &is.edges);
    assert_true(shift.found);
    assert_int_equal(shift.dx, -25); /* 100 of 640 px */
    assert_int_equal(shift.dy, 0);
    assert_false(view_edges_search(&was.edges, &other.edges).found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_comes_back_from_its_file_with_its_edges),
        cmocka_unit_test(a_file_cut_short_or_prolonged_or_of_another_kind_is_refused),
        cmocka_unit_test(a_new_light_takes_the_place_of_the_one_seen_longest_ago),
        cmocka_unit_test(a_shifted_view_is_found_where_it_went),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
