/* evidence.c — `vonglau evidence`: a package of footage, beside a running server or without one.
 *
 * The server seals what it is writing and notes the package in its audit log; without one, that is
 * done here, with the lock held. The package itself is made by this process from the files. */
#include "casework/evidence.h"

#include "archive/package.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "casework/evidence_clocks.h"
#include "casework/evidence_holds.h"
#include "catalog/cameras.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/evidence_upgrade_run.h"
#include "cli/node.h"
#include "cli/progress.h"
#include "cli/serve.h"
#include "cli/volume.h"
#include "http/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Who asks up to “now” may have a clock a little ahead, as at the API. */
#define CLOCKS_APART_US (5 * SECOND_US)

typedef struct Asked {
    const char *data, *out, *reason, *basis;
    GArray *cameras; /* Uuid */
    int64_t from_us, to_us;
    Uuid package;
} Asked;

static bool show(void *data, int64_t done_bytes, int64_t total_bytes)
{
    progress_show(data, done_bytes, total_bytes);
    return true;
}

/* ---- sealing ---- */

static Json *request_body(const Asked *asked)
{
    char id[UUID_TEXT];
    Json *cameras = json_array();
    for (size_t i = 0; i < asked->cameras->len; i++)
        json_array_append_new(cameras,
                              json_string(uuid_text(&g_array_index(asked->cameras, Uuid, i), id)));
    Json *body = json_pack("{s:s, s:o, s:s}", "package", uuid_text(&asked->package, id), "cameras",
                           cameras, "reason", asked->reason);
    json_object_set_new(body, "from", json_time(asked->from_us));
    json_object_set_new(body, "to", json_time(asked->to_us));
    return body;
}

/* With the lock held: what a server that was killed left is sealed first. */
static Json *prepare_here(const Asked *asked, const Json *body, int *status, GError **error)
{
    Node node;
    Json *answer = NULL;
    g_autoptr(DataFolder) folder = data_folder_paths(asked->data);
    if (!data_folder_check(folder, error))
        return NULL;
    if (node_open(&node, asked->data, NULL, error) && node_open_archive(&node, error))
        answer = control_call_local(&node.api, API_POST, "/api/v1/evidence", body, status, error);
    node_close(&node);
    return answer;
}

static Json *prepare(const Asked *asked, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(Json) body = request_body(asked);
    int status = 0;
    Json *answer = control_call(asked->data, API_POST, "/api/v1/evidence", body, &status, &trouble);
    if (!answer && g_error_matches(trouble, ERR, ERR_UNAVAILABLE)) {
        g_clear_error(&trouble);
        answer = prepare_here(asked, body, &status, &trouble);
    }
    if (!answer) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return NULL;
    }
    return ask_take(answer, status, error);
}

/* ---- making ---- */

static GArray *holds_of(CatalogDb *db, const Asked *asked, int64_t at_us, GError **error)
{
    const EvidenceHoldsAsked about = {.data = asked->data,
                                      .cameras = (const Uuid *)(const void *)asked->cameras->data,
                                      .camera_count = asked->cameras->len,
                                      .from_us = asked->from_us,
                                      .to_us = asked->to_us,
                                      .at_us = at_us};
    return evidence_holds(db, &about, error);
}

/* What the catalog knows of the cameras: evidence_camera_facts() of each, their clocks, and what
 * holds their footage. */
static bool read_catalog(const DataFolder *folder, const Asked *asked, int64_t at_us,
                         GPtrArray *facts, GArray **clocks, GArray **holds, GError **error)
{
    const GArray *cameras = asked->cameras;
    g_autoptr(Catalog) catalog = catalog_open(folder->catalog, error);
    g_autoptr(CatalogDb) db = catalog ? catalog_read(catalog, error) : NULL;
    for (size_t i = 0; db && i < cameras->len; i++) {
        char *one = evidence_camera_facts(db, &g_array_index(cameras, Uuid, i), error);
        if (!one)
            return false;
        g_ptr_array_add(facts, one);
    }
    *clocks = db ? evidence_clocks(db, (const Uuid *)(const void *)cameras->data, cameras->len,
                                   asked->from_us, asked->to_us, at_us, error)
                 : NULL;
    *holds = *clocks ? holds_of(db, asked, at_us, error) : NULL;
    return *holds != NULL;
}

