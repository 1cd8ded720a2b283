/* Copies as jobs: asked for, made one after another, fetched by who asked, cancelled, gone. */
#include "api_ask.h"
#include "audit_rows.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "burnt.h"
#include "casework/copy.h"
#include "casework/copy_text.h"
#include "casework/exports.h"
#include "covered.h"
#include "make_video.h"
#include "unit.h"

#include <string.h>

enum { RECORDED_S = 60, WAIT_MS = 20000, WIDTH = 320, HEIGHT = 180 };

typedef struct Desk {
    House *house;
    char *folder;
    char *officer; /* session */
    char *grant;   /* its reason for all footage of the camera */
    int64_t from_us;
} Desk;

static void open_desk(Desk *desk)
{
    const ExportsOptions options = {
        .folder = desk->folder, .archive = desk->house->archive, .site = desk->house->site};
    desk->house->api.exports = exports_open(&options, NULL);
    assert_non_null(desk->house->api.exports);
}

static int set_up(void **state)
{
    Desk *desk = g_new0(Desk, 1);
    read_document(state);
    house_open((void **)&desk->house);
    desk->folder = g_build_filename(desk->house->folder, "exports", NULL);
    desk->officer = house_session(desk->house, ROLE_OFFICER);
    desk->from_us = house_record(desk->house, RECORDED_S);
    desk->grant = house_grant(desk->house, desk->officer);
    open_desk(desk);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    exports_close(desk->house->api.exports);
    house_close((void **)&desk->house);
    drop_document(state);
    g_free(desk->folder);
    g_free(desk->officer);
    g_free(desk->grant);
    g_free(desk);
    return 0;
}

/* The body of POST /exports for the first `seconds`; `more` is appended. Returned owned. */
static char *asked_bare(const Desk *desk, const Uuid *camera, int64_t seconds, const char *more)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"burn_in\":true%s}",
        uuid_text(camera, id), time_text(desk->from_us, from),
        time_text(desk->from_us + seconds * SECOND_US, to), more);
}

/* The same, for the reason that was told. */
static char *asked(const Desk *desk, const Uuid *camera, int64_t seconds, const char *more)
{
    g_autofree char *with = g_strdup_printf(",\"grant\":\"%s\"%s", desk->grant, more);
    return asked_bare(desk, camera, seconds, with);
}

static Json *post(const Desk *desk, const char *body, int status)
{
    return ask(desk->house, desk->officer, "POST /exports", "POST /api/v1/exports", body, status);
}

/* Asks for the first `seconds`. Returns the id, owned. */
static char *begin(const Desk *desk, int64_t seconds)
{
    g_autofree char *body = asked(desk, &desk->house->camera, seconds, "");
    g_autoptr(Json) job = post(desk, body, 202);
    return g_strdup(json_string_value(json_object_get(job, "id")));
}

static Json *look(const Desk *desk, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/exports/", id, NULL);
    return ask(desk->house, session, "GET /exports/{id}", what, NULL, status);
}

static char *state_of(const Desk *desk, const char *id)
{
    g_autoptr(Json) job = look(desk, desk->officer, id, 200);
    return g_strdup(json_string_value(json_object_get(job, "state")));
}

static void wait_for(const Desk *desk, const char *id, const char *wanted)
{
    g_autofree char *is = NULL;
    for (int i = 0; i < WAIT_MS / 20; i++) {
        g_free(is);
        is = state_of(desk, id);
        if (strcmp(is, wanted) == 0)
            return;
        g_usleep(20000);
    }
    fail_msg("it is %s, not %s", is, wanted);
}

static void drop(const Desk *desk, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("DELETE /api/v1/exports/", id, NULL);
    fits(desk->house, session, "DELETE /exports/{id}", what, NULL, status);
}

static void fetch(const Desk *desk, const char *session, const char *id, ApiResponse *response)
{
    g_autofree char *what = g_strdup_printf("GET /api/v1/exports/%s/file", id);
    house_ask(desk->house, session, what, NULL, response);
}

static unsigned files_of(const Desk *desk, const char *id)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) names = folder_names(desk->folder);
    for (guint i = 0; i < names->len; i++)
        count += g_str_has_prefix(names->pdata[i], id) ? 1 : 0;
    return count;
}

