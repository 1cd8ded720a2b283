/* What takes two persons takes two accounts: whoever makes an API token could be both, so a token
 * is neither who asks nor who approves. */
#include "audit_rows.h"
#include "base/secret.h"
#include "base/time_text.h"
#include "package_bench.h"
#include "unit.h"

#include <string.h>

#define YES "{\"approve\":true}"
#define WHY "{\"reason\":\"Nhà đã dỡ\"}"

/* A token that the admin has made. Owned. */
static char *token_of(House *house, Role role)
{
    ApiToken made;
    Account maker;
    assert_true(people_account_named(house->people, "admin-1", &maker));
    return people_token_create(house->people, role, NULL, 1, "của tôi", &maker.id, &made, NULL);
}

/* With the token instead of a session; what is answered is cleared by the caller. */
static void ask_by(House *house, const char *token, const char *what, const char *body,
                   ApiResponse *answer)
{
    g_auto(GStrv) parts = g_strsplit(what, " ", 2);
    g_autofree char *path = g_strconcat("/api/v1", parts[1], NULL);
    g_autoptr(Json) json = body ? json_parse(body, strlen(body), NULL) : NULL;
    ApiRequest request = {
        .path = path, .body = json, .bearer = token, .address = "127.0.0.1", .device = "test"};
    assert_true(api_method_parse(parts[0], &request.method));
    api_dispatch(&house->api, &request, answer);
}