static void tell(const Asked *asked, const EvidenceResult *result, const NodeKey *key)
{
    char id[UUID_TEXT], fingerprint[FINGERPRINT_TEXT];
    g_autofree char *bytes = g_format_size((guint64)result->bytes);
    if (result->gaps > 0)
        fprintf(stderr,
                "vonglau: %" PRId64 " gaps, %.1f s in all, have no pictures; continuity.json in "
                "the package tells them\n",
                result->gaps, (double)result->gap_us / 1e6);
    if (result->unproven > 0)
        fprintf(stderr,
                "vonglau: %u roots cannot be proven, for lines of other cameras under them are not "
                "to be had (is a volume away?); the seals hold all the same\n",
                result->unproven);
    printf("package %s\n%" PRId64 " files of footage, %s\nsha256 of manifest.json: %s\n"
           "key fingerprint: %s\n",
           uuid_text(&asked->package, id), result->files, bytes, result->manifest,
           public_key_fingerprint(node_key_public(key), fingerprint));
}

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static bool make(const Asked *asked, const Json *site, GError **error)
{
    g_autoptr(DataFolder) folder = data_folder_paths(asked->data);
    g_autoptr(GPtrArray) volumes = volume_paths(folder, error);
    g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) clocks = NULL, holds = NULL;
    const int64_t at_us = clock_now_us();
    bool read = volumes && read_catalog(folder, asked, at_us, facts, &clocks, &holds, error);
    g_autoptr(NodeKey) key = read ? node_key_open(folder->path, error) : NULL;
    if (!key)
        return false;
    g_autofree char *page = serve_verify_page();
    if (!page)
        fputs("vonglau: the app's verify.html is not installed: the package goes without it\n",
              stderr);
    g_ptr_array_add(volumes, NULL);
    EvidenceOrder order = {
        .data = folder->path,
        .volumes = (const char *const *)volumes->pdata,
        .cameras = (const Uuid *)(void *)asked->cameras->data,
        .facts = (const char *const *)facts->pdata,
        .camera_count = asked->cameras->len,
        .from_us = asked->from_us,
        .to_us = asked->to_us,
        .at_us = at_us,
        .ntp_us = clock_ntp_offset_us(),
        .id = asked->package,
        .reason = asked->reason,
        .basis = asked->basis,
        .made = "console",
        .site = text_of(site, "site"),
        .zone = text_of(site, "time_zone"),
        .clocks = (const PackageClock *)(void *)clocks->data,
        .holds = (const EvidenceHold *)(void *)holds->data,
        .hold_count = holds->len,
        .page = page,
        .key = key,
    };
    EvidenceResult result;
    Progress progress = progress_begin("evidence");
    bool made = evidence_make(&order, asked->out, show, &progress, &result, error);
    progress_end(&progress);
    if (made)
        tell(asked, &result, key);
    return made;
}

static bool run(const Asked *asked, GError **error)
{
    g_autoptr(Json) site = prepare(asked, error);
    if (!site)
        return false;
    if (!json_is_true(json_object_get(site, "sealed")))
        fprintf(stderr, "vonglau: some footage of this span could not be sealed in time and is not "
                        "in the package; see vonglau doctor\n");
    return make(asked, site, error);
}

/* Ids, by commas, each once. */
static bool read_cameras(const char *text, GArray *cameras)
{
    g_auto(GStrv) ids = g_strsplit(text, ",", -1);
    for (char **id = ids; *id; id++) {
        Uuid camera;
        bool known = false;
        if (!uuid_parse(g_strstrip(*id), &camera) || cameras->len == PACKAGE_CAMERAS_MOST)
            return false;
        for (size_t i = 0; i < cameras->len; i++)
            known = known || uuid_equal(&g_array_index(cameras, Uuid, i), &camera);
        if (!known)
            g_array_append_val(cameras, camera);
    }
    return cameras->len > 0;
}