/* The newest line of that action; fails when there is none. Returned owned. */
static AuditRow *line_of(const Desk *desk, const char *action)
{
    assert_true(audit_flush(desk->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(desk->house->audit, 1000);
    for (guint i = 0; i < rows->len; i++)
        if (strcmp(((AuditRow *)rows->pdata[i])->action, action) == 0)
            return g_ptr_array_steal_index(rows, i);
    fail_msg("the audit log has no %s", action);
    return NULL;
}

static void assert_audited(const Desk *desk, const char *action, const char *id)
{
    char camera[UUID_TEXT];
    g_autoptr(AuditRow) row = line_of(desk, action);
    assert_string_equal(row->object, uuid_text(&desk->house->camera, camera));
    assert_int_equal(row->from_us / 1000, desk->from_us / 1000);
    assert_int_equal(row->changes->len, 1);
    assert_string_equal(g_array_index(row->changes, AuditRowChange, 0).after, id);
}

static void a_copy_is_asked_for_fetched_and_thrown_away(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = begin(desk, 5);
    assert_audited(desk, "export-make", id);
    wait_for(desk, id, "done");
    g_autoptr(Json) job = look(desk, desk->officer, id, 200);
    g_autoptr(Json) all =
        ask(desk->house, desk->officer, "GET /exports", "GET /api/v1/exports", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 1);
    g_auto(ApiResponse) film = {0};
    fetch(desk, desk->officer, id, &film);
    assert_int_equal(film.status, 200);
    assert_int_equal(film.file->size, json_integer_value(json_object_get(job, "size")));
    char head[8];
    assert_true(film.file->read(film.file->data, 0, head, sizeof head, NULL));
    assert_memory_equal(head + 4, "ftyp", 4);
    assert_true(*film.file->etag != '\0'); /* so that a broken download goes on */
    assert_audited(desk, "export-get", id);
    drop(desk, desk->officer, id, 204);
    assert_audited(desk, "export-remove", id);
    assert_int_equal(files_of(desk, id), 0);
    g_autoptr(Json) gone = look(desk, desk->officer, id, 404);
    assert_non_null(gone);
}

static void nobody_else_sees_it_not_even_an_admin(void **state)
{
    Desk *desk = *state;
    g_autofree char *id = begin(desk, 2);
    wait_for(desk, id, "done");
    g_autofree char *admin = house_session(desk->house, ROLE_ADMIN);
    g_autoptr(Json) none = look(desk, admin, id, 404);
    g_autoptr(Json) all = ask(desk->house, admin, "GET /exports", "GET /api/v1/exports", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 0);
    g_auto(ApiResponse) film = {0};
    fetch(desk, admin, id, &film);
    assert_int_equal(film.status, 404);
    drop(desk, admin, id, 404);
    assert_int_equal(files_of(desk, id), 2);
    drop(desk, desk->officer, id, 204);
}

static void what_cannot_be_made_is_told_at_once(void **state)
{
    Desk *desk = *state;
    char id[UUID_TEXT];
    uuid_text(&desk->house->camera, id);
    Uuid stranger = uuid_new();
    g_autofree char *unknown = asked(desk, &stranger, 5, "");
    g_autofree char *long_one = asked(desk, &desk->house->camera, 3601, "");
    g_autofree char *odd = asked(desk, &desk->house->camera, 5, ",\"mask\":true");
    g_autofree char *two =
        g_strdup_printf("{\"cameras\":[\"%s\",\"%s\"],\"from\":\"2026-01-01T00:00:00Z\","
                        "\"to\":\"2026-01-01T00:01:00Z\",\"burn_in\":true}",
                        id, id);
    g_autofree char *original =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"2026-01-01T00:00:00Z\","
                        "\"to\":\"2026-01-01T00:01:00Z\",\"burn_in\":false}",
                        id);
    g_autofree char *unordered =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"2026-01-01T00:01:00Z\","
                        "\"to\":\"2026-01-01T00:01:00Z\",\"burn_in\":true}",
                        id);
    const struct {
        const char *body;
        int status;
        const char *says;
    } cases[] = {
        {unknown, 404, "no camera"},
        {long_one, 400, "at most 1 hour"},
        {odd, 400, "mask"},
        {two, 400, "one id"},
        {original, 400, "clip.mp4"},
        {unordered, 400, "before"},
        {"{\"burn_in\":true}", 400, "cameras"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Json) problem = post(desk, cases[i].body, cases[i].status);
        const char *detail = json_string_value(json_object_get(problem, "detail"));
        if (!strstr(detail, cases[i].says))
            fail_msg("“%s” does not say “%s”", detail, cases[i].says);
    }
}

