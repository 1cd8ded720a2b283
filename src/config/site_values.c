/* What the whole site is set to: a table of values, each a text in the catalog and in site.json. */
#include "base/clock.h"
#include "base/log.h"
#include "catalog/settings.h"
#include "config/language.h"
#include "config/masks.h"
#include "config/pending_state.h"
#include "config/site_state.h"
#include "config/text_rules.h"

#include <inttypes.h>
#include <string.h>

enum {
    NAME_MOST = 80,
    REPORT_NEAR_MOST_M = 2000,
    CASE_HOURS_MOST = 365 * 24,
    CONTACT_MOST = 300,
    PRIVACY_MOST = 600,
    BASES_MOST = 12
};

static bool check_name(const char *text, char **kept, GError **error)
{
    return text_rule(kept, "name", text, 1, NAME_MOST, error);
}

static bool check_time_zone(const char *text, char **kept, GError **error)
{
    if (!text_is_time_zone(text))
        return err_set(error, ERR_INVALID,
                       "‘time_zone’: ‘%.80s’ is not known; use a name such as Asia/Ho_Chi_Minh",
                       text);
    *kept = g_strdup(text);
    return true;
}

static bool check_language(const char *text, char **kept, GError **error)
{
    if (!language_is_known(text))
        return err_set(error, ERR_INVALID, "‘language’ must be vi or en");
    *kept = g_strdup(text);
    return true;
}

static bool check_reasons(const char *text, char **kept, GError **error)
{
    if (strcmp(text, SITE_REASONS_CASE) != 0 && strcmp(text, SITE_REASONS_FREE) != 0)
        return err_set(error, ERR_INVALID,
                       "‘reasons’ must be " SITE_REASONS_CASE " or " SITE_REASONS_FREE);
    *kept = g_strdup(text);
    return true;
}

static bool check_number(const char *name, const char *text, int least, int most, char **kept,
                         GError **error)
{
    gint64 number;
    if (!g_ascii_string_to_signed(text, 10, least, most, &number, NULL))
        return err_set(error, ERR_INVALID, "‘%s’ must be %d to %d", name, least, most);
    *kept = g_strdup_printf("%" PRId64, (int64_t)number);
    return true;
}

static bool check_public_locations(const char *text, char **kept, GError **error)
{
    if (strcmp(text, "names") != 0 && strcmp(text, "none") != 0)
        return err_set(error, ERR_INVALID, "‘public_locations’ must be names or none");
    *kept = g_strdup(text);
    return true;
}

static bool check_contact(const char *text, char **kept, GError **error)
{
    return text_rule(kept, "public_contact", text, 0, CONTACT_MOST, error);
}

static bool check_purpose(const char *text, char **kept, GError **error)
{
    return text_rule(kept, "privacy_purpose", text, 1, PRIVACY_MOST, error);
}

static bool check_basis(const char *text, char **kept, GError **error)
{
    return text_rule(kept, "privacy_basis", text, 1, PRIVACY_MOST, error);
}

static bool check_bytes(const char *text, char **kept, GError **error)
{
    gint64 bytes;
    if (!g_ascii_string_to_signed(text, 10, 0, INT64_MAX, &bytes, NULL) ||
        (bytes && bytes < RETENTION_BYTES_LEAST))
        return err_set(error, ERR_INVALID,
                       "‘retention_bytes’ must be 0 (no bound) or at least %" PRId64,
                       RETENTION_BYTES_LEAST);
    *kept = g_strdup_printf("%" PRId64, (int64_t)bytes);
    return true;
}

static bool check_approval(const char *text, char **kept, GError **error)
{
    static const char *const known[] = {"before", "within-24h", "none", NULL};
    if (!g_strv_contains(known, text))
        return err_set(error, ERR_INVALID, "‘package_approval’ must be before, within-24h or none");
    *kept = g_strdup(text);
    return true;
}

/* A line each; none of them is empty or twice there. */
static bool check_bases(const char *text, char **kept, GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) asked = g_strsplit(text, "\n", BASES_MOST + 1);
    for (char **one = asked; *one; one++) {
        char *line = NULL;
        if (!text_rule(&line, "package_bases", *one, 0, SITE_BASIS_MOST, error))
            return false;
        const long length = g_utf8_strlen(line, -1);
        if (length == 0 || g_ptr_array_find_with_equal_func(lines, line, g_str_equal, NULL))
            g_free(line);
        else
            g_ptr_array_add(lines, line);
        if (length > 0 && length < SITE_BASIS_LEAST)
            return err_set(error, ERR_INVALID, "‘package_bases’: a line has %d characters at least",
                           SITE_BASIS_LEAST);
    }
    if (lines->len == 0 || lines->len > BASES_MOST)
        return err_set(error, ERR_INVALID, "‘package_bases’ must be 1 to %d lines", BASES_MOST);
    g_ptr_array_add(lines, NULL);
    *kept = g_strjoinv("\n", (char **)lines->pdata);
    return true;
}

