/* The server is killed while a post works: in the middle of erasing, handing over, approving,
 * certifying, and of a household's film. Nothing is half done as people see it, what was answered
 * stands and is in the log, and recording goes on. */
#include "base/clock.h"
#include "base/digest.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "judge.h"
#include "office.h"
#include "unit.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAMERAS = 2,
    KILLS = 5,
    KILLS_LONG = 60,
    MOMENT_MS = 1000, /* from the beginning of a round to its kill */
    WAIT_MS = 15000,
    NOT_RUN = 77,
};
enum { PIECES = 3, PIECE_BYTES = 1 << 20, FILM_BYTES = PIECES * PIECE_BYTES };

/* What is under way when the kill comes. */
typedef struct Round {
    Office *office;
    const char *handed; /* package that is made and may leave */
    char *report, *waiting, *certificate;
    const uint8_t *film;
    int number; /* of the round, from 1 */
    int offset; /* of the piece that comes */
    unsigned links, sticks;
    unsigned *links_told;     /* answered so far, over all rounds */
    int *leads_ms, *statuses; /* of each act */
    char *secret;             /* of the link, if it was told */
} Round;

/* ---- the acts ---- */

static int erase(Round *round)
{
    g_autofree char *path = g_strdup_printf("/reports/%s/erasure", round->report);
    return office_try(round->office, round->office->commander, "POST", path, "{}", NULL);
}

static int hand_by_link(Round *round)
{
    Json *answer = NULL;
    g_autofree char *path = g_strdup_printf("/packages/%s/copies", round->handed);
    int status = office_try(round->office, round->office->officer, "POST", path,
                            "{\"receiver\":\"Viện kiểm sát huyện\",\"medium\":\"link\","
                            "\"link\":{\"days\":1,\"downloads\":1}}",
                            &answer);
    const char *secret = strchr(text_in(answer, "link"), '#');
    round->secret = secret ? g_strdup(secret + 1) : NULL;
    json_decref(answer);
    return status;
}

static int hand_by_stick(Round *round)
{
    g_autofree char *path = g_strdup_printf("/packages/%s/usb", round->handed);
    return office_try(round->office, round->office->officer, "POST", path,
                      "{\"volume\":\"stick\",\"receiver\":\"Công an huyện\"}", NULL);
}

static int approve(Round *round)
{
    g_autofree char *path = g_strdup_printf("/packages/%s/approval", round->waiting);
    return office_try(round->office, round->office->commander, "POST", path, "{\"approve\":true}",
                      NULL);
}

static int certify(Round *round)
{
    g_autofree char *path = g_strdup_printf("/packages/%s/approval", round->certificate);
    return office_try(round->office, round->office->commander, "POST", path, "{\"approve\":true}",
                      NULL);
}

static int give_piece(Round *round)
{
    g_autofree char *path = g_strdup_printf("/files/%d?offset=%d", round->number, round->offset);
    return office_give(round->office, path, round->film + round->offset, PIECE_BYTES, 100, NULL);
}

typedef enum ActName { ERASE, LINK, STICK, APPROVE, CERTIFY, PIECE, ACTS } ActName;

static const struct {
    int (*run)(Round *round);
    int lead_ms; /* so long before the kill it begins, at the most */
} acts[ACTS] = {
    [ERASE] = {erase, 150},     [LINK] = {hand_by_link, 150}, [STICK] = {hand_by_stick, 300},
    [APPROVE] = {approve, 150}, [CERTIFY] = {certify, 900},   [PIECE] = {give_piece, 250},
};

typedef struct Acting {
    Round *round;
    ActName act;
    GThread *thread;
} Acting;

static void *run_act(void *data)
{
    Acting *acting = data;
    sleep_ms(MOMENT_MS - acting->round->leads_ms[acting->act]);
    acting->round->statuses[acting->act] = acts[acting->act].run(acting->round);
    return NULL;
}