#define RECEIVER "Bà Lò Thị Mẫu, bản Phăng"

/* ,"redact":{…} with one box at the key moments `moments`. Returned owned. */
static char *redact(const char *moments)
{
    return g_strdup_printf(
        ",\"receiver\":\"" RECEIVER "\",\"redact\":{\"boxes\":[{\"moments\":[%s]}]}", moments);
}

/* A key moment so long after the first picture. Returned owned. */
static char *moment(const Desk *desk, int64_t after_us, const char *box)
{
    char at[TIME_TEXT];
    return g_strdup_printf("{\"at\":\"%s\",\"box\":%s}", time_text(desk->from_us + after_us, at),
                           box);
}

static bool film_has(ApiResponse *film, const char *what)
{
    g_autofree char *bytes = g_malloc(film->file->size);
    assert_true(film->file->read(film->file->data, 0, bytes, film->file->size, NULL));
    return memmem(bytes, film->file->size, what, strlen(what)) != NULL;
}

static void a_redacted_copy_is_one_and_says_so_everywhere(void **state)
{
    Desk *desk = *state;
    g_autofree char *first = moment(desk, 1000, "[1000,1000,2000,2000]");
    g_autofree char *last = moment(desk, SECOND_US, "[3000,1000,2000,2000]");
    g_autofree char *both = g_strdup_printf("%s,%s", first, last), *boxes = redact(both);
    g_autofree char *body = asked(desk, &desk->house->camera, 3, boxes);
    g_autoptr(Json) job = post(desk, body, 202);
    const char *id = json_string_value(json_object_get(job, "id"));
    assert_true(json_is_true(json_object_get(job, "redacted")));
    g_autoptr(AuditRow) row = line_of(desk, "export-make");
    assert_string_equal(g_array_index(row->changes, AuditRowChange, 1).field, "redacted");
    assert_string_equal(g_array_index(row->changes, AuditRowChange, 1).after, "1");
    wait_for(desk, id, "done");
    g_auto(ApiResponse) film = {0};
    fetch(desk, desk->officer, id, &film);
    assert_int_equal(film.status, 200);
    assert_true(film_has(&film, "REDACTED COPY – NOT ORIGINAL"));
    assert_true(film_has(&film, ",3000,1000,2000,2000]"));
    assert_true(film_has(&film, "without sound"));
    exports_close(desk->house->api.exports);
    open_desk(desk);
    g_autoptr(Json) kept = look(desk, desk->officer, id, 200);
    assert_true(json_is_true(json_object_get(kept, "redacted")));
    drop(desk, desk->officer, id, 204);
}

/* Of a list of lines of the log or of copies; borrowed. */
static const char *item_text(const Json *list, size_t i, const char *name)
{
    return json_string_value(
        json_object_get(json_array_get(json_object_get(list, "items"), i), name));
}

static Json *log_of(const Desk *desk, const char *session, const char *what, const char *number,
                    int status)
{
    g_autofree char *pattern = g_strdup_printf("GET /%s", what),
                    *address = g_strdup_printf("GET /api/v1/%s?number=%s", what, number);
    return ask(desk->house, session, pattern, address, NULL, status);
}

