#include "package_bench.h"

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
                                        .archive = house->archive,
                                        .people = house->people,
                                        .audit = house->audit,
                                        .cases = house->cases,
                                        .motion = bench->motion,
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
