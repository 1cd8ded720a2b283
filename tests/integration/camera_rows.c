#include "camera_rows.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "unit.h"

#include <curl/curl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MOST = 48,
    RECORDED_US = 10 * 1000 * 1000,
    LOOK_AGAIN_MS = 50,
    STOPPING_US = 150 * 1000, /* what is sent while the server stops may be lost */
    TIME_OFF_US = 50 * 1000,  /* of most pictures */
    MOST_OF_A_HUNDRED = 95,
};

static struct {
    const CameraRow *rows;
    size_t count;
    int run_ms;
    void (*halfway)(void);
    Server server;
    Api api;
    char *data;
    int64_t stopped_us;
    ScriptedCamera *cameras[ROWS_MOST];
    char *ids[ROWS_MOST];
    Json *statuses[ROWS_MOST], *coverages[ROWS_MOST];
} world;

ScriptedCamera *camera_rows_camera(const char *name)
{
    for (size_t i = 0; i < world.count; i++)
        if (g_str_equal(world.rows[i].name, name))
            return world.cameras[i];
    g_error("there is no row ‘%s’", name);
}

/* ---- before and after ---- */

/* One that is never recorded fails in its own test. */
static void wait_recorded(size_t at, int64_t until_us)
{
    bool recorded = false;
    while (!recorded && clock_mono_us() < until_us) {
        g_autoptr(Json) status = api_camera_status(&world.api, world.ids[at]);
        recorded = json_is_true(json_object_get(status, "recording"));
        if (!recorded)
            sleep_ms(LOOK_AGAIN_MS);
    }
}

static void run_all(void)
{
    int64_t began_us = clock_mono_us();
    for (size_t i = 0; i < world.count; i++) {
        const CameraRow *row = &world.rows[i];
        world.cameras[i] = scripted_camera_new(row->name, &row->script);
        world.ids[i] = api_add_camera(&world.api, row->name, scripted_camera_url(world.cameras[i]),
                                      NULL, NULL);
    }
    for (size_t i = 0; i < world.count; i++)
        wait_recorded(i, began_us + RECORDED_US);
    sleep_ms(world.run_ms / 2);
    if (world.halfway)
        world.halfway();
    sleep_ms(world.run_ms / 2);
    for (size_t i = 0; i < world.count; i++) {
        world.statuses[i] = api_camera_status(&world.api, world.ids[i]);
        world.coverages[i] = api_coverage(&world.api, world.ids[i]);
    }
    world.stopped_us = clock_wall_us();
}

static int set_up(void **state)
{
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    world.data = temp_folder();
    world.server = server_start(world.data);
    world.api = api_open(&world.server);
    run_all();
    return server_stop(&world.server, SIGTERM);
}

static int tear_down(void **state)
{
    for (size_t i = 0; i < world.count; i++) {
        scripted_camera_free(world.cameras[i]);
        g_free(world.ids[i]);
        json_decref(world.statuses[i]);
        json_decref(world.coverages[i]);
    }
    api_close(&world.api);
    remove_tree(world.data);
    g_free(world.data);
    return 0;
}

/* ---- one row ---- */

static const Picture *picture_at(const Footage *footage, guint index)
{
    return &g_array_index(footage->pictures, Picture, index);
}

/* As footage_assert_in_order(), but a row that fails leaves the others to be looked at. */
static void assert_marks(const CameraRow *row, const Footage *footage)
{
    bool whole = row->lost_most == 0 && row->connections <= 1; /* what is held back, too */
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = picture_at(footage, i);
        if (!g_str_equal(picture->camera, row->name))
            fail_msg("picture %u of %u has the mark ‘%s’", i, footage->pictures->len,
                     picture->camera);
        if (i && (whole ? picture->number != (picture - 1)->number + 1
                        : picture->number <= (picture - 1)->number))
            fail_msg("picture %u follows %u", (unsigned)picture->number,
                     (unsigned)(picture - 1)->number);
    }
}

static void assert_pictures(const CameraRow *row, size_t at, const Footage *footage)
{
    g_autoptr(Json) sent = scripted_camera_sent(world.cameras[at]);
    if (footage->pictures->len == 0) {
        g_autofree char *status = json_line(world.statuses[at]);
        fail_msg("nothing was recorded: %s", status);
    }
    assert_marks(row, footage);
    int64_t first_lost_us = 0, from_us = picture_at(footage, 0)->sent_us;
    unsigned lost =
        footage_missing(footage, sent, from_us, world.stopped_us - STOPPING_US, &first_lost_us);
    print_message("%u pictures, %u lost, %u files, ", footage->pictures->len, lost,
                  footage->files->len);
    if (lost < row->lost_least || lost > row->lost_most)
        fail_msg("%u pictures of %zu were lost, the first %" G_GINT64_FORMAT " ms after the start",
                 lost, json_array_size(sent), (first_lost_us - from_us) / 1000);
    for (guint i = 0; row->slices && i < footage->pictures->len; i++)
        assert_int_equal(picture_at(footage, i)->slices, row->slices);
}

