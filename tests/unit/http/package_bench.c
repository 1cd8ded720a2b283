#include "package_bench.h"

#include "audit_rows.h"
#include "base/file.h"
#include "base/time_text.h"
#include "casework/package_desk.h"
#include "unit.h"

#include <string.h>

void package_bench_open_desk(PackageBench *bench)
{
    House *house = bench->house;
    const PackageDeskOptions options = {.data = house->folder,
                                        .folder = bench->folder,
                                        .catalog = house->catalog,
                                        .site = house->site,
                                        .masks = house->masks,
                                        .archive = house->archive,
                                        .people = house->people,
                                        .audit = house->audit,
                                        .cases = house->cases,
                                        .motion = bench->motion,
                                        .households = house->households,
                                        .usb = bench->sticks,
                                        .usb_unmounted = true,
                                        .key = house->key};
    house->api.packages = package_desk_open(&options, NULL);
    assert_non_null(house->api.packages);
}

static void open_case(PackageBench *bench)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *body =
        g_strdup_printf("{\"kind\":\"fight\",\"location\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                        uuid_text(&bench->house->location, id), time_text(bench->from_us, from),
                        time_text(bench->from_us + SECOND_US, to));
    g_autoptr(Json) made =
        ask(bench->house, bench->officer, "POST /cases", "POST /api/v1/cases", body, 201);
    bench->number = g_strdup(json_string_value(json_object_get(made, "number")));
}

int package_bench_open(void **state)
{
    PackageBench *bench = g_new0(PackageBench, 1);
    read_document(state);
    house_open((void **)&bench->house);
    bench->folder = g_build_filename(bench->house->folder, "packages", NULL);
    bench->officer = house_session(bench->house, ROLE_OFFICER);
    bench->commander = house_session(bench->house, ROLE_COMMANDER);
    bench->from_us = house_record(bench->house, BENCH_RECORDED_S);
    /* Its segment ends here: else the first package waits 10 s for another key picture. */
    archive_unrecord(bench->house->archive, bench->house->hub);
    g_autofree char *motion = g_build_filename(bench->house->folder, "motion", NULL);
    bench->motion = motion_store_new(motion, 365);
    bench->sticks = g_build_filename(bench->house->folder, "sticks", NULL);
    package_bench_open_desk(bench);
    open_case(bench);
    *state = bench;
    return 0;
}

int package_bench_close(void **state)
{
    PackageBench *bench = *state;
    package_desk_close(bench->house->api.packages);
    motion_store_free(bench->motion);
    house_close((void **)&bench->house);
    drop_document(state);
    g_free(bench->folder);
    g_free(bench->sticks);
    g_free(bench->officer);
    g_free(bench->commander);
    g_free(bench->number);
    g_free(bench);
    return 0;
}

Json *package_on(const PackageBench *bench, const char *session, const char *method,
                 const char *tail, const char *id, const char *body, int status)
{
    g_autofree char *pattern = g_strdup_printf("%s /packages/{id}%s", method, tail);
    g_autofree char *what = g_strdup_printf("%s /api/v1/packages/%s%s", method, id, tail);
    return ask(bench->house, session, pattern, what, body, status);
}

void package_approve(const PackageBench *bench, const char *id)
{
    json_decref(
        package_on(bench, bench->commander, "POST", "/approval", id, "{\"approve\":true}", 200));
}

Json *package_wait_for(const PackageBench *bench, const char *id, const char *wanted)
{
    g_autofree char *is = NULL;
    for (int i = 0; i < BENCH_WAIT_MS / 20; i++) {
        g_autoptr(Json) json = package_on(bench, bench->officer, "GET", "", id, NULL, 200);
        g_free(is);
        is = g_strdup(json_string_value(json_object_get(json, "state")));
        if (g_strcmp0(is, wanted) == 0)
            return g_steal_pointer(&json);
        g_usleep(20000);
    }
    fail_msg("it is %s, not %s", is, wanted);
    return NULL;
}

unsigned package_files_of(const PackageBench *bench, const char *id)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) names = folder_names(bench->folder);
    for (guint i = 0; i < names->len; i++)
        count += g_str_has_prefix(names->pdata[i], id) ? 1 : 0;
    return count;
}

