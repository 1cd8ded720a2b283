/* The journal of events, on a real catalog and real files. */
#include "base/file.h"
#include "base/time_text.h"
#include "catalog/cameras.h"
#include "catalog/care.h"
#include "event/journal.h"

#include "../catalog/scratch.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define T0 (INT64_C(1795000000) * SECOND_US)

typedef struct Fixture {
    char *folder, *path, *pictures;
    Catalog *catalog;
    Events *events;
    Uuid camera, other;
} Fixture;

static bool put_camera(CatalogDb *db, void *data, GError **error)
{
    char name[UUID_TEXT];
    uuid_text(data, name);
    CameraRow row = {.id = *(Uuid *)data,
                     .name = name,
                     .owner = (char *)"commune",
                     .url = (char *)"rtsp://a/",
                     .created_us = 1};
    return cameras_put(db, &row, error);
}

static void open_parts(Fixture *f)
{
    f->catalog = catalog_open(f->path, NULL);
    assert_non_null(f->catalog);
    f->events = events_open(f->catalog, f->pictures, 0, NULL);
    assert_non_null(f->events);
}

static void close_parts(Fixture *f)
{
    events_close(f->events);
    catalog_close(f->catalog);
}

static int setup(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    f->folder = scratch_new();
    f->path = g_build_filename(f->folder, "catalog.db", NULL);
    f->pictures = g_build_filename(f->folder, "events", NULL);
    f->camera = uuid_of(1);
    f->other = uuid_of(2);
    open_parts(f);
    assert_true(catalog_write_wait(f->catalog, put_camera, &f->camera, NULL));
    assert_true(catalog_write_wait(f->catalog, put_camera, &f->other, NULL));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    close_parts(f);
    scratch_remove(f->folder);
    g_free(f->path);
    g_free(f->pictures);
    g_free(f);
    return 0;
}

static bool nothing(CatalogDb *db, void *data, GError **error)
{
    return true;
}

/* Writes handed over before are in the catalog when this returns. */
static void settle(Fixture *f)
{
    assert_true(catalog_write_wait(f->catalog, nothing, NULL, NULL));
}

static GPtrArray *list(Fixture *f, const EventQuery *query)
{
    settle(f);
    GPtrArray *rows = events_list(f->events, query, NULL);
    assert_non_null(rows);
    return rows;
}

static void an_event_is_found_while_it_goes_on_and_after_it_ended(void **state)
{
    Fixture *f = *state;
    Uuid id = events_begin(f->events, &f->camera, EVENT_NOT_RECORDED, T0, "no route to 10.1.1.1");
    EventQuery later = {.from_us = T0 + HOUR_US, .to_us = T0 + 2 * HOUR_US, .limit = 10};
    g_autoptr(GPtrArray) going = list(f, &later);
    assert_int_equal(going->len, 1);
    const EventRow *row = going->pdata[0];
    assert_true(row->open);
    assert_string_equal(row->kind, "not-recorded");
    assert_string_equal(row->detail, "no route to 10.1.1.1");
    assert_true(uuid_equal(&row->camera, &f->camera));

    events_end(f->events, &id, T0 + MINUTE_US);
    g_autoptr(GPtrArray) after = list(f, &later);
    assert_int_equal(after->len, 0);
    EventQuery then = {.from_us = T0 + SECOND_US, .to_us = T0 + 2 * SECOND_US, .limit = 10};
    g_autoptr(GPtrArray) during = list(f, &then);
    assert_int_equal(during->len, 1);
    row = during->pdata[0];
    assert_false(row->open);
    assert_int_equal(row->to_us, T0 + MINUTE_US);
}

