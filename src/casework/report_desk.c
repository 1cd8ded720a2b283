#include "casework/report_desk_state.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "casework/case.h"
#include "casework/report_hold.h"
#include "casework/report_privacy.h"
#include "config/site_day.h"

#include <string.h>
#include <unistd.h>

/* Of one address, which many phones of a network may share; of all; of an account. */
static const GateRule of_address = {20, MINUTE_US}, of_all = {120, 5 * SECOND_US};
static const GateRule of_account = {30, 10 * SECOND_US}, of_accounts = {300, SECOND_US};
static const GateRule looks_each = {60, 2 * SECOND_US}, looks_all = {600, SECOND_US / 10};

/* So long a phone may send the same report anew. */
#define AGAIN_US HOUR_US
#define LAPSED_LOOK_US (10 * MINUTE_US)
enum { RISING_MOST = 50, JOINED_MOST = 100 };

static void clear_incoming(const ReportDesk *desk)
{
    g_autoptr(GPtrArray) names = folder_names(desk->incoming);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(desk->incoming, names->pdata[i], NULL);
        unlink(path);
    }
}

const char *report_desk_incoming(const ReportDesk *desk)
{
    return desk->incoming;
}

ReportDesk *report_desk_new(Catalog *catalog, Site *site, Archive *archive, const char *folder)
{
    g_autoptr(GError) error = NULL;
    ReportDesk *desk = g_new0(ReportDesk, 1);
    desk->catalog = catalog;
    desk->site = site;
    desk->archive = archive;
    desk->folder = g_strdup(folder);
    desk->incoming = g_build_filename(folder, "incoming", NULL);
    clear_incoming(desk);
    if (!report_desk_erase_again(desk, &error))
        log_error("report.erased", "cause=\"%s\"", error->message);
    desk->residents = gate_new(of_address, of_all);
    desk->accounts = gate_new(of_account, of_accounts);
    desk->looks = gate_new(looks_each, looks_all);
    return desk;
}

void report_desk_free(ReportDesk *desk)
{
    if (!desk)
        return;
    gate_free(desk->residents);
    gate_free(desk->accounts);
    gate_free(desk->looks);
    g_free(desk->folder);
    g_free(desk->incoming);
    g_free(desk);
}

void report_desk_listen(ReportDesk *desk, ReportListener listener, void *data)
{
    desk->listener = listener;
    desk->listener_data = data;
}

void report_desk_news(const ReportDesk *desk, const ReportRow *row, ReportNews news)
{
    if (desk->listener)
        desk->listener(desk->listener_data, row, news);
}

int64_t report_desk_wait_us(ReportDesk *desk, const char *who, bool resident)
{
    int64_t wait_us = gate_pass(resident ? desk->residents : desk->accounts, who, clock_mono_us());
    if (wait_us)
        log_warning("report.flood", "cause=\"more reports than are taken in\" resident=%d",
                    resident);
    return wait_us;
}

int64_t report_desk_look_wait_us(ReportDesk *desk, const char *address)
{
    return gate_pass(desk->looks, address, clock_mono_us());
}

/* ---- taking one in ---- */

static int year_of(Site *site, int64_t at_us)
{
    g_autofree char *day = site_day_text(site, at_us);
    return (int)g_ascii_strtoll(day, NULL, 10);
}

static void make_secret(ReportRow *row, char **secret)
{
    *secret = secret_token(REPORT_SECRET_BYTES);
    sha256(*secret, strlen(*secret), row->secret);
}

/* On the writer's thread; it may be run again after the catalog was mended. */
typedef struct Telling {
    ReportRow *row;
    ReportRow *known; /* with the same key */
} Telling;

static bool add_report(CatalogDb *db, const Telling *telling, GError **error)
{
    ReportRow *row = telling->row;
    if (!reports_add(db, row, error))
        return false;
    for (guint i = 0; i < row->holds->len; i++)
        if (!reports_add_hold(db, row, &g_array_index(row->holds, ReportHoldRow, i), error))
            return false;
    return true;
}

static bool put_again(CatalogDb *db, Telling *telling, GError **error)
{
    ReportRow *row = telling->row, *known = telling->known;
    if (!uuid_equal(&known->by, &row->by) || row->told_us - known->told_us > AGAIN_US)
        return err_set(error, ERR_EXISTS, "‘key’ is of another report: make a new one");
    memcpy(known->secret, row->secret, sizeof known->secret);
    return reports_put(db, known, error);
}