static unsigned refusals(House *house, const char *action)
{
    unsigned count = 0;
    assert_true(audit_flush(house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(house->audit, 1000);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        count += strcmp(row->action, action) == 0 && strcmp(row->result, "refused") == 0;
    }
    return count;
}

static void assert_refused(House *house, Role role, const char *action, const char *what,
                           const char *body)
{
    g_auto(ApiResponse) answer = {0};
    g_autofree char *token = token_of(house, role);
    unsigned before = refusals(house, action);
    ask_by(house, token, what, body, &answer);
    g_autofree char *text = answer.json ? json_line(answer.json) : g_strdup("");
    if (answer.status != 403 || !strstr(text, "two-persons"))
        fail_msg("%s by a token: %d %s", what, answer.status, text);
    if (refusals(house, action) != before + 1)
        fail_msg("%s by a token: the log has no refusal of %s", what, action);
    secret_free(g_steal_pointer(&token));
}

static void a_token_neither_asks_for_a_package_nor_approves_one(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *body = package_asking(bench, ""), *id = package_asked(bench, "");
    g_autofree char *decide = g_strdup_printf("POST /packages/%s/approval", id);
    assert_refused(bench->house, ROLE_ADMIN, "package-ask", "POST /packages", body);
    assert_refused(bench->house, ROLE_ADMIN, "package-approve", decide, YES);
    assert_refused(bench->house, ROLE_COMMANDER, "package-reject", decide,
                   "{\"approve\":false,\"words\":\"không cần\"}");
    package_approve(bench, id);
}

static void a_token_neither_asks_for_a_certificate_nor_approves_one(void **state)
{
    PackageBench *bench = *state;
    char camera[UUID_TEXT];
    g_autofree char *regions = g_strdup_printf(
        ",\"certificate\":{\"regions\":[{\"camera\":\"%s\",\"corners\":[0.1,0.1,0.5,0.9]}]}",
        uuid_text(&bench->house->camera, camera));
    g_autofree char *body = package_asking(bench, regions), *id = package_asked(bench, regions);
    g_autofree char *decide = g_strdup_printf("POST /packages/%s/approval", id);
    assert_refused(bench->house, ROLE_ADMIN, "negative-ask", "POST /packages", body);
    assert_refused(bench->house, ROLE_COMMANDER, "package-approve", decide, YES);
}

static void where_nobody_approves_a_token_may_ask(void **state)
{
    PackageBench *bench = *state;
    House *house = bench->house;
    g_auto(ApiResponse) within = {0}, none = {0};
    g_autofree char *body = package_asking(bench, ""), *admin = house_session(house, ROLE_ADMIN),
                    *token = token_of(house, ROLE_OFFICER);
    ask_by_two(house, admin, "PATCH /site", "PATCH /api/v1/site",
               "{\"package_approval\":\"within-24h\"}");
    ask_by(house, token, "POST /packages", body, &within);
    assert_int_equal(within.status, 403);
    ask_by_two(house, admin, "PATCH /site", "PATCH /api/v1/site",
               "{\"package_approval\":\"none\"}");
    ask_by(house, token, "POST /packages", body, &none);
    assert_int_equal(none.status, 201);
}

/* The case of the bench, with footage that is held for it; the path of the hold, owned. */
static char *held(const PackageBench *bench)
{
    char camera[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"}",
                        uuid_text(&bench->house->camera, camera), time_text(bench->from_us, from),
                        time_text(bench->from_us + SECOND_US, to));
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/holds", bench->number);
    g_autoptr(Json) hold =
        ask(bench->house, bench->officer, "POST /cases/{id}/holds", what, body, 201);
    return g_strdup_printf("/cases/%s/holds/%s", bench->number, package_text(hold, "id"));
}

static void a_token_neither_approves_a_hold_nor_lets_it_go(void **state)
{
    PackageBench *bench = *state;
    g_autofree char *hold = held(bench);
    g_autofree char *approve = g_strdup_printf("POST %s/approval", hold),
                    *release = g_strdup_printf("POST %s/release", hold),
                    *keep = g_strdup_printf("DELETE %s/release", hold);
    assert_refused(bench->house, ROLE_COMMANDER, "case-hold-approve", approve, "{}");
    assert_refused(bench->house, ROLE_COMMANDER, "case-release-ask", release, WHY);
    g_autofree char *asks = g_strdup_printf("POST /api/v1%s/release", hold);
    fits(bench->house, bench->officer, "POST /cases/{id}/holds/{hold}/release", asks, WHY, 200);
    assert_refused(bench->house, ROLE_COMMANDER, "case-release", release, YES);
    assert_refused(bench->house, ROLE_COMMANDER, "case-release-keep", keep, NULL);
}

/* A mask over the left half; its path, owned. */
static char *masked(const PackageBench *bench, const char *admin)
{
    char camera[UUID_TEXT];
    uuid_text(&bench->house->camera, camera);
    g_autofree char *what = g_strdup_printf("POST /api/v1/cameras/%s/masks", camera);
    g_autoptr(Json) mask =
        ask(bench->house, admin, "POST /cameras/{id}/masks", what,
            "{\"name\":\"Cửa sổ nhà dân\",\"points\":[{\"x\":0,\"y\":0},{\"x\":5000,\"y\":0},"
            "{\"x\":5000,\"y\":10000},{\"x\":0,\"y\":10000}]}",
            201);
    return g_strdup_printf("/cameras/%s/masks/%s", camera, package_text(mask, "id"));
}

static void a_token_neither_takes_a_mask_away_nor_lifts_one(void **state)
{
    PackageBench *bench = *state;
    House *house = bench->house;
    char camera[UUID_TEXT];
    g_autofree char *admin = house_session(house, ROLE_ADMIN), *mask = masked(bench, admin);
    g_autofree char *end = g_strdup_printf("POST %s/end", mask),
                    *decide = g_strdup_printf("POST %s/end/approval", mask),
                    *asks = g_strdup_printf("POST /api/v1%s/end", mask);
    assert_refused(house, ROLE_ADMIN, "mask-end-ask", end, WHY);
    fits(house, admin, "POST /cameras/{id}/masks/{mask}/end", asks, WHY, 200);
    assert_refused(house, ROLE_COMMANDER, "mask-end", decide, YES);

    g_autofree char *body =
        g_strdup_printf("{\"camera\":\"%s\",\"reason\":\"routine-check\",\"minutes\":5}",
                        uuid_text(&house->camera, camera));
    assert_refused(house, ROLE_OFFICER, "unmask-ask", "POST /mask-liftings", body);
    g_autoptr(Json) lifting =
        ask(house, bench->officer, "POST /mask-liftings", "POST /api/v1/mask-liftings", body, 201);
    g_autofree char *lift =
        g_strdup_printf("POST /mask-liftings/%s/approval", package_text(lifting, "id"));
    assert_refused(house, ROLE_COMMANDER, "unmask-approve", lift, YES);
}

static int open_with_admin(void **state)
{
    package_bench_open(state);
    PackageBench *bench = *state;
    g_free(house_session(bench->house, ROLE_ADMIN));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_neither_asks_for_a_package_nor_approves_one),
        cmocka_unit_test(a_token_neither_asks_for_a_certificate_nor_approves_one),
        cmocka_unit_test(where_nobody_approves_a_token_may_ask),
        cmocka_unit_test(a_token_neither_approves_a_hold_nor_lets_it_go),
        cmocka_unit_test(a_token_neither_takes_a_mask_away_nor_lifts_one),
    };
    return cmocka_run_group_tests(tests, open_with_admin, package_bench_close);
}