static void lists_are_of_the_camera_and_the_kind_that_are_asked_for(void **state)
{
    Fixture *f = *state;
    events_begin(f->events, &f->camera, EVENT_MOTION, T0, NULL);
    events_begin(f->events, &f->camera, EVENT_COVERED, T0 + 1, NULL);
    events_begin(f->events, &f->other, EVENT_MOTION, T0 + 2, NULL);
    events_begin(f->events, NULL, EVENT_STORAGE, T0 + 3, "the disk is full");
    EventQuery all = {.to_us = INT64_MAX, .limit = 10};
    EventQuery camera = {.to_us = INT64_MAX, .limit = 10, .camera = &f->camera};
    EventQuery kind = {.to_us = INT64_MAX, .limit = 10, .kind = "motion"};
    EventQuery both = {.to_us = INT64_MAX, .limit = 10, .camera = &f->camera, .kind = "motion"};
    g_autoptr(GPtrArray) a = list(f, &all), b = list(f, &camera), c = list(f, &kind),
                         d = list(f, &both);
    assert_int_equal(a->len, 4);
    assert_true(uuid_is_nil(&((EventRow *)a->pdata[0])->camera));
    assert_int_equal(b->len, 2);
    assert_int_equal(c->len, 2);
    assert_int_equal(d->len, 1);
}

static void pages_tell_each_event_once_newest_first(void **state)
{
    Fixture *f = *state;
    enum { EVENTS = 25, PAGE = 4 };
    for (int i = 0; i < EVENTS; i++) /* three at a time begin together */
        events_begin(f->events, i % 2 ? &f->camera : &f->other, EVENT_MOTION,
                     T0 + i / 3 * SECOND_US, NULL);
    EventQuery query = {.to_us = INT64_MAX, .limit = PAGE};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(uuid_hash, uuid_equal_keys, g_free, NULL);
    int64_t before_us = INT64_MAX;
    for (;;) {
        g_autoptr(GPtrArray) rows = list(f, &query);
        if (rows->len == 0)
            break;
        for (guint i = 0; i < rows->len; i++) {
            const EventRow *row = rows->pdata[i];
            assert_true(row->from_us <= before_us);
            before_us = row->from_us;
            assert_true(g_hash_table_add(seen, g_memdup2(&row->id, sizeof row->id)));
            query.before_us = row->from_us;
            query.before_ref = row->ref;
        }
    }
    assert_int_equal(g_hash_table_size(seen), EVENTS);
}

typedef struct Heard {
    unsigned begins, ends;
    Event last;
    char detail[40];
} Heard;

static void hear(void *data, const Event *event)
{
    Heard *heard = data;
    heard->begins += event->to_us == 0;
    heard->ends += event->to_us != 0;
    heard->last = *event;
    g_strlcpy(heard->detail, event->detail, sizeof heard->detail);
}

static void listeners_hear_the_beginning_and_the_end_once(void **state)
{
    Fixture *f = *state;
    Heard heard = {0};
    events_listen(f->events, hear, &heard);
    Uuid id = events_begin(f->events, &f->camera, EVENT_BLACK, T0, "dark");
    assert_int_equal(heard.begins, 1);
    assert_int_equal(heard.last.kind, EVENT_BLACK);
    assert_true(uuid_equal(&heard.last.id, &id));
    assert_string_equal(heard.detail, "dark");
    events_end(f->events, &id, T0 + SECOND_US);
    events_end(f->events, &id, T0 + 2 * SECOND_US);
    assert_int_equal(heard.begins, 1);
    assert_int_equal(heard.ends, 1);
    assert_int_equal(heard.last.to_us, T0 + SECOND_US);
    g_autoptr(GPtrArray) now = events_now(f->events);
    assert_int_equal(now->len, 0);
}

static void what_a_crash_left_open_ends_when_the_server_was_last_known_to_run(void **state)
{
    Fixture *f = *state;
    int64_t alive_us = T0 + 5 * MINUTE_US;
    g_autofree char *crashed = g_strconcat(f->path, ".crashed", NULL);
    Uuid id = events_begin(f->events, &f->camera, EVENT_FROZEN, T0, NULL);
    settle(f);
    g_autofree char *copy = NULL;
    assert_true(catalog_backup(f->path, f->folder, T0, NULL, NULL, &copy, NULL));
    assert_int_equal(rename(copy, crashed), 0);

    Catalog *catalog = catalog_open(crashed, NULL);
    Events *events = events_open(catalog, f->pictures, alive_us, NULL);
    g_autoptr(EventRow) row = events_get(events, &id, NULL);
    assert_non_null(row);
    assert_false(row->open);
    assert_int_equal(row->to_us, alive_us);
    events_close(events);
    catalog_close(catalog);
}