/* All acts at once, each begun some time before the kill. */
static void act_and_kill(Round *round, World *world)
{
    Acting acting[ACTS];
    for (int i = 0; i < ACTS; i++) {
        acting[i] = (Acting){.round = round, .act = (ActName)i};
        acting[i].thread = g_thread_new("act", run_act, &acting[i]);
    }
    sleep_ms(MOMENT_MS);
    int64_t from_us = clock_wall_us();
    world_stop(world, SIGKILL);
    for (int i = 0; i < ACTS; i++)
        g_thread_join(acting[i].thread);
    world_serve(world);
    world_note(world, FAULT_KILL, -1, from_us);
}

/* ---- before ---- */

static void begin_film(Round *round)
{
    Uuid key = uuid_new();
    char text[UUID_TEXT];
    g_autofree char *path = g_strdup_printf("/public/requests/%s/files", round->office->request),
                    *body = g_strdup_printf("{\"size\":%d,\"key\":\"%s\"}", FILM_BYTES,
                                            uuid_text(&key, text)),
                    *first = g_strdup_printf("/files/%d?offset=0", round->number);
    g_autoptr(Json) begun = office_ask(round->office, NULL, "POST", path, body, 201);
    assert_int_equal(json_integer_value(json_object_get(begun, "n")), round->number);
    assert_int_equal(office_give(round->office, first, round->film, PIECE_BYTES, 0, NULL), 200);
    round->offset = PIECE_BYTES;
}

static unsigned copies_by(const Json *package, const char *medium)
{
    size_t index;
    Json *copy;
    unsigned count = 0;
    json_array_foreach(json_object_get(package, "copies"), index, copy)
    {
        assert_int_equal(json_integer_value(json_object_get(copy, "n")), index + 1);
        assert_true(*text_in(copy, "receiver") != '\0');
        count += strcmp(text_in(copy, "medium"), medium) == 0 ? 1 : 0;
    }
    return count;
}

static Json *look_at(const Round *round, const char *kind, const char *id)
{
    g_autofree char *path = g_strdup_printf("/%s/%s", kind, id);
    return office_ask(round->office, round->office->officer, "GET", path, NULL, 200);
}

static void prepare(Round *round)
{
    g_autoptr(Json) handed = look_at(round, "packages", round->handed);
    round->report = office_report(round->office);
    round->waiting = office_package(round->office, false);
    round->certificate = office_package(round->office, true);
    round->links = copies_by(handed, "link");
    round->sticks = copies_by(handed, "usb");
    begin_film(round);
}

/* ---- after ---- */

/* What was answered stands once in the log, what was not at most so often. */
static void expect_audited(const Round *round, ActName act, int answered, const char *action,
                           const char *object)
{
    unsigned count = office_audited(round->office, action, object);
    if (count > 1 || (round->statuses[act] == answered && count != 1))
        fail_msg("%s is %u times in the log, and its answer was %d", action, count,
                 round->statuses[act]);
}

static void report_is_erased_or_whole(const Round *round)
{
    g_autoptr(Json) report = look_at(round, "reports", round->report);
    g_autofree char *text = json_line(report),
                    *folder = g_build_filename(round->office->world->data, "reports", round->report,
                                               NULL),
                    *picture = g_strdup_printf("/reports/%s/attachments/1", round->report);
    bool erased = strcmp(text_in(report, "erased"), "all") == 0;
    assert_true(erased || round->statuses[ERASE] == 0);
    assert_int_equal(g_file_test(folder, G_FILE_TEST_EXISTS), !erased);
    assert_int_equal(strstr(text, "Đánh nhau") != NULL, !erased);
    assert_int_equal(office_try(round->office, round->office->officer, "GET", picture, NULL, NULL),
                     erased ? 404 : 200);
    expect_audited(round, ERASE, 200, "report-erase", round->report);
}

