/* The disk is full while a post works: what cannot be kept is refused with its cause, what was
 * answered is there afterwards, and all of it goes on when there is room again. */
#include "base/clock.h"
#include "base/digest.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "base/uuid.h"
#include "disk.h"
#include "judge.h"
#include "office.h"
#include "unit.h"

#include <curl/curl.h>
#include <signal.h>
#include <string.h>

enum { CAMERAS = 2, PIECE_BYTES = 1 << 20, FILM_BYTES = 2 * PIECE_BYTES, NOT_RUN = 77 };
enum { GIVE_MS = 600, FULL_MS = 2000, AGAIN_MS = 9000 };

typedef struct Work {
    World world;
    Disk disk;
    Office office;
    uint8_t *film;
    char *report, *package; /* told; asked for, and not approved yet */
    char *made;             /* a package that is being made when the disk fills up */
    int piece;              /* status of the piece that is on its way then */
    Json *answer;           /* to it */
} Work;

/* ---- the work ---- */

static void begin_film(Work *work)
{
    static const char head[] = "\0\0\0\x20"
                               "ftypisom\0\0\2\0isomiso2avc1mp41";
    Uuid key = uuid_new();
    char text[UUID_TEXT];
    g_autofree char *path = g_strdup_printf("/public/requests/%s/files", work->office.request),
                    *body = g_strdup_printf("{\"size\":%d,\"key\":\"%s\"}", FILM_BYTES,
                                            uuid_text(&key, text));
    work->film = g_malloc0(FILM_BYTES);
    memcpy(work->film, head, sizeof head - 1);
    work->film[FILM_BYTES - 1] = 1;
    json_decref(office_ask(&work->office, NULL, "POST", path, body, 201));
    assert_int_equal(
        office_give(&work->office, "/files/1?offset=0", work->film, PIECE_BYTES, 0, NULL), 200);
}

static void begin(Work *work)
{
    g_autofree char *data = temp_folder();
    disk_start(&work->disk, data);
    world_start_at(&work->world, CAMERAS, NULL, data);
    office_open(&work->office, &work->world, NULL);
    work->report = office_report(&work->office);
    work->package = office_package(&work->office, false);
    work->made = office_package(&work->office, false);
    begin_film(work);
}

static void end(Work *work)
{
    sim_stop(&work->world.sim);
    disk_end(&work->disk);
    office_close(&work->office);
    world_forget(&work->world);
    g_free(work->film);
    g_free(work->report);
    g_free(work->package);
    g_free(work->made);
}

/* ---- while there is no room ---- */

/* 201, 200, or a refusal for want of room; returns whether it was done. */
static bool done_or_told(const Work *work, const char *what, int status, Json *answer)
{
    g_autoptr(Json) owned = answer;
    g_autofree char *text = answer ? json_line(answer) : g_strdup("nothing");
    print_message("%s: %d %s\n", what, status, status < 300 ? "" : text);
    if (status == 200 || status == 201)
        return true;
    assert_int_equal(status, 507);
    assert_null(strstr(text, work->world.data)); /* where it lies concerns nobody */
    assert_true(*text_in(owned, "detail") != '\0');
    assert_string_equal(text_in(owned, "cause_code"), "full");
    return false;
}

static bool try_to(const Work *work, const char *token, const char *path, const char *body,
                   Json **made)
{
    Json *answer = NULL;
    int status = office_try(&work->office, token, "POST", path, body, &answer);
    *made = status == 201 ? json_incref(answer) : NULL;
    return done_or_told(work, path, status, answer);
}

static const Json *film_now(Json **request, const Work *work)
{
    g_autofree char *path = g_strconcat("/public/requests/", work->office.request, NULL);
    *request = office_ask(&work->office, NULL, "GET", path, NULL, 200);
    return json_array_get(json_object_get(*request, "files"), 0);
}

/* ---- the test ---- */

static char *case_body(void)
{
    char at[TIME_TEXT];
    return g_strdup_printf(
        "{\"kind\":\"theft\",\"where\":\"Bản Bua\",\"from\":\"%s\",\"to\":\"%s\"}",
        time_text(clock_wall_us() - MINUTE_US, at), at);
}

static void expect_kept(const Work *work, const char *kind, const Json *made)
{
    g_autofree char *path = g_strdup_printf("/%s/%s", kind, text_in(made, "id"));
    json_decref(office_ask(&work->office, work->office.officer, "GET", path, NULL, 200));
}