static void what_goes_on_at_a_clean_stop_ends_with_it(void **state)
{
    Fixture *f = *state;
    int64_t begin_us = clock_now_us() - MINUTE_US;
    Uuid id = events_begin(f->events, &f->camera, EVENT_FROZEN, begin_us, NULL);
    close_parts(f);
    int64_t stopped_us = clock_now_us();
    open_parts(f);
    g_autoptr(EventRow) row = events_get(f->events, &id, NULL);
    assert_false(row->open);
    assert_in_range(row->to_us, begin_us + MINUTE_US, stopped_us);
}

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xd9};

static EventRow *wait_picture(Fixture *f, const Uuid *id)
{
    for (int i = 0; i < 500; i++) {
        EventRow *row = events_get(f->events, id, NULL);
        if (row && row->picture_bytes)
            return row;
        event_row_free(row);
        g_usleep(10000);
    }
    fail_msg("no picture within 5 s");
    return NULL;
}

static void a_picture_is_kept_and_given_back(void **state)
{
    Fixture *f = *state;
    size_t bytes;
    Uuid id = events_begin(f->events, &f->camera, EVENT_MOVED, T0, NULL);
    events_picture(f->events, &id, jpeg, sizeof jpeg);
    g_autoptr(EventRow) row = wait_picture(f, &id);
    g_autofree char *read = events_picture_read(f->events, row, &bytes, NULL);
    assert_int_equal(bytes, sizeof jpeg);
    assert_memory_equal(read, jpeg, sizeof jpeg);
}

static void a_picture_without_measure_is_left_out(void **state)
{
    Fixture *f = *state;
    enum { HUGE_BYTES = EVENT_PICTURE_MOST_BYTES + 1 };
    g_autofree uint8_t *huge = g_malloc0(HUGE_BYTES);
    Uuid large = events_begin(f->events, &f->camera, EVENT_MOVED, T0, NULL);
    events_picture(f->events, &large, huge, HUGE_BYTES);
    Uuid small = events_begin(f->events, &f->camera, EVENT_MOVED, T0 + 1, NULL);
    events_picture(f->events, &small, jpeg, sizeof jpeg); /* written after the one before */
    event_row_free(wait_picture(f, &small));
    g_autoptr(EventRow) row = events_get(f->events, &large, NULL);
    g_autoptr(GError) error = NULL;
    size_t bytes;
    assert_int_equal(row->picture_bytes, 0);
    assert_null(events_picture_read(f->events, row, &bytes, &error));
    assert_true(g_error_matches(error, ERR, ERR_NOT_FOUND));
}

static void after_the_time_they_are_kept_events_and_pictures_are_gone(void **state)
{
    Fixture *f = *state;
    char old_day[DAY_TEXT], new_day[DAY_TEXT];
    int64_t new_us = T0 + EVENTS_KEEP_US;
    Uuid old = events_begin(f->events, &f->camera, EVENT_MOVED, T0, NULL);
    Uuid new = events_begin(f->events, &f->camera, EVENT_MOVED, new_us, NULL);
    events_picture(f->events, &old, jpeg, sizeof jpeg);
    events_picture(f->events, &new, jpeg, sizeof jpeg);
    event_row_free(wait_picture(f, &old));
    event_row_free(wait_picture(f, &new));
    Uuid open = events_begin(f->events, &f->camera, EVENT_FROZEN, T0, NULL);
    events_end(f->events, &old, T0 + SECOND_US);
    events_end(f->events, &new, new_us + SECOND_US);
    assert_true(events_tidy(f->events, T0 + EVENTS_KEEP_US + 2 * DAY_US, NULL));
    assert_null(events_get(f->events, &old, NULL));
    g_autoptr(EventRow) kept = events_get(f->events, &new, NULL);
    g_autoptr(EventRow) going = events_get(f->events, &open, NULL);
    assert_non_null(kept);
    assert_non_null(going);
    g_autofree char *gone = g_build_filename(f->pictures, day_text(T0, old_day), NULL);
    g_autofree char *there = g_build_filename(f->pictures, day_text(new_us, new_day), NULL);
    assert_int_not_equal(access(gone, F_OK), 0);
    assert_int_equal(access(there, F_OK), 0);
}