static int check(Asked *asked, const char *cameras, const char *from, const char *to)
{
    if (!read_cameras(cameras, asked->cameras))
        return command_usage("--camera takes up to %d ids of cameras, by commas; vonglau camera "
                             "list shows them",
                             PACKAGE_CAMERAS_MOST);
    if (!time_parse(from, &asked->from_us) || !time_parse(to, &asked->to_us))
        return command_usage("--from and --to take times such as 2026-11-24T07:30:00Z or "
                             "2026-11-24T14:30:00+07:00");
    if (asked->from_us >= asked->to_us)
        return command_usage("--from must be before --to");
    if (asked->to_us - asked->from_us > PACKAGE_SPAN_MOST_US)
        return command_usage("a package holds 31 days at most");
    int64_t now_us = clock_now_us();
    if (asked->to_us > now_us + CLOCKS_APART_US || asked->from_us >= now_us)
        return command_usage("--to lies in the future: nothing is recorded there yet");
    asked->to_us = MIN(asked->to_us, now_us / 1000 * 1000); /* times on the API are to the ms */
    glong length = g_utf8_validate(asked->reason, -1, NULL) ? g_utf8_strlen(asked->reason, -1) : 0;
    if (length < PACKAGE_REASON_LEAST || length > PACKAGE_REASON_MOST)
        return command_usage("--reason takes %d to %d characters: why the footage is handed over",
                             PACKAGE_REASON_LEAST, PACKAGE_REASON_MOST);
    length = g_utf8_validate(asked->basis, -1, NULL) ? g_utf8_strlen(asked->basis, -1) : -1;
    if (length < 0 || length > PACKAGE_BASIS_MOST)
        return command_usage(
            "--basis takes up to %d characters: the law by which it is handed over",
            PACKAGE_BASIS_MOST);
    return EXIT_OK;
}

int command_evidence(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "upgrade") == 0)
        return evidence_upgrade_run(argc - 1, argv + 1);
    g_autofree char *data = NULL, *cameras = NULL, *from = NULL, *to = NULL, *out = NULL;
    g_autofree char *reason = NULL, *basis = NULL;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder", "DIR"},
        {"camera", 0, 0, G_OPTION_ARG_STRING, &cameras, "Cameras, by commas", "ID[,ID…]"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &from, "First instant, such as 2026-11-24T07:30:00Z",
         "T"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &to, "Last instant", "T"},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &reason,
         "Why; stands in the package and in the audit log", "TEXT"},
        {"basis", 0, 0, G_OPTION_ARG_STRING, &basis,
         "By which law it is handed over; stands in the package", "TEXT"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "File to write", "FILE.zip"},
        {NULL}};
    int status;
    if (!command_options("evidence --camera ID[,ID…] --from T --to T --reason TEXT "
                         "[--basis TEXT] --out FILE.zip --data DIR",
                         "Makes an evidence package: original footage, byte for byte, with all "
                         "that anybody needs\nto check it. Noted in the audit log. Proofs that "
                         "come later: vonglau evidence upgrade --help.",
                         entries, &argc, &argv, &status))
        return status;
    if (!data || !cameras || !from || !to || !reason || !out || argc > 1)
        return command_usage("evidence needs --data, --camera, --from, --to, --reason and --out; "
                             "see vonglau evidence --help");
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(Uuid));
    Asked asked = {.data = data,
                   .out = out,
                   .reason = g_strstrip(reason),
                   .basis = basis ? g_strstrip(basis) : "",
                   .cameras = ids};
    asked.package = uuid_new();
    status = check(&asked, cameras, from, to);
    if (status != EXIT_OK)
        return status;
    g_autoptr(GError) error = NULL;
    return run(&asked, &error) ? EXIT_OK : command_fail(error);
}