static void expect_film_goes_on(const Work *work)
{
    char wanted[SHA256_HEX];
    uint8_t digest[SHA256_BYTES];
    g_autoptr(Json) before = NULL, after = NULL;
    int got = (int)json_integer_value(json_object_get(film_now(&before, work), "got"));
    assert_true(got == PIECE_BYTES || got == FILM_BYTES);
    if (got < FILM_BYTES)
        assert_int_equal(office_give(&work->office, "/files/1?offset=1048576",
                                     work->film + PIECE_BYTES, PIECE_BYTES, 0, NULL),
                         200);
    sha256(work->film, FILM_BYTES, digest);
    hex_encode(digest, sizeof digest, wanted);
    assert_string_equal(text_in(film_now(&after, work), "sha256"), wanted);
}

/* One that is being made when there is no room says so, or is made in the end. */
static void expect_package(const Work *work, const char *id)
{
    g_autofree char *path = g_strconcat("/packages/", id, NULL);
    g_autoptr(Json) now = office_ask(&work->office, work->office.officer, "GET", path, NULL, 200);
    print_message("a package: %s %s\n", text_in(now, "state"), text_in(now, "error"));
    if (strcmp(text_in(now, "state"), "failed") == 0)
        assert_string_equal(text_in(now, "error"), "no-room");
    else
        json_decref(office_wait(&work->office, id, "done"));
}

static void *give_slowly(void *data)
{
    Work *work = data;
    work->piece = office_give(&work->office, "/files/1?offset=1048576", work->film + PIECE_BYTES,
                              PIECE_BYTES, GIVE_MS, &work->answer);
    return NULL;
}

static void a_full_disk_is_told_to_who_works_and_takes_nothing_that_was_saved(void **state)
{
    Work work = {0};
    Json *answer = NULL;
    g_autoptr(Json) told = NULL, opened = NULL;
    begin(&work);
    const Office *office = &work.office;
    g_autofree char *body = case_body();
    g_autofree char *approval = g_strdup_printf("/packages/%s/approval", work.package),
                    *erasure = g_strdup_printf("/reports/%s/erasure", work.report),
                    *report = g_strconcat("/reports/", work.report, NULL);
    int64_t from_us = clock_wall_us();
    GThread *giving = g_thread_new("piece", give_slowly, &work);
    office_approve(office, work.made);
    sleep_ms(GIVE_MS / 3);
    disk_is(&work.disk, "full");
    bool all = try_to(&work, office->officer, "/cases", body, &opened);
    bool approved = try_to(&work, office->commander, approval, "{\"approve\":true}", &answer);
    bool erased = try_to(&work, office->commander, erasure, "{}", &answer);
    g_thread_join(giving);
    all = all && approved && erased;
    all = done_or_told(&work, "a piece on its way", work.piece, work.answer) && all;
    int piece_after = office_give(office, "/files/1?offset=1048576", work.film + PIECE_BYTES,
                                  PIECE_BYTES, 0, &answer);
    all = done_or_told(&work, "a piece", piece_after, answer) && all;
    assert_false(all);
    sleep_ms(FULL_MS);
    json_decref(office_ask(office, office->officer, "GET", report, NULL, 200));
    disk_is(&work.disk, "well");
    world_note(&work.world, FAULT_FULL, -1, from_us);
    sleep_ms(AGAIN_MS);
    world_wait_recorded(&work.world);
    if (opened)
        expect_kept(&work, "cases", opened);
    g_autoptr(Json) left = office_ask(office, office->officer, "GET", report, NULL, 200);
    assert_int_equal(strcmp(text_in(left, "erased"), "all") == 0, erased);
    expect_film_goes_on(&work);
    expect_package(&work, work.made);
    if (!approved)
        office_approve(office, work.package);
    expect_package(&work, work.package);
    assert_true(try_to(&work, office->officer, "/cases", body, &told));
    judge_promises_kept(&work.world);
    end(&work);
}

int main(void)
{
    const char *why;
    if (!disk_possible(&why)) {
        print_error("NOT RUN: no full disk was tried, because %s\n", why);
        return NOT_RUN;
    }
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_told_to_who_works_and_takes_nothing_that_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