/* Another camera has a rule of its own, of ten days. */
static bool put_rule(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(CameraRow) row = cameras_get(db, data, error);
    if (!row)
        return false;
    row->retention_days = 10;
    return cameras_put(db, row, error);
}

static bool has_picture(Fixture *f, const Uuid *id)
{
    char day[DAY_TEXT], text[UUID_TEXT];
    g_autofree char *file =
        g_strdup_printf("%s/%s/%s.jpg", f->pictures, day_text(T0, day), uuid_text(id, text));
    g_autoptr(EventRow) row = events_get(f->events, id, NULL);
    assert_int_equal(row->picture_bytes > 0, access(file, F_OK) == 0);
    return row->picture_bytes > 0;
}

static void a_picture_is_kept_no_longer_than_the_footage_of_its_camera(void **state)
{
    Fixture *f = *state;
    assert_true(catalog_write_wait(f->catalog, put_rule, &f->other, NULL));
    Uuid usual = events_begin(f->events, &f->camera, EVENT_MOVED, T0, NULL);
    Uuid ruled = events_begin(f->events, &f->other, EVENT_MOVED, T0, NULL);
    events_picture(f->events, &usual, jpeg, sizeof jpeg);
    events_picture(f->events, &ruled, jpeg, sizeof jpeg);
    event_row_free(wait_picture(f, &usual));
    event_row_free(wait_picture(f, &ruled));
    events_keep_pictures(f->events, 7);
    assert_true(events_tidy(f->events, T0 + 7 * DAY_US, NULL));
    assert_true(has_picture(f, &usual) && has_picture(f, &ruled));
    assert_true(events_tidy(f->events, T0 + 8 * DAY_US, NULL));
    assert_false(has_picture(f, &usual));
    assert_true(has_picture(f, &ruled));
    assert_true(events_tidy(f->events, T0 + 11 * DAY_US, NULL));
    assert_false(has_picture(f, &ruled));
}

static bool swell(CatalogDb *db, void *data, GError **error)
{
    return event_rows_picture(db, data, EVENT_PICTURES_MOST_BYTES - 1, error);
}

static void over_their_bound_the_oldest_pictures_go_first(void **state)
{
    Fixture *f = *state;
    size_t bytes;
    Uuid old = events_begin(f->events, &f->camera, EVENT_MOVED, T0, NULL);
    Uuid new = events_begin(f->events, &f->camera, EVENT_MOVED, T0 + SECOND_US, NULL);
    events_picture(f->events, &old, jpeg, sizeof jpeg);
    events_picture(f->events, &new, jpeg, sizeof jpeg);
    event_row_free(wait_picture(f, &old));
    event_row_free(wait_picture(f, &new));
    assert_true(catalog_write_wait(f->catalog, swell, &new, NULL)); /* leaves room for one byte */
    assert_true(events_tidy(f->events, T0 + DAY_US, NULL));
    g_autoptr(EventRow) first = events_get(f->events, &old, NULL);
    g_autoptr(EventRow) second = events_get(f->events, &new, NULL);
    g_autofree char *read = events_picture_read(f->events, second, &bytes, NULL);
    assert_int_equal(first->picture_bytes, 0);
    assert_non_null(read);
    char day[DAY_TEXT], id[UUID_TEXT];
    g_autofree char *file =
        g_strdup_printf("%s/%s/%s.jpg", f->pictures, day_text(T0, day), uuid_text(&old, id));
    assert_int_not_equal(access(file, F_OK), 0);
}

static void a_copy_of_the_catalog_holds_the_events(void **state)
{
    Fixture *f = *state;
    g_autofree char *copy = NULL;
    Uuid id = events_begin(f->events, &f->camera, EVENT_TAMPER, T0, NULL);
    settle(f);
    assert_true(catalog_backup(f->path, f->folder, T0, NULL, NULL, &copy, NULL));
    Catalog *catalog = catalog_open(copy, NULL);
    g_autoptr(CatalogDb) db = catalog_read(catalog, NULL);
    g_autoptr(EventRow) row = event_rows_get(db, &id, NULL);
    assert_non_null(row);
    g_clear_pointer(&db, catalog_read_end);
    catalog_close(catalog);
}