typedef struct ValueRule {
    const char *name;    /* on the API, in site.json, and for people: which one is wrong */
    const char *setting; /* in the catalog */
    const char *fallback;
    bool (*check)(const char *text, char **kept, GError **error); /* NULL: a whole number … */
    int least, most;                                              /* … from, to */
} ValueRule;

static const ValueRule rules[SITE_VALUES] = {
    [SITE_VALUE_NAME] = {"name", "site-name", "Vọng Lâu", check_name, 0, 0},
    [SITE_VALUE_TIME_ZONE] = {"time_zone", "time-zone", "Asia/Ho_Chi_Minh", check_time_zone, 0, 0},
    [SITE_VALUE_LANGUAGE] = {"language", "language", LANGUAGE_USUAL, check_language, 0, 0},
    [SITE_VALUE_RETENTION_DAYS] = {"retention_days", "retention-days",
                                   G_STRINGIFY(CONFIG_RETENTION_DAYS_DEFAULT), NULL, 1,
                                   RETENTION_DAYS_MOST},
    [SITE_VALUE_RETENTION_BYTES] = {"retention_bytes", "retention-bytes", "0", check_bytes, 0, 0},
    [SITE_VALUE_REPORT_RISE_MINUTES] = {"report_rise_minutes", "report-rise-minutes", "15", NULL, 1,
                                        DAY_MINUTES},
    [SITE_VALUE_REPORT_NEAR_M] = {"report_near_m", "report-near-m", "100", NULL, 10,
                                  REPORT_NEAR_MOST_M},
    [SITE_VALUE_REPORT_MARGIN_MINUTES] = {"report_margin_minutes", "report-margin-minutes", "10",
                                          NULL, 0, 60},
    [SITE_VALUE_HELD_ALARM_PERCENT] = {"held_alarm_percent", "held-alarm-percent", "50", NULL, 5,
                                       95},
    [SITE_VALUE_REPORT_KEEP_DAYS] = {"report_keep_days", "report-keep-days", "730", NULL, 0,
                                     RETENTION_DAYS_MOST},
    [SITE_VALUE_REPORT_KEEP_REJECTED_DAYS] = {"report_keep_rejected_days",
                                              "report-keep-rejected-days", "180", NULL, 0,
                                              RETENTION_DAYS_MOST},
    [SITE_VALUE_GIVEN_KEEP_DAYS] = {"given_keep_days", "given-keep-days", "30", NULL, 1, 365},
    [SITE_VALUE_PRIVACY_ANSWER_DAYS] = {"privacy_answer_days", "privacy-answer-days", "2", NULL, 1,
                                        30},
    [SITE_VALUE_REASONS] = {"reasons", "reasons", SITE_REASONS_CASE, check_reasons, 0, 0},
    [SITE_VALUE_CASE_HOURS_NEW] = {"case_hours_new", "case-hours-new", "1", NULL, 1,
                                   CASE_HOURS_MOST},
    [SITE_VALUE_CASE_HOURS_SEARCHING] = {"case_hours_searching", "case-hours-searching", "24", NULL,
                                         1, CASE_HOURS_MOST},
    [SITE_VALUE_CASE_HOURS_PRESERVED] = {"case_hours_preserved", "case-hours-preserved", "72", NULL,
                                         1, CASE_HOURS_MOST},
    [SITE_VALUE_CASE_HOURS_EXPORTED] = {"case_hours_exported", "case-hours-exported", "168", NULL,
                                        1, CASE_HOURS_MOST},
    [SITE_VALUE_CASE_HOURS_DECIDED] = {"case_hours_decided", "case-hours-decided", "72", NULL, 1,
                                       CASE_HOURS_MOST},
    [SITE_VALUE_CASE_HOURS_REOPENED] = {"case_hours_reopened", "case-hours-reopened", "24", NULL, 1,
                                        CASE_HOURS_MOST},
    [SITE_VALUE_PACKAGE_APPROVAL] = {"package_approval", "package-approval", "before",
                                     check_approval, 0, 0},
    [SITE_VALUE_PACKAGE_BASES] =
        {"package_bases", "package-bases",
         "Luật Xử lý vi phạm hành chính số 15/2012/QH13, Điều 59: xác minh tình tiết vụ việc\n"
         "Bộ luật Tố tụng hình sự số 101/2015/QH13, Điều 88 và Điều 99: thu thập chứng cứ, dữ liệu "
         "điện tử\n"
         "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, Điều 32: ghi hình nơi công cộng",
         check_bases, 0, 0},
    [SITE_VALUE_UNMASK_MINUTES] = {"unmask_minutes", "unmask-minutes", "15", NULL, 1,
                                   LIFTING_MINUTES_MOST},
    [SITE_VALUE_PUBLIC_LOCATIONS] = {"public_locations", "public-locations", "names",
                                     check_public_locations, 0, 0},
    [SITE_VALUE_PUBLIC_CONTACT] = {"public_contact", "public-contact", "", check_contact, 0, 0},
    [SITE_VALUE_PRIVACY_PURPOSE] = {"privacy_purpose", "privacy-purpose",
                                    "Bảo đảm an ninh, trật tự, an toàn xã hội nơi công cộng; tiếp "
                                    "nhận và giải quyết tin báo của người dân.",
                                    check_purpose, 0, 0},
    [SITE_VALUE_PRIVACY_BASIS] = {"privacy_basis", "privacy-basis",
                                  "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, Điều 32; Nghị định "
                                  "số 356/2025/NĐ-CP.",
                                  check_basis, 0, 0},
};

