#include "office.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/time_text.h"
#include "unit.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

enum { WAIT_MS = 60000, PARTS = 16 };

#define FOOTAGE_US (3 * SECOND_US)
#define SESSION "session="
#define PLACE "{\"lat\":21.45,\"lon\":103.15}"

/* ---- asking ---- */

typedef struct Sending {
    const char *bytes;
    size_t size, at, part;
    int pause_ms;
} Sending;

static size_t send_part(char *to, size_t one, size_t count, void *data)
{
    Sending *sending = data;
    size_t size = MIN(MIN(sending->size - sending->at, sending->part), one * count);
    if (sending->at > 0)
        sleep_ms(sending->pause_ms);
    memcpy(to, sending->bytes + sending->at, size);
    sending->at += size;
    return size;
}

static size_t take_answer(char *data, size_t one, size_t count, void *text)
{
    g_string_append_len(text, data, (gssize)(one * count));
    return one * count;
}

static int perform(CURL *curl, const char *const *lines, Json **answer)
{
    long status = 0;
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (const char *const *line = lines; *line; line++)
        headers = curl_slist_append(headers, *line);
    g_autoptr(GString) text = g_string_new(NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, text);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (answer)
        *answer = status ? json_parse(text->str, text->len, NULL) : NULL;
    return (int)status;
}

/* Who asks, as a line of the head: a household by its link, an account by its session, a token. */
static char *asker(const Office *office, const char *who)
{
    if (!who)
        return g_strconcat("X-Request-Secret: ", office->secret, NULL);
    bool account = g_str_has_prefix(who, SESSION);
    return g_strconcat(account ? "Cookie: " : "Authorization: Bearer ", who, NULL);
}

int office_try(const Office *office, const char *who, const char *method, const char *path,
               const char *body, Json **answer)
{
    g_autofree char *url = g_strconcat(office->world->api.url, path, NULL),
                    *as = asker(office, who);
    const char *const lines[] = {"Content-Type: application/json", as, NULL};
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    return perform(curl, lines, answer);
}

Json *office_ask(const Office *office, const char *who, const char *method, const char *path,
                 const char *body, int status)
{
    Json *answer = NULL;
    int got = office_try(office, who, method, path, body, &answer);
    if (got != status) {
        g_autofree char *text = answer ? json_line(answer) : g_strdup("");
        fail_msg("%s %s: %d instead of %d: %s", method, path, got, status, text);
    }
    return answer;
}

static int send_bytes(const Office *office, const char *who, const char *path, Sending *sending,
                      Json **answer)
{
    g_autofree char *url = g_strconcat(office->world->api.url, path, NULL),
                    *as = asker(office, who);
    const char *const lines[] = {"Content-Type: application/octet-stream", as, NULL};
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)sending->size);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, send_part);
    curl_easy_setopt(curl, CURLOPT_READDATA, sending);
    return perform(curl, lines, answer);
}

int office_give(const Office *office, const char *path, const void *bytes, size_t size, int ms,
                Json **answer)
{
    Sending sending = {bytes, size, 0, size / PARTS + 1, ms / PARTS};
    g_autofree char *below = g_strdup_printf("/public/requests/%s%s", office->request, path);
    return send_bytes(office, NULL, below, &sending, answer);
}

/* ---- what a post works on ---- */

char *office_report(const Office *office)
{
    static const char picture[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1";
    char from[TIME_TEXT];
    Sending sending = {picture, sizeof picture, 0, sizeof picture, 0};
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"fight\",\"where\":\"ngoài chợ\",\"from\":\"%s\",\"to\":\"%s\","
                        "\"text\":\"Đánh nhau\",\"reporter\":{\"name\":\"Lò Thị B\"}}",
                        time_text(clock_wall_us() - MINUTE_US, from), from);
    g_autoptr(Json) told = office_ask(office, office->officer, "POST", "/reports", body, 201);
    g_autofree char *path = g_strdup_printf("/reports/%s/attachments", text_in(told, "id"));
    assert_int_equal(send_bytes(office, office->officer, path, &sending, NULL), 201);
    return g_strdup(text_in(told, "id"));
}

char *office_package(const Office *office, bool certificate)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\",\"cameras\":[\"%s\"]"
        ",\"from\":\"%s\",\"to\":\"%s\"%s}",
        office->case_number, office->world->ids[0], time_text(office->from_us, from),
        time_text(office->to_us, to), certificate ? ",\"certificate\":{\"regions\":[]}" : "");
    g_autoptr(Json) made = office_ask(office, office->officer, "POST", "/packages", body, 201);
    return g_strdup(text_in(made, "id"));
}

void office_approve(const Office *office, const char *package)
{
    g_autofree char *path = g_strdup_printf("/packages/%s/approval", package);
    json_decref(office_ask(office, office->commander, "POST", path, "{\"approve\":true}", 200));
}

Json *office_wait(const Office *office, const char *package, const char *state)
{
    g_autofree char *path = g_strconcat("/packages/", package, NULL), *is = NULL;
    for (int ms = 0; ms < WAIT_MS; ms += 50, sleep_ms(50)) {
        g_autoptr(Json) json = office_ask(office, office->officer, "GET", path, NULL, 200);
        g_free(is);
        is = json_line(json);
        if (strcmp(text_in(json, "state"), state) == 0)
            return g_steal_pointer(&json);
    }
    fail_msg("it is not %s: %s", state, is);
    return NULL;
}

unsigned office_audited(const Office *office, const char *action, const char *object)
{
    size_t index;
    Json *line;
    unsigned count = 0;
    g_autofree char *path = g_strconcat("/audit?limit=100&camera=", object, NULL);
    g_autoptr(Json) log = office_ask(office, office->world->api.token, "GET", path, NULL, 200);
    json_array_foreach(json_object_get(log, "items"), index, line)
    {
        count += strcmp(text_in(line, "action"), action) == 0 ? 1 : 0;
    }
    return count;
}

