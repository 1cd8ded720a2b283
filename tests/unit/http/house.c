#include "house.h"

#include "archive/segment.h"
#include "base/secret.h"
#include "http/api/public_page.h"
#include "http/control.h"
#include "http/live_socket.h"
#include "http/target.h"
#include "make_video.h"
#include "unit.h"

#include "base/clock.h"
#include <ftw.h>
#include <libwebsockets.h>
#include <string.h>

static char *below(const House *house, const char *name)
{
    return g_build_filename(house->folder, name, NULL);
}

static Hub *source_hub(void *data, Uuid camera, StreamKind kind)
{
    House *house = data;
    return kind == STREAM_MAIN && uuid_equal(&camera, &house->camera) ? hub_ref(house->hub) : NULL;
}

static Json *source_state(void *data, Uuid camera)
{
    House *house = data;
    return uuid_equal(&camera, &house->camera)
               ? json_pack("{s:s, s:s}", "state", "running", "cause", "")
               : NULL;
}

static bool source_may(void *data, const void *account, Uuid camera, bool listen)
{
    House *house = data;
    LiveSource real = live_socket_source(&house->api);
    return real.may_watch(real.data, account, camera, listen);
}

static void source_viewed(void *data, const void *account, Uuid camera, LiveMark mark)
{
    House *house = data;
    LiveSource real = live_socket_source(&house->api);
    real.viewed(real.data, account, camera, mark);
}

static Uuid source_person(void *data, const void *account)
{
    House *house = data;
    LiveSource real = live_socket_source(&house->api);
    return real.person(real.data, account);
}

static MaskSet *source_masks(void *data, const void *account, Uuid camera, bool *lifted)
{
    House *house = data;
    LiveSource real = live_socket_source(&house->api);
    return real.masks(real.data, account, camera, lifted);
}

static void on_masks(void *data, const Uuid *camera)
{
    live_masks_changed(((House *)data)->api.live);
}

static void open_parts(House *house)
{
    g_autofree char *catalog = below(house, "catalog.db"), *site = below(house, "site.json"),
                    *secrets = below(house, "keys/secrets.key"),
                    *audit = below(house, "ledger/audit"), *keys = below(house, "keys"),
                    *events = below(house, "events");
    assert_int_equal(g_mkdir_with_parents(keys, 0700), 0);
    assert_int_equal(g_mkdir_with_parents(audit, 0700), 0);
    house->catalog = catalog_open(catalog, NULL);
    assert_non_null(house->catalog);
    SiteOptions options = {.site_file = site, .secrets_key = secrets};
    house->site = site_open(house->catalog, &options, NULL);
    assert_non_null(house->site);
    house->masks = masks_open(house->catalog, NULL);
    assert_non_null(house->masks);
    house->people = people_open(house->catalog, house->site, NULL);
    assert_non_null(house->people);
    house->duty = duty_open(house->catalog, house->site, house->people, NULL);
    assert_non_null(house->duty);
    house->key = node_key_open(house->folder, NULL);
    assert_non_null(house->key);
    house->audit = audit_open(audit, house->key, NULL);
    assert_non_null(house->audit);
    house->events = events_open(house->catalog, events, 0, NULL);
    assert_non_null(house->events);
    ArchiveSettings settings = {
        .data_path = house->folder, .node = site_node(house->site), .floor_bytes = -1};
    house->archive = archive_open(&settings, house->catalog, house->key, NULL);
    assert_non_null(house->archive);
}

Uuid house_location(House *house, const char *name, const char *village)
{
    Uuid id;
    double latitude = 21.45, longitude = 103.15;
    LocationEdit edit = {
        .name = name, .village = village, .latitude = &latitude, .longitude = &longitude};
    assert_true(site_location_add(house->site, &edit, &id, NULL));
    return id;
}

Uuid house_camera(House *house, const char *name, const Uuid *location)
{
    Uuid id;
    CameraEdit edit = {.name = name, .url = "rtsp://127.0.0.1:9/x", .location = location};
    assert_true(site_camera_add(house->site, &edit, &id, NULL));
    return id;
}