static void a_redacted_film_has_a_number_and_a_receiver_and_is_found_by_its_number(void **state)
{
    Desk *desk = *state;
    g_autofree char *auditor = house_session(desk->house, ROLE_AUDITOR);
    g_autofree char *at = moment(desk, 1000, "[1000,1000,2000,2000]"), *boxes = redact(at);
    g_autofree char *body = asked(desk, &desk->house->camera, 3, boxes);
    g_autoptr(Json) first = post(desk, body, 202);
    g_autoptr(Json) job = post(desk, body, 202);
    const char *id = json_string_value(json_object_get(job, "id"));
    const char *number = json_string_value(json_object_get(job, "number"));
    assert_true(g_str_has_prefix(number, "BC-") && g_str_has_suffix(number, "-0002"));
    assert_string_equal(json_string_value(json_object_get(job, "receiver")), RECEIVER);
    wait_for(desk, id, "done");
    exports_close(desk->house->api.exports);
    open_desk(desk); /* it is kept over a restart */
    g_autoptr(Json) done = look(desk, desk->officer, id, 200);
    assert_string_equal(json_string_value(json_object_get(done, "number")), number);
    const char *hash = json_string_value(json_object_get(done, "sha256"));
    g_auto(ApiResponse) film = {0};
    fetch(desk, desk->officer, id, &film);
    g_autofree char *told = g_strdup_printf("\"number\":\"%s\"", number),
                    *bytes = g_malloc(film.file->size);
    assert_true(film_has(&film, told));
    assert_true(film.file->read(film.file->data, 0, bytes, film.file->size, NULL));
    Hash found = hash_of(bytes, film.file->size);
    char hex[SHA256_HEX];
    hex_encode(found.bytes, sizeof found.bytes, hex);
    assert_string_equal(hash, hex);

    g_autoptr(Json) lines = log_of(desk, auditor, "audit", number, 200);
    assert_int_equal(json_array_size(json_object_get(lines, "items")), 2);
    assert_string_equal(item_text(lines, 0, "action"), "export-get");
    assert_string_equal(item_text(lines, 1, "action"), "export-make");
    g_autofree char *written = json_dumps(lines, 0);
    assert_non_null(strstr(written, hash));
    assert_null(strstr(written, "Mẫu")); /* whom it is for stands with the number */
    g_autoptr(Json) copies = log_of(desk, auditor, "audit/copies", number, 200);
    assert_string_equal(item_text(copies, 0, "number"), number);
    assert_string_equal(item_text(copies, 0, "receiver"), RECEIVER);
    json_decref(log_of(desk, desk->officer, "audit/copies", number, 403));
    json_decref(log_of(desk, auditor, "audit/copies", "BC-2026-99999", 404));
    json_decref(log_of(desk, auditor, "audit/copies", "%22%3B--", 400));
    json_decref(log_of(desk, auditor, "audit", "BC-1", 400));
    drop(desk, desk->officer, id, 204);
    drop(desk, desk->officer, json_string_value(json_object_get(first, "id")), 204);
    json_decref(log_of(desk, auditor, "audit/copies", number, 200)); /* the record stays */
}

static void who_gets_a_redacted_film_is_said_and_of_no_other(void **state)
{
    Desk *desk = *state;
    g_autofree char *at = moment(desk, 1000, "[1000,1000,2000,2000]"),
                    *filled = g_strnfill(201, 'a');
    const char *const receivers[] = {"",
                                     ",\"receiver\":\"\"",
                                     ",\"receiver\":\"ab\"",
                                     ",\"receiver\":\"Lò\\u0000\"",
                                     ",\"receiver\":\"Lò\\nMẫu\"",
                                     ",\"receiver\":7"};
    for (size_t i = 0; i < G_N_ELEMENTS(receivers); i++) {
        g_autofree char *more =
            g_strdup_printf("%s,\"redact\":{\"boxes\":[{\"moments\":[%s]}]}", receivers[i], at);
        g_autofree char *body = asked(desk, &desk->house->camera, 3, more);
        json_decref(post(desk, body, 400));
    }
    g_autofree char *lone = asked(desk, &desk->house->camera, 3, ",\"receiver\":\"" RECEIVER "\"");
    json_decref(post(desk, lone, 400));
    g_autofree char *more = g_strdup_printf(
        ",\"receiver\":\"%s\",\"redact\":{\"boxes\":[{\"moments\":[%s]}]}", filled, at);
    g_autofree char *body = asked(desk, &desk->house->camera, 3, more);
    json_decref(post(desk, body, 400));
}

/* Key moments by the thousand, a millisecond apart. Returned owned. */
static char *many_moments(const Desk *desk, unsigned count)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *one = moment(desk, 1000 * (i + 1), "[0,0,100,100]");
        g_string_append_printf(all, "%s%s", i > 0 ? "," : "", one);
    }
    return redact(all->str);
}