/* ---- the stick ---- */

static char *stick_of(const char *sticks)
{
    return g_build_filename(sticks, "stick", NULL);
}

bool office_may_mount(void)
{
    return geteuid() == 0;
}

char *office_sticks(void)
{
    char *sticks = temp_folder();
    g_autofree char *stick = stick_of(sticks);
    g_assert(g_mkdir_with_parents(stick, 0700) == 0);
    if (mount("none", stick, "tmpfs", 0, "size=64m") != 0)
        g_error("a stick cannot be mounted: %s", g_strerror(errno));
    return sticks;
}

unsigned office_on_stick(const Office *office, const char *end)
{
    unsigned count = 0;
    g_autofree char *stick = stick_of(office->sticks);
    g_autoptr(GPtrArray) names = folder_names(stick);
    for (guint i = 0; i < names->len; i++)
        count += g_str_has_suffix(names->pdata[i], end) ? 1 : 0;
    return count;
}

/* ---- opening ---- */

static size_t take_session(char *line, size_t one, size_t count, void *session)
{
    const char *begins = "set-cookie: " SESSION;
    size_t size = one * count, name = strlen(begins) - strlen(SESSION);
    if (size > strlen(begins) && g_ascii_strncasecmp(line, begins, strlen(begins)) == 0) {
        g_autofree char *text = g_strndup(line + name, size - name);
        *(char **)session = g_strndup(text, strcspn(text, ";\r\n"));
    }
    return size;
}

/* A new account of this role, signed in. Returned owned, as office_try() takes it. */
static char *sign_in_as(const Office *office, const char *role)
{
    char *session = NULL;
    g_autofree char *body = g_strdup_printf(
        "{\"name\":\"%s-1\",\"role\":\"%s\",\"password\":\"correct horse battery\"}", role, role);
    json_decref(office_ask(office, office->world->api.token, "POST", "/users", body, 201));
    g_autofree char *url = g_strconcat(office->world->api.url, "/session", NULL),
                    *who = g_strdup_printf(
                        "{\"name\":\"%s-1\",\"password\":\"correct horse battery\"}", role);
    const char *const lines[] = {"Content-Type: application/json", NULL};
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, who);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_session);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &session);
    assert_int_equal(perform(curl, lines, NULL), 200);
    assert_non_null(session);
    return session;
}

static void open_case(Office *office)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body = g_strdup_printf(
        "{\"kind\":\"fight\",\"where\":\"ngoài chợ\",\"from\":\"%s\",\"to\":\"%s\"}",
        time_text(office->from_us, from), time_text(office->to_us, to));
    g_autoptr(Json) made = office_ask(office, office->officer, "POST", "/cases", body, 201);
    office->case_number = g_strdup(text_in(made, "number"));
}

static void open_link(Office *office)
{
    char from[TIME_TEXT], to[TIME_TEXT], deadline[TIME_TEXT], agreed[TIME_TEXT];
    int64_t now_us = clock_wall_us();
    g_autofree char *house = g_strdup_printf(
        "{\"place\":" PLACE ",\"village\":\"Che Căn\",\"agreed_at\":\"%s\",\"level\":1,"
        "\"contact\":{\"name\":\"Lò Thị B\"}}",
        time_text(now_us - HOUR_US, agreed));
    g_autoptr(Json) entered =
        office_ask(office, office->officer, "POST", "/households", house, 201);
    g_autofree char *asking = g_strdup_printf(
        "{\"case\":\"%s\",\"what\":\"Xe máy đỏ\",\"unit\":\"Công an xã\",\"place\":" PLACE
        ",\"radius\":150,\"from\":\"%s\",\"to\":\"%s\",\"deadline\":\"%s\",\"households\":[\"%s\"]"
        "}",
        office->case_number, time_text(now_us - HOUR_US, from), time_text(now_us, to),
        time_text(now_us + DAY_US, deadline), text_in(entered, "id"));
    g_autoptr(Json) asked =
        office_ask(office, office->officer, "POST", "/footage-requests", asking, 201);
    g_autofree char *path = g_strdup_printf("/footage-requests/%s/links", text_in(asked, "id"));
    g_autofree char *whom = g_strdup_printf(
        "{\"household\":\"%s\",\"app\":\"https://vms.example\"}", text_in(entered, "id"));
    g_autoptr(Json) link = office_ask(office, office->officer, "POST", path, whom, 201);
    const char *secret = strstr(text_in(link, "url"), "#r=");
    assert_non_null(secret);
    g_auto(GStrv) parts = g_strsplit(secret + strlen("#r="), ".", 2);
    office->request = g_strdup(parts[0]);
    office->secret = g_strdup(parts[1]);
}

void office_open(Office *office, World *world, const char *sticks)
{
    *office = (Office){.world = world, .sticks = g_strdup(sticks)};
    office->officer = sign_in_as(office, "officer");
    office->commander = sign_in_as(office, "commander");
    sleep_ms((int)(FOOTAGE_US / 1000));
    office->from_us = world->begin_us;
    office->to_us = clock_wall_us() - SECOND_US;
    open_case(office);
    open_link(office);
}

void office_close(Office *office)
{
    if (office->sticks) {
        g_autofree char *stick = stick_of(office->sticks);
        (void)umount2(stick, MNT_DETACH);
        remove_tree(office->sticks);
    }
    g_free(office->sticks);
    g_free(office->officer);
    g_free(office->commander);
    g_free(office->case_number);
    g_free(office->request);
    g_free(office->secret);
}