static void open_desks(House *house)
{
    g_autofree char *folder = below(house, "reports");
    house->api.public_page = public_page_new();
    house->api.reports = house->reports =
        report_desk_new(house->catalog, house->site, house->archive, folder);
    house->api.upload_folder = report_desk_incoming(house->reports);
    g_autofree char *given = below(house, "household");
    house->api.households = house->households = household_desk_new(house->catalog, given);
    const CaseDeskOptions options = {.catalog = house->catalog,
                                     .site = house->site,
                                     .people = house->people,
                                     .reports = house->reports,
                                     .archive = house->archive};
    house->api.cases = house->cases = case_desk_new(&options);
}

static bool give_to_household(CatalogDb *db, void *data, GError **error)
{
    g_autoptr(CameraRow) row = cameras_get(db, data, error);
    g_free(row->owner);
    row->owner = g_strdup("9d1c1f1e-0000-4000-8000-000000000001");
    return cameras_put(db, row, error);
}

void house_give_away(House *house, Uuid *camera)
{
    g_autofree char *site = g_build_filename(house->folder, "site.json", NULL);
    g_autofree char *secrets = g_build_filename(house->folder, "keys/secrets.key", NULL);
    SiteOptions options = {.site_file = site, .secrets_key = secrets};
    assert_true(catalog_write_wait(house->catalog, give_to_household, camera, NULL));
    household_desk_free(house->households);
    case_desk_free(house->cases);
    public_page_free(house->api.public_page);
    report_desk_free(house->reports);
    people_free(house->people);
    site_free(house->site);
    house->api.site = house->site = site_open(house->catalog, &options, NULL);
    house->api.people = house->people = people_open(house->catalog, house->site, NULL);
    assert_non_null(house->people);
    open_desks(house);
}

int house_open(void **state)
{
    House *house = g_new0(House, 1);
    secret_init();
    house->folder = g_dir_make_tmp("vonglau-house-XXXXXX", NULL);
    open_parts(house);
    house->location = house_location(house, "Chợ", HOUSE_VILLAGE);
    CameraEdit edit = {
        .name = "Cổng chợ", .url = "rtsp://u:p@127.0.0.1:9/main", .location = &house->location};
    assert_true(site_camera_add(house->site, &edit, &house->camera, NULL));
    house->hub = hub_new(house->camera, STREAM_MAIN);
    LiveSource source = {source_hub,    source_state, source_may, source_viewed,
                         source_person, house,        1,          source_masks};
    house->live = live_new(&source, LWS_PRE);
    masks_listen(house->masks, on_masks, house);
    house->pool = pool_new("pool", 3);
    house->coder = pool_new("coder", 1);
    house->api = (ApiContext){
        .catalog = house->catalog,
        .site = house->site,
        .masks = house->masks,
        .people = house->people,
        .duty = house->duty,
        .grants = house->grants = grants_new(),
        .audit = house->audit,
        .events = house->events,
        .archive = house->archive,
        .live = house->live,
        .pool = house->pool,
        .coder = house->coder,
        .map_file = house->map = below(house, "map.geojson"),
        .start_us = clock_now_us(),
    };
    open_desks(house);
    *state = house;
    return 0;
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *at)
{
    return remove(path);
}