static bool check_value(int value, const char *text, char **kept, GError **error)
{
    const ValueRule *rule = &rules[value];
    return rule->check ? rule->check(text, kept, error)
                       : check_number(rule->name, text, rule->least, rule->most, kept, error);
}

const char *site_value_name(SiteValue value)
{
    return rules[value].name;
}

char *site_value(Site *site, SiteValue value)
{
    pthread_mutex_lock(&site->lock);
    char *copy = g_strdup(site->values[value]);
    pthread_mutex_unlock(&site->lock);
    return copy;
}

bool site_value_is_number(SiteValue value)
{
    return g_ascii_isdigit(*rules[value].fallback);
}

int64_t site_number(Site *site, SiteValue value)
{
    pthread_mutex_lock(&site->lock);
    int64_t number = g_ascii_strtoll(site->values[value], NULL, 10);
    pthread_mutex_unlock(&site->lock);
    return number;
}

bool site_value_locked(Site *site, SiteValue value)
{
    pthread_mutex_lock(&site->lock);
    bool locked = site->value_locked[value];
    pthread_mutex_unlock(&site->lock);
    return locked;
}

char *site_name(Site *site)
{
    return site_value(site, SITE_VALUE_NAME);
}

char *site_time_zone(Site *site)
{
    return site_value(site, SITE_VALUE_TIME_ZONE);
}

char *site_language(Site *site)
{
    return site_value(site, SITE_VALUE_LANGUAGE);
}

SiteRetention site_retention(Site *site)
{
    return (SiteRetention){site_number(site, SITE_VALUE_RETENTION_DAYS),
                           site_number(site, SITE_VALUE_RETENTION_BYTES)};
}

/* One that is damaged, or that nobody set, is the fallback. */
bool site_values_load(Site *site, CatalogDb *db, GError **error)
{
    for (int i = 0; i < SITE_VALUES; i++) {
        g_autofree char *text = NULL;
        if (!settings_get(db, rules[i].setting, &text, error))
            return false;
        if (text && check_value(i, text, &site->values[i], NULL))
            continue;
        site->values[i] = g_strdup(rules[i].fallback);
        if (text)
            log_warning("site.setting",
                        "setting=%s cause=\"what is stored is not valid here\" used=\"%s\" "
                        "advice=\"set it again\"",
                        rules[i].name, rules[i].fallback);
    }
    return true;
}

bool site_values_restore(CatalogDb *db, const Json *whole, GError **error)
{
    for (int i = 0; i < SITE_VALUES; i++) {
        const char *text = NULL;
        if (!json_get_text(whole, rules[i].name, &text, error))
            return false;
        if (text && !settings_put(db, rules[i].setting, text, error))
            return false;
    }
    return true;
}

bool site_value_put(CatalogDb *db, SiteValue value, const char *text, GError **error)
{
    return settings_put(db, rules[value].setting, text, error);
}

/* What becomes durable together. */
typedef struct Setting {
    char *values[SITE_VALUES]; /* owned; NULL: stays */
    bool any;
    PendingAsk *ask; /* NULL: nothing waits for a second person */
} Setting;

static bool put_setting(CatalogDb *db, void *data, GError **error)
{
    const Setting *setting = data;
    for (int i = 0; i < SITE_VALUES; i++)
        if (setting->values[i] && !site_value_put(db, (SiteValue)i, setting->values[i], error))
            return false;
    return !setting->ask || pending_put_all(db, setting->ask->waits, error);
}