static void boxes_that_cannot_be_made_are_told_at_once(void **state)
{
    Desk *desk = *state;
    static const struct {
        const char *box;
        int64_t after_us;
    } cases[] = {
        {"[9000,0,1001,100]", 1000},
        {"[-1,0,100,100]", 1000},
        {"[0,0,49,100]", 1000},
        {"[0,0,100]", 1000},
        {"[0,0,100,100,1]", 1000},
        {"[0.5,0,100,100]", 1000},
        {"[\"NaN\",0,100,100]", 1000},
        {"[0,0,100,9223372036854775807]", 1000},
        {"null", 1000},
        {"[0,0,100,100]", -SECOND_US},
        {"[0,0,100,100]", 4 * SECOND_US},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *at = moment(desk, cases[i].after_us, cases[i].box), *boxes = redact(at);
        g_autofree char *body = asked(desk, &desk->house->camera, 3, boxes);
        g_autoptr(Json) problem = post(desk, body, 400);
        const char *detail = json_string_value(json_object_get(problem, "detail"));
        if (!strstr(detail, "key moment"))
            fail_msg("“%s” does not say which key moment %s is wrong", detail, cases[i].box);
    }
    g_autofree char *many = many_moments(desk, 10000), *none = redact("");
    char *others[] = {
        asked(desk, &desk->house->camera, 3, many), asked(desk, &desk->house->camera, 3, none),
        asked(desk, &desk->house->camera, 3, ",\"redact\":{\"boxes\":[]}"),
        asked(desk, &desk->house->camera, 3, ",\"redact\":{\"boxes\":[{\"mask\":1}]}"),
        asked(desk, &desk->house->camera, 3, ",\"redact\":[]")};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(Json) problem = post(desk, others[i], 400);
        assert_non_null(problem);
        g_free(others[i]);
    }
}

/* The lowest line of the first picture: for which case it was made, when, with what. */
static void assert_says(const Desk *desk, ApiResponse *film, const char *number)
{
    char *luma = NULL;
    gsize size;
    int64_t made_us;
    g_autofree char *bytes = g_malloc(film->file->size + 1);
    assert_true(film->file->read(film->file->data, 0, bytes, film->file->size, NULL));
    bytes[film->file->size] = '\0';
    const char *made = memmem(bytes, film->file->size, "\"made\":\"", 8);
    assert_non_null(made);
    g_autofree char *time = g_strndup(made + 8, strcspn(made + 8, "\""));
    assert_true(time_parse(time, &made_us));
    g_autofree char *path = g_build_filename(desk->house->folder, "copy.mp4", NULL);
    g_autofree char *raw = g_build_filename(desk->house->folder, "copy.raw", NULL);
    g_autofree char *command = g_strdup_printf(
        "ffmpeg -y -v error -i %s -frames:v 1 -f rawvideo -pix_fmt gray %s 2>&1", path, raw);
    assert_true(g_file_set_contents(path, bytes, (gssize)film->file->size, NULL));
    g_free(run_program(command));
    assert_true(g_file_get_contents(raw, &luma, &size, NULL));
    assert_int_equal(size, WIDTH * HEIGHT);
    g_autofree char *language = site_language(desk->house->site);
    g_autofree char *name = site_time_zone(desk->house->site);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);
    g_autofree char *reason = g_strconcat("case ", number, NULL);
    bool vietnamese = strcmp(language, "en") != 0;
    g_autofree char *said = copy_made_text(made_us, zone, "test", reason, vietnamese);
    g_autofree char *other = copy_made_text(made_us, zone, "test", "case VV-2019-8765", vietnamese);
    const int line = burner_line_px(HEIGHT), from = HEIGHT - 2 * (line / 2) - line;
    const BurntEdge edge = {(uint8_t *)luma + from * WIDTH, WIDTH, WIDTH, HEIGHT};
    assert_true(burnt_is_there(&edge, 0, said, other));
    g_free(luma);
}