/* ---- trouble of the catalog ---- */

/* As a full disk does: nothing can be written. */
static void fill_disk(bool full)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static EventRow *wait_event(Fixture *f, const Uuid *id)
{
    EventRow *row = NULL;
    for (int i = 0; i < 1000 && !row; i++) {
        row = events_get(f->events, id, NULL);
        g_usleep(10000);
    }
    assert_non_null(row);
    return row;
}

static void what_happens_while_the_disk_is_full_is_written_when_there_is_room(void **state)
{
    Fixture *f = *state;
    Uuid before = events_begin(f->events, &f->camera, EVENT_FROZEN, T0, NULL);
    settle(f);
    fill_disk(true);
    Uuid over = events_begin(f->events, &f->camera, EVENT_MOTION, T0 + SECOND_US, "gate");
    events_end(f->events, &over, T0 + 3 * SECOND_US);
    Uuid going = events_begin(f->events, NULL, EVENT_STORAGE, T0 + 2 * SECOND_US, NULL);
    events_end(f->events, &before, T0 + 4 * SECOND_US);
    assert_false(catalog_write_wait(f->catalog, put_camera, &f->camera, NULL));
    assert_null(events_get(f->events, &over, NULL));
    fill_disk(false);
    g_autoptr(EventRow) first = wait_event(f, &over);
    assert_false(first->open);
    assert_int_equal(first->from_us, T0 + SECOND_US);
    assert_int_equal(first->to_us, T0 + 3 * SECOND_US);
    assert_string_equal(first->detail, "gate");
    g_autoptr(EventRow) second = events_get(f->events, &going, NULL);
    assert_true(second->open);
    g_autoptr(EventRow) third = events_get(f->events, &before, NULL);
    assert_false(third->open);
    assert_int_equal(third->to_us, T0 + 4 * SECOND_US);
}

static void what_goes_on_is_in_a_catalog_that_is_made_anew(void **state)
{
    Fixture *f = *state;
    const CatalogSource source = {put_camera, &f->camera};
    close_parts(f);
    f->catalog = catalog_open(f->path, NULL);
    catalog_mend_from(f->catalog, &source, 1);
    f->events = events_open(f->catalog, f->pictures, 0, NULL);
    Uuid ended = events_begin(f->events, &f->camera, EVENT_FROZEN, T0, "still");
    Uuid going = events_begin(f->events, &f->camera, EVENT_NOT_RECORDED, T0, NULL);
    settle(f);
    assert_int_equal(unlink(f->path), 0);
    settle(f); /* finds it gone, and makes it anew */
    assert_null(events_get(f->events, &going, NULL));
    events_end(f->events, &ended, T0 + SECOND_US);
    event_rows_still_open(f->events); /* done once a minute */
    settle(f);
    g_autoptr(EventRow) first = events_get(f->events, &ended, NULL);
    g_autoptr(EventRow) second = events_get(f->events, &going, NULL);
    assert_non_null(first);
    assert_false(first->open);
    assert_int_equal(first->to_us, T0 + SECOND_US);
    assert_string_equal(first->detail, "still");
    assert_non_null(second);
    assert_true(second->open);
    assert_int_equal(second->from_us, T0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_found_while_it_goes_on_and_after_it_ended),
        TEST(lists_are_of_the_camera_and_the_kind_that_are_asked_for),
        TEST(pages_tell_each_event_once_newest_first),
        TEST(listeners_hear_the_beginning_and_the_end_once),
        TEST(what_a_crash_left_open_ends_when_the_server_was_last_known_to_run),
        TEST(what_goes_on_at_a_clean_stop_ends_with_it),
        TEST(a_picture_is_kept_and_given_back),
        TEST(a_picture_without_measure_is_left_out),
        TEST(after_the_time_they_are_kept_events_and_pictures_are_gone),
        TEST(a_picture_is_kept_no_longer_than_the_footage_of_its_camera),
        TEST(over_their_bound_the_oldest_pictures_go_first),
        TEST(a_copy_of_the_catalog_holds_the_events),
        TEST(what_happens_while_the_disk_is_full_is_written_when_there_is_room),
        TEST(what_goes_on_is_in_a_catalog_that_is_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