static void link_is_recorded_and_leads_there(const Round *round, const Json *handed)
{
    unsigned links = copies_by(handed, "link");
    assert_true(links == round->links || links == round->links + 1);
    if (round->statuses[LINK] == 0)
        return;
    assert_int_equal(round->statuses[LINK], 201);
    assert_int_equal(links, round->links + 1);
    g_autofree char *body =
        g_strdup_printf("{\"secret\":\"%s\",\"download\":false}", round->secret);
    json_decref(office_ask(round->office, NULL, "POST", "/public/handover", body, 200));
}

/* Whatever lies on the stick has its number and its line; nothing half lies there. */
static void stick_has_only_what_is_recorded(const Round *round, const Json *handed)
{
    unsigned sticks = copies_by(handed, "usb"), files = office_on_stick(round->office, ".zip");
    unsigned lines = office_audited(round->office, "package-hand", round->handed);
    assert_true(sticks == round->sticks || sticks == round->sticks + 1);
    if (files > sticks)
        fail_msg("%u files are on the stick, %u copies are recorded", files, sticks);
    *round->links_told += round->statuses[LINK] == 201 ? 1 : 0;
    if (lines < files + *round->links_told)
        fail_msg("%u files are on the stick, %u links were told, %u lines are in the log", files,
                 *round->links_told, lines);
    for (int ms = 0; ms < WAIT_MS && office_on_stick(round->office, ".part") > 0; ms += 50)
        sleep_ms(50);
    assert_int_equal(office_on_stick(round->office, ".part"), 0);
}

static void approval_stands_once_or_not(const Round *round)
{
    g_autofree char *path = g_strdup_printf("/packages/%s/approval", round->waiting);
    g_autoptr(Json) package = look_at(round, "packages", round->waiting);
    bool approved = json_is_true(json_object_get(package, "approved"));
    assert_true(approved || round->statuses[APPROVE] == 0);
    expect_audited(round, APPROVE, 200, "package-approve", round->waiting);
    int again = office_try(round->office, round->office->commander, "POST", path,
                           "{\"approve\":true}", NULL);
    assert_int_equal(again, approved ? 409 : 200);
}

static void certificate_is_made_in_the_end(const Round *round)
{
    g_autoptr(Json) package = look_at(round, "packages", round->certificate);
    if (!json_is_true(json_object_get(package, "approved")))
        office_approve(round->office, round->certificate);
    g_autoptr(Json) made = office_wait(round->office, round->certificate, "done");
    assert_true(*text_in(made, "verdict") != '\0');
    g_autofree char *file = g_strdup_printf("%s/packages/%s.zip", round->office->world->data,
                                            round->certificate),
                    *out = NULL;
    if (run_vonglau(&out, NULL, "verify", file, NULL) != 0)
        fail_msg("%s", out);
}

static const Json *film_in(const Json *request, int number)
{
    size_t index;
    Json *file;
    json_array_foreach(json_object_get(request, "files"), index, file)
    {
        if (json_integer_value(json_object_get(file, "n")) == number)
            return file;
    }
    fail_msg("the film is gone");
    return NULL;
}

/* It goes on behind the last whole piece, and is in the end what the phone has. */
static void film_goes_on_where_it_stopped(const Round *round)
{
    char wanted[SHA256_HEX];
    uint8_t digest[SHA256_BYTES];
    g_autofree char *path = g_strdup_printf("/public/requests/%s", round->office->request);
    g_autoptr(Json) request = office_ask(round->office, NULL, "GET", path, NULL, 200);
    int got = (int)json_integer_value(json_object_get(film_in(request, round->number), "got"));
    assert_true(got == round->offset || got == round->offset + PIECE_BYTES);
    assert_true(got > round->offset || round->statuses[PIECE] == 0);
    for (; got < FILM_BYTES; got += PIECE_BYTES) {
        g_autofree char *piece = g_strdup_printf("/files/%d?offset=%d", round->number, got);
        assert_int_equal(office_give(round->office, piece, round->film + got, PIECE_BYTES, 0, NULL),
                         200);
    }
    g_autoptr(Json) whole = office_ask(round->office, NULL, "GET", path, NULL, 200);
    sha256(round->film, FILM_BYTES, digest);
    hex_encode(digest, sizeof digest, wanted);
    assert_string_equal(text_in(film_in(whole, round->number), "sha256"), wanted);
    g_autofree char *incoming =
        g_build_filename(round->office->world->data, "reports", "incoming", NULL);
    g_autoptr(GDir) left = g_dir_open(incoming, 0, NULL);
    assert_null(left ? g_dir_read_name(left) : NULL);
}

