/* demo.c — `vonglau demo`: a simulated commune on this machine, to try everything on. */
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "cli/command.h"
#include "cli/program.h"
#include "cli/serve.h"
#include "cli/sim_process.h"
#include "http/control.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEMO_FILE_MOST = 1024 * 1024 };

/* A demo that is forgotten must not fill the disk: about an hour of each camera. */
#define DEMO_CAMERA_MOST_BYTES (INT64_C(1) << 30)

typedef struct DemoAccount {
    const char *name;
    Role role;
    const char *village; /* one of commune.json */
} DemoAccount;

static const DemoAccount demo_accounts[] = {
    {"admin", ROLE_ADMIN, NULL},     {"commander", ROLE_COMMANDER, NULL},
    {"officer", ROLE_OFFICER, NULL}, {"village", ROLE_VILLAGE_HEAD, "Bản Phăng"},
    {"auditor", ROLE_AUDITOR, NULL},
};

/* ---- what the demo puts into an empty data folder ---- */

/* Asks this process's own API; NULL and `error` unless the answer is a success. */
static Json *call(Node *node, ApiMethod method, const char *path, const Json *body, GError **error)
{
    int status = 0;
    g_autoptr(Json) answer = control_call_local(&node->api, method, path, body, &status, error);
    if (answer && status >= 400)
        err_set(error, ERR_INVALID, "%s %s: %s", api_method_text(method), path,
                json_string_value(json_object_get(answer, "detail")));
    return status >= 400 ? NULL : g_steal_pointer(&answer);
}

/* Id of the item of this name. Borrowed from `list`, NULL when there is none. */
static const char *id_named(const Json *list, const char *name)
{
    size_t index;
    Json *item;
    json_array_foreach(json_object_get(list, "items"), index, item)
    {
        if (g_strcmp0(json_string_value(json_object_get(item, "name")), name) == 0)
            return json_string_value(json_object_get(item, "id"));
    }
    return NULL;
}

/* Location keys of the commune's file → ids; makes the locations that are missing. */
static Json *put_locations(Node *node, const Json *commune, GError **error)
{
    g_autoptr(Json) list = call(node, API_GET, "/api/v1/locations?limit=200", NULL, error);
    g_autoptr(Json) ids = json_object();
    size_t index;
    Json *location;
    if (!list)
        return NULL;
    json_array_foreach(json_object_get(commune, "locations"), index, location)
    {
        const char *key = json_string_value(json_object_get(location, "key"));
        const char *known = id_named(list, json_string_value(json_object_get(location, "name")));
        g_autoptr(Json) body = json_copy(location);
        json_object_del(body, "key");
        g_autoptr(Json) made =
            known ? NULL : call(node, API_POST, "/api/v1/locations", body, error);
        if (!known && !made)
            return NULL;
        json_object_set(ids, key, known ? json_string(known) : json_object_get(made, "id"));
    }
    return g_steal_pointer(&ids);
}

static const Json *sim_named(const SimProcess *sim, const char *name)
{
    size_t index;
    Json *camera;
    json_array_foreach(json_object_get(sim->ready, "cameras"), index, camera)
    {
        if (g_strcmp0(json_string_value(json_object_get(camera, "name")), name) == 0)
            return camera;
    }
    return NULL;
}

/* Adds the camera, or points it to where the simulator listens this time. */
static bool put_camera(Node *node, const Json *list, const Json *camera, const Json *source,
                       const Json *location_ids, GError **error)
{
    const char *name = json_string_value(json_object_get(camera, "name"));
    const char *key = json_string_value(json_object_get(camera, "location"));
    const char *known = id_named(list, name);
    g_autoptr(Json) body = json_object();
    json_object_set_new(body, "name", json_string(name));
    json_object_set(body, "url", json_object_get(source, "main"));
    json_object_set(body, "sub_url", json_object_get(source, "sub"));
    json_object_set(body, "user", json_object_get(source, "user"));
    json_object_set(body, "password", json_object_get(source, "password"));
    json_object_set(body, "location", json_object_get(location_ids, key));
    json_object_set(body, "heading_deg", json_object_get(camera, "heading_deg"));
    json_object_set(body, "fov_deg", json_object_get(camera, "fov_deg"));
    json_object_set(body, "reach_m", json_object_get(camera, "reach_m"));
    json_object_set(body, "height_m", json_object_get(camera, "height_m"));
    json_object_set_new(body, "audio", json_true());
    json_object_set_new(body, "retention_bytes", json_integer(DEMO_CAMERA_MOST_BYTES));
    g_autofree char *path =
        known ? g_strconcat("/api/v1/cameras/", known, NULL) : g_strdup("/api/v1/cameras");
    g_autoptr(Json) done = call(node, known ? API_PATCH : API_POST, path, body, error);
    return done != NULL;
}

