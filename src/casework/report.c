#include "casework/report.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define AHEAD_MOST_US (5 * MINUTE_US) /* phones' clocks */
#define AGE_MOST_US (30 * DAY_US)
#define SPAN_MOST_RESIDENT_US DAY_US
#define SPAN_MOST_US (7 * DAY_US)

enum { NAME_MOST = 100, PHONE_MOST = 30, VNEID_MOST = 40 };

const char *const report_kinds[] = {"public-order",  "fight",       "theft", "traffic-accident",
                                    "street-racing", "environment", "fire",  "missing",
                                    "camera-damage", "other",       NULL};
const char *const report_sources[] = {
    REPORT_BY_VILLAGE_HEAD, REPORT_BY_OFFICER, "patrol", "phone", "vneid", NULL};
const char *const report_states[] = {REPORT_NEW,      REPORT_TAKEN,  REPORT_ANSWERED,
                                     REPORT_REJECTED, REPORT_JOINED, NULL};
const char *const report_spans[] = {"just-now", "half-hour",  "before-morning-market",
                                    "morning",  "noon",       "afternoon",
                                    "evening",  "last-night", "exact",
                                    NULL};

/* ---- texts ---- */

static bool is_plain(const char *text, bool lines)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_iscntrl(c) && !(lines && (c == '\n' || c == '\r' || c == '\t')))
            return false;
    }
    return true;
}

bool report_text(char **stored, const char *member, const char *text, long least, long most,
                 bool lines, GError **error)
{
    g_autofree char *composed = g_utf8_normalize(text ? text : "", -1, G_NORMALIZE_NFC);
    if (!composed)
        return err_set(error, ERR_INVALID, "‘%s’ is no text", member);
    g_strstrip(composed);
    long letters = g_utf8_strlen(composed, -1);
    if (letters < least || letters > most)
        return err_set(error, ERR_INVALID, "‘%s’ must have %ld to %ld letters", member, least,
                       most);
    if (!is_plain(composed, lines))
        return err_set(error, ERR_INVALID, "‘%s’ must not have control characters", member);
    g_free(*stored);
    *stored = g_steal_pointer(&composed);
    return true;
}

/* ---- what, when, where ---- */

static bool is_one_of(const char *member, const char *text, const char *const *words,
                      GError **error)
{
    if (text && g_strv_contains(words, text))
        return true;
    g_autofree char *list = g_strjoinv(", ", (char **)words);
    return err_set(error, ERR_INVALID, "‘%s’ must be one of %s", member, list);
}

bool report_kind_check(const char *kind, GError **error)
{
    return is_one_of("kind", kind, report_kinds, error);
}

static bool check_words(const ReportTold *told, bool resident, GError **error)
{
    return report_kind_check(told->kind, error) &&
           (resident || is_one_of("source", told->source, report_sources, error)) &&
           (!told->span_words || is_one_of("span_words", told->span_words, report_spans, error));
}

bool report_span_check(int64_t from_us, int64_t to_us, bool resident, int64_t now_us,
                       GError **error)
{
    if (to_us < from_us)
        return err_set(error, ERR_INVALID, "‘from’ must not be after ‘to’");
    if (to_us > now_us + AHEAD_MOST_US)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: is the clock of the phone right?");
    if (from_us < now_us - AGE_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must not be more than 30 days ago");
    if (to_us - from_us > (resident ? SPAN_MOST_RESIDENT_US : SPAN_MOST_US))
        return err_set(error, ERR_INVALID, "from ‘from’ to ‘to’ may be at most %s",
                       resident ? "24 hours" : "7 days");
    return true;
}

bool report_place_check(const PlacePoint *place, GError **error)
{
    return !place || (fabs(place->latitude) <= 90 && fabs(place->longitude) <= 180) ||
           err_set(error, ERR_INVALID, "‘place’ must be a latitude and a longitude in degrees");
}

static void set_facts(ReportRow *row, const ReportTold *told, int64_t now_us)
{
    row->id = uuid_new();
    row->told_us = now_us;
    row->from_us = told->from_us;
    row->to_us = told->to_us;
    row->location = told->location ? *told->location : (Uuid){0};
    row->camera = told->camera ? *told->camera : (Uuid){0};
    row->key = told->key ? *told->key : (Uuid){0};
    row->has_place = told->place != NULL;
    row->latitude = told->place ? told->place->latitude : 0;
    row->longitude = told->place ? told->place->longitude : 0;
}

static bool set_texts(ReportRow *row, const ReportTold *told, bool resident, GError **error)
{
    g_free(row->kind);
    g_free(row->source);
    g_free(row->state);
    g_free(row->span_words);
    row->kind = g_strdup(told->kind);
    row->source = g_strdup(told->source);
    row->state = g_strdup(REPORT_NEW);
    row->span_words = g_strdup(told->span_words ? told->span_words : "");
    return report_text(&row->text, "text", told->text, resident, REPORT_TEXT_MOST, true, error) &&
           report_text(&row->where_text, "where", told->where, 0, REPORT_WHERE_MOST, false,
                       error) &&
           report_text(&row->vneid, "vneid", told->vneid, 0, VNEID_MOST, false, error) &&
           report_text(&row->reporter, "name", told->reporter, 0, NAME_MOST, false, error) &&
           report_text(&row->phone, "phone", told->phone, 0, PHONE_MOST, false, error);
}

static bool says_where(const ReportRow *row, GError **error)
{
    return !uuid_is_nil(&row->location) || row->has_place || !uuid_is_nil(&row->camera) ||
           *row->where_text ||
           err_set(error, ERR_INVALID, "a report must say where: ‘location’, ‘place’ or ‘where’");
}

ReportRow *report_of(const ReportTold *told, int64_t now_us, GError **error)
{
    bool resident = g_strcmp0(told->source, REPORT_BY_RESIDENT) == 0;
    if (!check_words(told, resident, error) ||
        !report_span_check(told->from_us, told->to_us, resident, now_us, error) ||
        !report_place_check(told->place, error))
        return NULL;
    g_autoptr(ReportRow) row = report_row_new();
    set_facts(row, told, now_us);
    return set_texts(row, told, resident, error) && says_where(row, error) ? g_steal_pointer(&row)
                                                                           : NULL;
}

/* ---- its number, its state ---- */

const char *report_number(int year, int seq, char text[REPORT_NUMBER_TEXT])
{
    snprintf(text, REPORT_NUMBER_TEXT, "%04d-%06d", year, seq);
    return text;
}

bool report_number_parse(const char *text, int *year, int *seq)
{
    const char *dash = strchr(text, '-');
    guint64 number;
    g_autofree char *first = dash == text + 4 ? g_strndup(text, 4) : NULL;
    if (!first || strlen(dash + 1) < 6 || strlen(dash + 1) > 9 ||
        !g_ascii_string_to_unsigned(first, 10, 2000, 9999, &number, NULL))
        return false;
    *year = (int)number;
    if (!g_ascii_string_to_unsigned(dash + 1, 10, 1, 999999999, &number, NULL))
        return false;
    *seq = (int)number;
    return true;
}

bool report_is_over(const ReportRow *row)
{
    return strcmp(row->state, REPORT_NEW) != 0 && strcmp(row->state, REPORT_TAKEN) != 0;
}