/* However young it is, and where the site asks for none to look at it. */
static void footage_is_copied_for_a_reason_which_its_file_needs_no_more(void **state)
{
    Desk *desk = *state;
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    static const int64_t ages_s[] = {1, SITE_REASON_AFTER_DEFAULT_S, 0};
    g_autofree char *without = asked_bare(desk, &desk->house->camera, 5, "");
    for (size_t i = 0; i < G_N_ELEMENTS(ages_s); i++) {
        assert_true(site_reason_set(desk->house->site, ages_s[i], NULL));
        g_autoptr(Json) refused = post(desk, without, 403);
        const char *code = json_string_value(json_object_get(refused, "cause_code"));
        assert_string_equal(code, "reason-needed");
    }
    assert_true(site_reason_set(desk->house->site, SITE_REASON_AFTER_DEFAULT_S, NULL));
    g_autofree char *number = house_case(desk->house), *reason = g_strconcat("case ", number, NULL);
    g_autofree char *why = g_strdup_printf(
        "{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\",\"case\":\"%s\"}",
        uuid_text(&desk->house->camera, camera), time_text(desk->from_us - SECOND_US, from),
        time_text(desk->from_us + HOUR_US, to), number);
    g_autoptr(Json) told =
        ask(desk->house, desk->officer, "POST /access", "POST /api/v1/access", why, 201);
    g_autofree char *more =
        g_strdup_printf(",\"grant\":\"%s\"", json_string_value(json_object_get(told, "grant")));
    g_autofree char *with = asked_bare(desk, &desk->house->camera, 5, more);
    g_autoptr(Json) job = post(desk, with, 202);
    const char *id = json_string_value(json_object_get(job, "id"));
    wait_for(desk, id, "done");
    g_auto(ApiResponse) film = {0};
    fetch(desk, desk->officer, id, &film);
    assert_int_equal(film.status, 200);
    assert_says(desk, &film, number);
    g_autoptr(AuditRow) asked_for = line_of(desk, "export-make");
    g_autoptr(AuditRow) got = line_of(desk, "export-get");
    assert_string_equal(asked_for->reason, reason);
    assert_string_equal(got->reason, reason);
    drop(desk, desk->officer, id, 204);
}

static void one_that_is_cancelled_stops_within_a_second_and_the_next_is_made(void **state)
{
    Desk *desk = *state;
    g_autofree char *first = begin(desk, RECORDED_S - 2), *second = begin(desk, 2);
    int64_t began_us = clock_mono_us();
    drop(desk, desk->officer, first, 204);
    g_autofree char *is = state_of(desk, first);
    assert_string_equal(is, "cancelled");
    while (files_of(desk, first) && clock_mono_us() - began_us < SECOND_US)
        g_usleep(10000);
    assert_int_equal(files_of(desk, first), 0);
    wait_for(desk, second, "done");
    g_auto(ApiResponse) film = {0};
    fetch(desk, desk->officer, first, &film);
    assert_int_equal(film.status, 409);
    drop(desk, desk->officer, first, 204);
    drop(desk, desk->officer, second, 204);
}

/* Nine of one's own; the server stops while they wait. */
/* Begins copies until one is refused; a quick machine is done with the first of them meanwhile.
 * Their ids, owned. */
static GPtrArray *begin_too_many(const Desk *desk)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *body = asked(desk, &desk->house->camera, RECORDED_S - 2, "");
    while (ids->len < 4 * EXPORTS_OWN_MOST) {
        g_auto(ApiResponse) answer = {0};
        house_ask(desk->house, desk->officer, "POST /api/v1/exports", body, &answer);
        if (answer.status == 409)
            return ids;
        assert_int_equal(answer.status, 202);
        g_ptr_array_add(ids, g_strdup(text_of(answer.json, "id")));
    }
    fail_msg("%u copies are begun, and none was refused", ids->len);
    return ids;
}

static void too_many_are_refused_and_a_restart_says_that_they_were_interrupted(void **state)
{
    Desk *desk = *state;
    g_autofree char *done = begin(desk, 2);
    wait_for(desk, done, "done");
    g_autoptr(GPtrArray) ids = begin_too_many(desk);
    assert_in_range(ids->len, EXPORTS_OWN_MOST, 4 * EXPORTS_OWN_MOST);
    const char *newest = ids->pdata[ids->len - 1];
    g_autoptr(Json) last = look(desk, desk->officer, newest, 200);
    assert_string_equal(text_of(last, "state"), "waiting");
    assert_in_range(number_of(last, "ahead"), EXPORTS_OWN_MOST - 2, EXPORTS_OWN_MOST - 1);
    exports_close(desk->house->api.exports);
    open_desk(desk);
    g_autofree char *kept = state_of(desk, done);
    assert_string_equal(kept, "done");
    g_autoptr(Json) broken = look(desk, desk->officer, newest, 200);
    assert_string_equal(text_of(broken, "state"), "failed");
    assert_string_equal(text_of(broken, "error"), "interrupted");
    for (guint i = 0; i < ids->len; i++)
        drop(desk, desk->officer, ids->pdata[i], 204);
    drop(desk, desk->officer, done, 204);
}