static bool put_commune(Node *node, const SimProcess *sim, GError **error)
{
    g_autofree char *file = program_file("sim/commune.json", "commune.json");
    size_t size = 0;
    g_autofree char *text = file ? file_read(file, DEMO_FILE_MOST, &size, error) : NULL;
    if (!file)
        return err_set(error, ERR_NOT_FOUND, "commune.json is missing beside the program");
    g_autoptr(Json) commune = text ? json_parse(text, size, error) : NULL;
    g_autoptr(Json) ids = commune ? put_locations(node, commune, error) : NULL;
    g_autoptr(Json) list =
        ids ? call(node, API_GET, "/api/v1/cameras?limit=200", NULL, error) : NULL;
    if (!list)
        return false;
    size_t index;
    Json *camera;
    json_array_foreach(json_object_get(commune, "cameras"), index, camera)
    {
        const Json *source = sim_named(sim, json_string_value(json_object_get(camera, "sim")));
        if (source && !put_camera(node, list, camera, source, ids, error))
            return false;
    }
    return true;
}

/* The drawn map of the commune, unless there is one. */
static bool put_map(Node *node, GError **error)
{
    size_t size = 0;
    if (access(node->api.map_file, F_OK) == 0)
        return true;
    g_autofree char *file = program_file("sim/commune.geojson", "commune.geojson");
    if (!file)
        return err_set(error, ERR_NOT_FOUND, "commune.geojson is missing beside the program");
    g_autofree char *text = file_read(file, DEMO_FILE_MOST, &size, error);
    g_autoptr(Json) map = text ? json_parse(text, size, error) : NULL;
    g_autoptr(Json) done = map ? call(node, API_PUT, "/api/v1/map", map, error) : NULL;
    return done != NULL;
}

/* ---- accounts: random passwords, made once, kept to be told at each start ---- */

static Json *load_passwords(const char *file, GError **error)
{
    size_t size = 0;
    if (access(file, F_OK) != 0)
        return json_object();
    g_autofree char *text = file_read(file, DEMO_FILE_MOST, &size, error);
    return text ? json_parse(text, size, error) : NULL;
}

static bool put_account(Node *node, const DemoAccount *account, Json *passwords, GError **error)
{
    Account known;
    bool is_known = people_account_named(node->people, account->name, &known);
    if (is_known && account->village && strcmp(known.village, account->village) != 0 &&
        !people_account_role(node->people, &known.id, account->role, account->village, error))
        return false;
    if (is_known && json_object_get(passwords, account->name))
        return true;
    secret_auto char *password = secret_token(9);
    Uuid id;
    bool done = is_known ? people_password_set(node->people, &known.id, password, error)
                         : people_account_add(node->people, account->name, account->role,
                                              account->village, password, &id, error);
    if (done)
        json_object_set_new(passwords, account->name, json_string(password));
    return done;
}

static Json *put_accounts(Node *node, GError **error)
{
    g_autofree char *file = g_build_filename(node->folder->path, "demo-accounts.json", NULL);
    g_autoptr(Json) passwords = load_passwords(file, error);
    if (!passwords)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(demo_accounts); i++)
        if (!put_account(node, &demo_accounts[i], passwords, error))
            return NULL;
    g_autofree char *text = json_line(passwords);
    if (!file_write_atomic(file, text, strlen(text), 0600, error))
        return NULL;
    return g_steal_pointer(&passwords);
}