static int compare(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return first < second ? -1 : first > second;
}

/* When picture 0 was due: pictures are sent in time or late, by a busy machine, never early. */
static int64_t first_due_us(const Footage *footage)
{
    int64_t due_us = INT64_MAX;
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = picture_at(footage, i);
        due_us = MIN(due_us, picture->sent_us - (int64_t)picture->number * SECOND_US / SCRIPT_FPS);
    }
    return due_us;
}

/* How far its time is from when it was due, as its stamp tells, or was sent, as its arrival does.
 */
static int64_t off_us(const CameraRow *row, const Picture *picture, int64_t first_us)
{
    int64_t due_us = first_us + (int64_t)picture->number * SECOND_US / SCRIPT_FPS,
            told_us = picture->capture_us - row->shift_ms * INT64_C(1000);
    return MIN(llabs(told_us - due_us), llabs(told_us - picture->sent_us));
}

static void assert_times(const CameraRow *row, const Footage *footage)
{
    if (row->timed_from >= footage->pictures->len) {
        assert_int_equal(row->timed_from, UNTIMED);
        return;
    }
    g_autoptr(GArray) off = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t first_us = first_due_us(footage);
    for (guint i = row->timed_from; i < footage->pictures->len; i++) {
        int64_t one = off_us(row, picture_at(footage, i), first_us);
        g_array_append_val(off, one);
    }
    g_array_sort(off, compare);
    int64_t most = g_array_index(off, int64_t, (off->len - 1) * MOST_OF_A_HUNDRED / 100);
    print_message("times off by %.1f ms in %d of 100\n", (double)most / 1000, MOST_OF_A_HUNDRED);
    if (most > TIME_OFF_US)
        fail_msg("times are off by %.1f ms", (double)most / 1000);
}

static void assert_gaps(const CameraRow *row, size_t at)
{
    const Json *spans = json_object_get(world.coverages[at], "spans"),
               *gaps = json_object_get(world.coverages[at], "gaps");
    const char *first = text_in(json_array_get(spans, 0), "from");
    unsigned found = 0;
    size_t index;
    Json *gap;
    json_array_foreach(gaps, index, gap)
    {
        if (strcmp(text_in(gap, "from"), first) < 0)
            continue;
        int64_t from_us = 0, to_us = 0;
        assert_true(time_parse(text_in(gap, "from"), &from_us));
        assert_true(time_parse(text_in(gap, "to"), &to_us));
        int ms = (int)((to_us - from_us) / 1000);
        print_message("gap %s of %d ms\n", text_in(gap, "cause"), ms);
        if (g_strcmp0(text_in(gap, "cause"), row->gap) != 0 || ms < row->gap_least_ms ||
            ms > row->gap_most_ms)
            fail_msg("a gap as %s of %d ms", text_in(gap, "cause"), ms);
        found++;
    }
    assert_int_equal(found, row->gap != NULL);
}

static void assert_notes(const CameraRow *row, const Json *stream)
{
    const Json *notes = json_object_get(stream, "notes");
    g_autofree char *text = json_line(notes);
    if (!row->note) {
        assert_string_equal(text, "[]");
        return;
    }
    bool found = false;
    size_t index;
    Json *note;
    json_array_foreach(notes, index, note) found |=
        g_str_has_prefix(json_string_value(note), row->note);
    if (!found)
        fail_msg("the notes are %s", text);
}

static void assert_row(void **state)
{
    const CameraRow *row = *state;
    size_t at = (size_t)(row - world.rows);
    const Json *stream = json_object_get(world.statuses[at], "main");
    g_auto(Footage) footage = footage_read(world.data, world.ids[at]);
    assert_pictures(row, at, &footage);
    assert_times(row, &footage);
    assert_gaps(row, at);
    assert_notes(row, stream);
    unsigned least = MAX(row->files_least, 1u);
    assert_in_range(footage.files->len, least, least + 1);
    assert_int_equal(scripted_camera_connections(world.cameras[at]), MAX(row->connections, 1u));
    if (row->member)
        assert_in_range(json_integer_value(json_object_get(stream, row->member)), row->least,
                        row->most);
}

static void all_footage_verifies(void **state)
{
    footage_assert_verifies(world.data);
}

int camera_rows_run(const char *group, const CameraRow *rows, size_t count, int run_ms,
                    void (*halfway)(void))
{
    struct CMUnitTest tests[ROWS_MOST + 1] = {0};
    g_assert(count <= ROWS_MOST);
    world.rows = rows;
    world.count = count;
    world.run_ms = run_ms;
    world.halfway = halfway;
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].title, .test_func = assert_row, .initial_state = (void *)&rows[i]};
    tests[count] = (struct CMUnitTest)cmocka_unit_test(all_footage_verifies);
    return _cmocka_run_group_tests(group, tests, count + 1, set_up, tear_down);
}