static void after_a_day_it_is_gone_with_its_file(void **state)
{
    Desk *desk = *state;
    Account officer;
    assert_true(people_account_named(desk->house->people, "officer-1", &officer));
    g_autofree char *id = begin(desk, 2);
    wait_for(desk, id, "done");
    int64_t now_us = clock_wall_us(), mono_us = clock_mono_us();
    clock_test_set(mono_us + 23 * HOUR_US, now_us + 23 * HOUR_US);
    g_autoptr(GPtrArray) still = exports_list(desk->house->api.exports, &officer.id);
    assert_int_equal(still->len, 1);
    clock_test_set(mono_us + 25 * HOUR_US, now_us + 25 * HOUR_US);
    g_autoptr(GPtrArray) gone = exports_list(desk->house->api.exports, &officer.id);
    clock_test_set(-1, -1);
    assert_int_equal(gone->len, 0);
    assert_int_equal(files_of(desk, id), 0);
}

/* The square of covered.h; `more` parts wider. */
static void draw(const Desk *desk, int more)
{
    const Uuid by = uuid_new();
    const MaskShape shape = {
        4, {{2000, 2000}, {6000 + more, 2000}, {6000 + more, 6000}, {2000, 6000}}};
    g_autoptr(MaskRow) row =
        masks_draw(desk->house->masks, &desk->house->camera, "Cửa sổ", &shape, &by, NULL);
    assert_non_null(row);
}

static void a_copy_is_covered_by_masks_and_not_given_when_there_are_newer_ones(void **state)
{
    Desk *desk = *state;
    unsigned pictures;
    g_autofree char *bare = begin(desk, 2);
    wait_for(desk, bare, "done");
    draw(desk, 0);
    g_auto(ApiResponse) old = {0}, made = {0}, newer = {0};
    fetch(desk, desk->officer, bare, &old);
    assert_int_equal(old.status, 409);
    assert_string_equal(json_string_value(json_object_get(old.json, "cause_code")), "masked");
    g_autofree char *id = begin(desk, 2);
    wait_for(desk, id, "done");
    fetch(desk, desk->officer, id, &made);
    assert_int_equal(made.status, 200);
    g_autoptr(Buffer) film = buffer_new(made.file->size);
    assert_true(made.file->read(made.file->data, 0, film->data, film->size, NULL));
    assert_true(covered_film(film->data, film->size, &pictures));
    assert_int_equal(pictures, 20);
    draw(desk, 1000);
    fetch(desk, desk->officer, id, &newer);
    assert_int_equal(newer.status, 409);
    assert_false(made.file->read(made.file->data, 0, film->data, film->size, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_asked_for_fetched_and_thrown_away),
        cmocka_unit_test(nobody_else_sees_it_not_even_an_admin),
        cmocka_unit_test(what_cannot_be_made_is_told_at_once),
        cmocka_unit_test(a_redacted_film_has_a_number_and_a_receiver_and_is_found_by_its_number),
        cmocka_unit_test(who_gets_a_redacted_film_is_said_and_of_no_other),
        cmocka_unit_test(a_redacted_copy_is_one_and_says_so_everywhere),
        cmocka_unit_test(boxes_that_cannot_be_made_are_told_at_once),
        cmocka_unit_test(footage_is_copied_for_a_reason_which_its_file_needs_no_more),
        cmocka_unit_test(one_that_is_cancelled_stops_within_a_second_and_the_next_is_made),
        cmocka_unit_test(too_many_are_refused_and_a_restart_says_that_they_were_interrupted),
        cmocka_unit_test(after_a_day_it_is_gone_with_its_file),
        cmocka_unit_test(a_copy_is_covered_by_masks_and_not_given_when_there_are_newer_ones),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