char *package_asking(const PackageBench *bench, const char *more)
{
    char id[UUID_TEXT], from[TIME_TEXT], to[TIME_TEXT];
    return g_strdup_printf("{\"case\":\"%s\",\"reason\":\"va chạm trước cổng chợ\","
                           "\"cameras\":[\"%s\"],\"from\":\"%s\",\"to\":\"%s\"%s}",
                           bench->number, uuid_text(&bench->house->camera, id),
                           time_text(bench->from_us, from),
                           time_text(bench->from_us + BENCH_RECORDED_S * SECOND_US, to), more);
}

const char *package_text(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

/* Asks as the officer; the id of the package, owned. */
char *package_asked(const PackageBench *bench, const char *more)
{
    g_autofree char *body = package_asking(bench, more);
    g_autoptr(Json) made =
        ask(bench->house, bench->officer, "POST /packages", "POST /api/v1/packages", body, 201);
    return g_strdup(package_text(made, "id"));
}

void package_refused(const PackageBench *bench, const char *session, const char *method,
                     const char *tail, const char *id, const char *body, int status)
{
    json_decref(package_on(bench, session, method, tail, id, body, status));
}

char *package_made(const PackageBench *bench)
{
    char *id = package_asked(bench, "");
    package_approve(bench, id);
    json_decref(package_wait_for(bench, id, "done"));
    return id;
}

Json *package_hand_over(const PackageBench *bench, const char *id, const char *body, int status)
{
    return package_on(bench, bench->officer, "POST", "/copies", id, body, status);
}

void package_check(const PackageBench *bench, const char *path, VerifyReport *report)
{
    char fingerprint[FINGERPRINT_TEXT];
    public_key_fingerprint(node_key_public(bench->house->key), fingerprint);
    const VerifyOptions options = {.key_fingerprint = fingerprint};
    verify_report_init(report);
    assert_true(verify_target(path, &options, report, NULL));
    if (!verify_passed(report))
        verify_print(report, stderr);
    assert_true(verify_passed(report));
}

void package_check_made(const PackageBench *bench, const char *id, VerifyReport *report)
{
    g_autofree char *path = g_strdup_printf("%s/%s.zip", bench->folder, id);
    package_check(bench, path, report);
}

/* What is fetched passes `verify`, with the key of the node. Its signed line of this type, owned.
 */
char *package_passes_as(const PackageBench *bench, const ApiResponse *response, const char *type)
{
    assert_int_equal(response->status, 200);
    g_autofree char *path = g_build_filename(bench->house->folder, "fetched.zip", NULL);
    VirtualFile *file = response->file;
    g_autofree char *bytes = g_malloc(file->size);
    assert_true(file->read(file->data, 0, bytes, file->size, NULL));
    assert_true(g_file_set_contents(path, bytes, (gssize)file->size, NULL));
    g_auto(VerifyReport) report;
    package_check(bench, path, &report);
    g_autofree char *mark = g_strdup_printf("{\"v\":1,\"type\":\"%s\"", type);
    const char *begin = memmem(bytes, file->size, mark, strlen(mark));
    assert_non_null(begin);
    return g_strndup(begin, (gsize)((const char *)rawmemchr(begin, '\n') - begin));
}

char *package_passes(const PackageBench *bench, const ApiResponse *response)
{
    return package_passes_as(bench, response, "evidence-package");
}

bool package_is_audited(const PackageBench *bench, const char *action, const char *id)
{
    bool found = false;
    assert_true(audit_flush(bench->house->audit, NULL));
    g_autoptr(GPtrArray) rows = audit_rows(bench->house->audit, 1000);
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        found = found || (strcmp(row->action, action) == 0 && strcmp(row->object, id) == 0);
    }
    return found;
}

void package_wait_gone(const PackageBench *bench, const char *id)
{
    for (int i = 0; i < BENCH_WAIT_MS / 20; i++) {
        if (package_files_of(bench, id) == 0)
            return;
        g_usleep(20000);
    }
    fail_msg("files of the package stay");
}