/* Within a turn. What is to change is left in `values`, the rest cleared. */
static bool choose_values(Site *site, const char *const asked[SITE_VALUES], bool by_file,
                          char *values[SITE_VALUES], bool *any, GError **error)
{
    for (int i = 0; i < SITE_VALUES; i++) {
        if (!asked[i])
            continue;
        if (!check_value(i, asked[i], &values[i], error))
            return false;
        if (g_strcmp0(values[i], site->values[i]) == 0) /* only a turn changes them */
            g_clear_pointer(&values[i], g_free);
        else if (site->value_locked[i] && !by_file)
            return err_set(error, ERR_DENIED,
                           "‘%s’ is set by the configuration file: change it there", rules[i].name);
        *any |= values[i] != NULL;
    }
    return true;
}

void site_value_take(Site *site, SiteValue value, const char *text)
{
    pthread_mutex_lock(&site->lock);
    g_free(site->values[value]);
    site->values[value] = g_strdup(text);
    pthread_mutex_unlock(&site->lock);
}

/* Within a turn: what takes two persons is not left in it, but waits. */
static bool hold_back(Site *site, Setting *setting, GError **error)
{
    setting->any = false;
    for (int i = 0; i < SITE_VALUES; i++) {
        const char *value = setting->values[i], *before = site->values[i];
        if (value && pending_is_weaker((SiteValue)i, before, value)) {
            const PendingWish wish = {NULL, rules[i].name, value, before, value};
            if (!pending_hold_back(site, setting->ask, &wish, error))
                return false;
            g_clear_pointer(&setting->values[i], g_free);
        }
        setting->any |= setting->values[i] != NULL;
    }
    return true;
}

/* Within a turn: makes it durable, then visible. */
static bool settle(Site *site, Setting *setting, GError **error)
{
    const GPtrArray *waits = setting->ask ? setting->ask->waits : NULL;
    if (!setting->any && !waits)
        return true;
    if (!catalog_write_wait(site->catalog, put_setting, setting, error))
        return false;
    pending_take_all(site, waits);
    for (int i = 0; i < SITE_VALUES; i++)
        if (setting->values[i])
            site_value_take(site, (SiteValue)i, setting->values[i]);
    if (!setting->any)
        return true;
    site_write_file(site);
    site_tell(site, SITE_SETTINGS_CHANGED, &site->node);
    return true;
}

static bool set_values(Site *site, const char *const asked[SITE_VALUES], bool by_file,
                       PendingAsk *ask, GError **error)
{
    Setting setting = {.ask = ask};
    turn_begin(&site->change);
    bool set = choose_values(site, asked, by_file, setting.values, &setting.any, error) &&
               (!ask || hold_back(site, &setting, error)) && settle(site, &setting, error);
    turn_end(&site->change);
    for (int i = 0; i < SITE_VALUES; i++)
        g_free(setting.values[i]);
    return set;
}

bool site_set(Site *site, const char *const asked[SITE_VALUES], GError **error)
{
    return set_values(site, asked, false, NULL, error);
}

bool site_set_asked(Site *site, const char *const asked[SITE_VALUES], PendingAsk *ask,
                    GError **error)
{
    return set_values(site, asked, false, ask, error);
}

bool site_values_apply(Site *site, const Config *config, GError **error)
{
    g_autofree char *days =
        config->retention.days ? g_strdup_printf("%u", config->retention.days) : NULL;
    g_autofree char *bytes =
        config->retention.bytes ? g_strdup_printf("%" PRIu64, config->retention.bytes) : NULL;
    g_autofree char *minutes =
        config->site.unmask_minutes ? g_strdup_printf("%u", config->site.unmask_minutes) : NULL;
    const char *const asked[SITE_VALUES] = {
        [SITE_VALUE_NAME] = config->site.name,
        [SITE_VALUE_TIME_ZONE] = config->site.time_zone,
        [SITE_VALUE_LANGUAGE] = config->site.language,
        [SITE_VALUE_RETENTION_DAYS] = days,
        [SITE_VALUE_RETENTION_BYTES] = bytes,
        [SITE_VALUE_UNMASK_MINUTES] = minutes,
    };
    if (!set_values(site, asked, true, NULL, error))
        return false;
    pthread_mutex_lock(&site->lock);
    for (int i = 0; i < SITE_VALUES; i++)
        site->value_locked[i] = asked[i] != NULL;
    pthread_mutex_unlock(&site->lock);
    return true;
}