static void look_after(const Round *round)
{
    g_autoptr(Json) handed = look_at(round, "packages", round->handed);
    print_message("round %d: erasure %d, link %d, stick %d, approval %d, certificate %d, piece "
                  "%d\n",
                  round->number, round->statuses[ERASE], round->statuses[LINK],
                  round->statuses[STICK], round->statuses[APPROVE], round->statuses[CERTIFY],
                  round->statuses[PIECE]);
    report_is_erased_or_whole(round);
    link_is_recorded_and_leads_there(round, handed);
    stick_has_only_what_is_recorded(round, handed);
    approval_stands_once_or_not(round);
    certificate_is_made_in_the_end(round);
    film_goes_on_where_it_stopped(round);
}

/* ---- the test ---- */

static uint8_t *make_film(void)
{
    static const char head[] = "\0\0\0\x20"
                               "ftypisom\0\0\2\0isomiso2avc1mp41";
    uint32_t seed = 1;
    uint8_t *film = g_malloc(FILM_BYTES);
    for (int i = 0; i < FILM_BYTES; i++)
        film[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    memcpy(film, head, sizeof head - 1);
    return film;
}

static void run_round(Office *office, const char *handed, const uint8_t *film, int number,
                      unsigned *links_told, GRand *dice)
{
    int leads_ms[ACTS], statuses[ACTS] = {0};
    Round round = {.office = office,
                   .handed = handed,
                   .film = film,
                   .number = number,
                   .links_told = links_told,
                   .leads_ms = leads_ms,
                   .statuses = statuses};
    for (int i = 0; i < ACTS; i++)
        leads_ms[i] = g_rand_int_range(dice, 0, acts[i].lead_ms);
    prepare(&round);
    act_and_kill(&round, office->world);
    look_after(&round);
    world_wait_recorded(office->world);
    g_free(round.report);
    g_free(round.waiting);
    g_free(round.certificate);
    g_free(round.secret);
}

static void a_kill_leaves_nothing_half_done_of_what_a_post_works_on(void **state)
{
    World world;
    Office office;
    unsigned links_told = 0;
    int kills = g_getenv("FAULTS_LONG") ? KILLS_LONG : KILLS;
    guint32 seed = g_getenv("FAULTS_SEED")
                       ? (guint32)g_ascii_strtoull(g_getenv("FAULTS_SEED"), NULL, 10)
                       : g_random_int();
    print_message("seed %u\n", seed);
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    g_autofree char *sticks = office_sticks();
    g_autofree char *config = g_strdup_printf("storage:\n  hand_over: %s\n", sticks);
    g_autofree uint8_t *film = make_film();
    g_setenv("BAD_DAY_PACE", "8", TRUE);
    world_start(&world, CAMERAS, config);
    office_open(&office, &world, sticks);
    g_autofree char *handed = office_package(&office, false);
    office_approve(&office, handed);
    json_decref(office_wait(&office, handed, "done"));
    for (int i = 1; i <= kills; i++)
        run_round(&office, handed, film, i, &links_told, dice);
    g_unsetenv("BAD_DAY_PACE");
    sleep_ms(3000);
    judge_promises_kept(&world);
    office_close(&office);
    world_end(&world);
}

int main(void)
{
    if (!office_may_mount()) {
        print_error("NOT RUN: only root may mount a stick\n");
        return NOT_RUN;
    }
    secret_init();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_leaves_nothing_half_done_of_what_a_post_works_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