static bool write_telling(CatalogDb *db, void *data, GError **error)
{
    Telling *telling = data;
    g_autoptr(GError) missing = NULL;
    g_clear_pointer(&telling->known, report_row_free);
    if (uuid_is_nil(&telling->row->key))
        return add_report(db, telling, error);
    telling->known = reports_get_key(db, &telling->row->key, &missing);
    if (telling->known)
        return put_again(db, telling, error);
    if (!g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    return add_report(db, telling, error);
}

static bool is_known(const ReportDesk *desk, const Uuid *key)
{
    g_autoptr(CatalogDb) db = uuid_is_nil(key) ? NULL : catalog_read(desk->catalog, NULL);
    g_autoptr(ReportRow) known = db ? reports_get_key(db, key, NULL) : NULL;
    return known != NULL;
}

static bool names_what_is(const ReportDesk *desk, const ReportRow *row, GError **error)
{
    g_autoptr(LocationRow) location = site_location_get(desk->site, &row->location);
    g_autoptr(CameraRow) camera = site_camera_get(desk->site, &row->camera);
    if (!location && !uuid_is_nil(&row->location))
        return err_set(error, ERR_INVALID, "‘location’ is none of this site");
    return camera || uuid_is_nil(&row->camera) ||
           err_set(error, ERR_INVALID, "‘camera’ is none of this site");
}

ReportRow *report_desk_tell(ReportDesk *desk, const ReportTold *told, const Uuid *by, char **secret,
                            bool *again, GError **error)
{
    int64_t now_us = clock_now_us();
    bool resident = uuid_is_nil(by);
    g_autoptr(ReportRow) row = report_of(told, now_us, error);
    if (!row || !names_what_is(desk, row, error))
        return NULL;
    row->by = *by;
    row->year = year_of(desk->site, now_us);
    secret_auto char *made = NULL;
    if (resident)
        make_secret(row, &made);
    if (!is_known(desk, &row->key))
        report_hold(desk->archive, desk->site, row,
                    resident ? REPORT_HOLDER_RESIDENT : REPORT_HOLDER_ACCOUNT, now_us);
    Telling telling = {.row = row};
    bool written = catalog_write_wait(desk->catalog, write_telling, &telling, error);
    g_autoptr(ReportRow) known = telling.known;
    if (!written)
        return NULL;
    *secret = g_steal_pointer(&made);
    *again = known != NULL;
    if (known)
        return g_steal_pointer(&known);
    report_desk_news(desk, row, REPORT_NEWS_TOLD);
    return g_steal_pointer(&row);
}

/* ---- following it ---- */

ReportRow *report_joined(CatalogDb *db, int64_t ref, GError **error)
{
    ReportRow *row = reports_get_ref(db, ref, error);
    for (int steps = 0; row && row->joined_ref && steps < JOINED_MOST; steps++) {
        ReportRow *next = reports_get_ref(db, row->joined_ref, error);
        report_row_free(row);
        row = next;
    }
    return row;
}

ReportRow *report_desk_follow(ReportDesk *desk, const char *number, const char *secret,
                              ReportRow **joined, GError **error)
{
    int year, seq;
    uint8_t digest[SHA256_BYTES];
    static const uint8_t none[SHA256_BYTES];
    *joined = NULL;
    sha256(secret, strlen(secret), digest);
    g_autoptr(GError) missing = NULL;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    if (!db)
        return NULL;
    g_autoptr(ReportRow) row = report_number_parse(number, &year, &seq)
                                   ? reports_get_number(db, year, seq, &missing)
                                   : NULL;
    if (missing && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return NULL;
    }
    if (!row || memcmp(row->secret, none, sizeof none) == 0 ||
        memcmp(row->secret, digest, sizeof digest) != 0) {
        err_set(error, ERR_NOT_FOUND, "there is no report of this number and secret");
        return NULL;
    }
    *joined = row->joined_ref ? report_joined(db, row->joined_ref, error) : NULL;
    if (row->joined_ref && !*joined)
        return NULL;
    return g_steal_pointer(&row);
}

/* ---- what waits ---- */

/* 0 stands in `rose_us` where somebody took it meanwhile, or answered. */
static bool write_rise(CatalogDb *db, void *data, GError **error)
{
    ReportRow *asked = data;
    g_autoptr(ReportRow) row = reports_get(db, &asked->id, error);
    if (!row)
        return false;
    if (strcmp(row->state, asked->state) != 0 || row->taken_us != asked->taken_us) {
        asked->rose_us = 0;
        return true;
    }
    row->rose_us = asked->rose_us;
    return reports_put(db, row, error);
}

/* `rows` are ReportRow *, and taken. */
static bool raise_rows(ReportDesk *desk, GPtrArray *rows, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) owned = rows;
    for (guint i = 0; i < owned->len; i++) {
        ReportRow *row = owned->pdata[i];
        row->rose_us = now_us;
        if (!catalog_write_wait(desk->catalog, write_rise, row, error))
            return false;
        if (row->rose_us)
            report_desk_news(desk, row, REPORT_NEWS_RISES);
    }
    return true;
}

/* What nobody has taken, and what was taken and then left: without an answer and without a case. */
static bool raise_waiting(ReportDesk *desk, int64_t now_us, GError **error)
{
    int64_t wait_us = site_number(desk->site, SITE_VALUE_REPORT_RISE_MINUTES) * MINUTE_US;
    int64_t before_us = now_us - wait_us;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(GPtrArray) waiting =
        db ? reports_waiting(db, REPORT_NEW, before_us, RISING_MOST, error) : NULL;
    g_autoptr(GPtrArray) left =
        waiting ? reports_unanswered(db, REPORT_TAKEN, before_us, case_lets_go, RISING_MOST, error)
                : NULL;
    if (!left)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    return raise_rows(desk, g_steal_pointer(&waiting), now_us, error) &&
           raise_rows(desk, g_steal_pointer(&left), now_us, error);
}

void report_desk_look(ReportDesk *desk)
{
    g_autoptr(GError) error = NULL, hold_error = NULL, expire_error = NULL;
    int64_t mono_us = clock_mono_us();
    if (!raise_waiting(desk, clock_now_us(), &error))
        log_error("report.look", "cause=\"%s\"", error->message);
    if (mono_us < atomic_load(&desk->lapsed_look_us))
        return;
    atomic_store(&desk->lapsed_look_us, mono_us + LAPSED_LOOK_US);
    if (!archive_end_lapsed_holds(desk->archive, &hold_error))
        log_error("report.holds", "cause=\"%s\"", hold_error->message);
    if (!report_desk_erase_again(desk, &expire_error) ||
        !report_desk_expire(desk, archive_due_us(desk->archive), &expire_error))
        log_error("report.expire", "cause=\"%s\"", expire_error->message);
}