int house_close(void **state)
{
    House *house = *state;
    http_server_stop(house->server);
    pool_free(house->pool);
    pool_free(house->coder);
    household_desk_free(house->households);
    case_desk_free(house->cases);
    public_page_free(house->api.public_page);
    report_desk_free(house->reports);
    archive_close(house->archive);
    live_free(house->live);
    hub_unref(house->hub);
    audit_close(house->audit);
    events_close(house->events);
    duty_free(house->duty);
    people_free(house->people);
    grants_free(house->grants);
    masks_free(house->masks);
    site_free(house->site);
    node_key_free(house->key);
    catalog_close(house->catalog);
    nftw(house->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(house->map);
    g_free(house->folder);
    g_free(house);
    return 0;
}

int64_t house_record(House *house, unsigned seconds)
{
    return house_record_as(house, CODEC_H264, seconds);
}

int64_t house_begin_us(const House *house, unsigned seconds)
{
    int64_t from_us = clock_now_us() - seconds * SECOND_US;
    int64_t until_us = segment_until_us(&house->camera, from_us, 5 * MINUTE_US) - 3 * SECOND_US;
    return MIN(from_us, until_us - seconds * SECOND_US) / 1000 * 1000 + 500;
}

void house_wait_written(House *house, int64_t until_us)
{
    for (int i = 0; i < 1000; i++) {
        if (archive_written_us(house->archive, &house->camera, STREAM_MAIN) >= until_us)
            return;
        g_usleep(10000);
    }
    fail_msg("the pictures were not written within 10 s");
}

int64_t house_record_as(House *house, Codec codec, unsigned seconds)
{
    VideoRecipe recipe = {.codec = codec,
                          .width = 320,
                          .height = 180,
                          .fps = 10,
                          .pictures = seconds * 10,
                          .key_interval = 10};
    g_autoptr(MadeVideo) video = make_video(&recipe);
    int64_t from_us = house_begin_us(house, seconds);
    archive_record(house->archive, house->hub);
    for (guint i = 0; i < video->units->len; i++) {
        AccessUnit *unit = video->units->pdata[i];
        unit->run = 1;
        unit->run_start = i == 0;
        unit->capture_us = unit->arrival_us = from_us + i * SECOND_US / 10;
        hub_publish(house->hub, unit);
    }
    house_wait_written(house, from_us + (seconds - 2) * SECOND_US);
    return from_us;
}

void house_serve(House *house, const HttpConfig *config)
{
    GError *error = NULL;
    house->server = http_server_start(config, &house->api, &error);
    if (!house->server)
        fail_msg("%s", error->message);
}

char *house_case(House *house)
{
    char number[CASE_NUMBER_TEXT];
    bool again;
    CaseRefusal refusal;
    const Uuid who = uuid_new();
    const int64_t to_us = clock_now_us(), from_us = to_us - HOUR_US;
    const CaseTold told = {.kind = "theft", .from_us = &from_us, .to_us = &to_us};
    g_autoptr(CaseRow) row = case_desk_open(house->cases, &told, &who, &again, &refusal, NULL);
    assert_non_null(row);
    return g_strdup(case_number(row->year, row->seq, number));
}

char *house_grant(House *house, const char *session)
{
    const int64_t now_us = clock_now_us();
    const GrantAsked asked = {.holder = session,
                              .cameras = &house->camera,
                              .camera_count = 1,
                              .from_us = now_us - HOUR_US,
                              .to_us = now_us + HOUR_US,
                              .reason = "routine-check"};
    return grants_give(house->grants, &asked);
}

char *house_session(House *house, Role role)
{
    Uuid id;
    Identity identity;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("%s-1", role_text(role));
    Account known;
    if (!people_account_named(house->people, name, &known))
        assert_true(people_account_add(house->people, name, role,
                                       rights_need_village(role) ? HOUSE_VILLAGE : NULL,
                                       HOUSE_PASSWORD, &id, &error));
    SignIn asked = {name, HOUSE_PASSWORD, NULL, "127.0.0.1", "test"};
    SignInEnd end;
    char *token = people_sign_in(house->people, &asked, &identity, &end, &error);
    assert_non_null(token);
    return token;
}

void house_ask(House *house, const char *session, const char *what, const char *body,
               ApiResponse *response)
{
    g_auto(Target) target = {0};
    g_auto(GStrv) parts = g_strsplit(what, " ", 2);
    ApiRequest request = {.session = session, .address = "127.0.0.1", .device = "test"};
    assert_true(api_method_parse(parts[0], &request.method));
    assert_true(target_parse(parts[1], &target));
    g_autoptr(Json) json = body ? json_loads(body, JSON_DECODE_ANY, NULL) : NULL;
    request.path = target.path;
    request.body = json;
    request.query_count = target.query_count;
    memcpy(request.query, target.query, sizeof request.query);
    api_dispatch(&house->api, &request, response);
}