static bool print_started(void *data, const char *url, const char *ca, GError **error)
{
    const Json *passwords = data;
    printf("\nVọng Lâu, the simulated commune, is at %s\n\n", url);
    printf("  %-12s %-14s %s\n", "account", "role", "password");
    for (size_t i = 0; i < G_N_ELEMENTS(demo_accounts); i++)
        printf("  %-12s %-14s %s\n", demo_accounts[i].name, role_text(demo_accounts[i].role),
               json_string_value(json_object_get(passwords, demo_accounts[i].name)));
    putchar('\n');
    serve_print_authority(ca);
    printf("Ctrl-C ends it; what was recorded stays.\n");
    fflush(stdout);
    return true;
}

/* ---- the command ---- */

static bool run_demo(const char *data, const ServeOptions *options, const SimProcess *sim,
                     GError **error)
{
    Node node;
    bool served = false;
    if (node_open(&node, data, NULL, error)) {
        g_autoptr(Json) passwords = put_commune(&node, sim, error) && put_map(&node, error)
                                        ? put_accounts(&node, error)
                                        : NULL;
        served = passwords && serve_node(&node, options, print_started, passwords, error);
    }
    node_close(&node);
    return served;
}

static bool is_loopback(const char *listen)
{
    return g_str_has_prefix(listen, "127.") || g_str_has_prefix(listen, "[::1]") ||
           g_str_has_prefix(listen, "localhost:");
}

static bool start_sim(SimProcess *sim, const char *data, int cameras, const char *scene,
                      const char *street, GError **error)
{
    g_autofree char *cache = g_build_filename(data, "sim-cache", NULL);
    g_autofree char *count = g_strdup_printf("%d", cameras);
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    const char *const fixed[] = {"--cameras",   count, "--port",  "0",
                                 "--http-port", "0",   "--cache", cache};
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(arguments, (void *)fixed[i]);
    if (scene) {
        g_ptr_array_add(arguments, (void *)"--scene");
        g_ptr_array_add(arguments, (void *)scene);
    }
    if (street) {
        g_ptr_array_add(arguments, (void *)"--street");
        g_ptr_array_add(arguments, (void *)street);
    }
    g_ptr_array_add(arguments, NULL);
    return folder_make(cache, error) &&
           sim_process_start(sim, (const char *const *)arguments->pdata, error);
}

int command_demo(int argc, char **argv)
{
    g_autofree char *data = NULL, *listen = NULL, *scene = NULL, *street = NULL;
    int cameras = 32;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder (default demo-data)", "DIR"},
        {"cameras", 0, 0, G_OPTION_ARG_INT, &cameras, "How many cameras, 1–32 (default 32)", "N"},
        {"listen", 0, 0, G_OPTION_ARG_STRING, &listen,
         "Address to listen on (default 127.0.0.1:8080); beyond loopback it speaks HTTPS",
         "HOST:PORT"},
        {"scene", 0, 0, G_OPTION_ARG_STRING, &scene, "Scene of all cameras, see vonglau-sim --help",
         "NAME"},
        {"street", 0, 0, G_OPTION_ARG_FILENAME, &street,
         "A clip that some cameras show, as one more scene", "FILE"},
        {NULL}};
    int status;
    if (!command_options("demo [--data DIR] [--cameras N] [--listen HOST:PORT]",
                         "Starts a simulated commune and serves it until it is told to stop.",
                         entries, &argc, &argv, &status))
        return status;
    if (argc > 1 || cameras < 1 || cameras > 32)
        return command_usage("demo takes 1 to 32 cameras; see vonglau demo --help");
    ServeOptions options = {.listen = listen ? listen : (char *)"127.0.0.1:8080"};
    options.no_tls = is_loopback(options.listen);
    g_autoptr(GError) error = NULL;
    g_auto(SimProcess) sim = {0};
    const char *folder = data ? data : "demo-data";
    if (!start_sim(&sim, folder, cameras, scene, street, &error))
        return command_fail(error);
    serve_block_signals(); /* until here, minutes at a first start, they end us, and thus the sim */
    return run_demo(folder, &options, &sim, &error) ? EXIT_OK : command_fail(error);
}
