#include "casework/case.h"

#include "base/clock.h"
#include "casework/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define AHEAD_MOST_US (5 * MINUTE_US) /* phones' clocks */
#define SPAN_MOST_US (31 * DAY_US)

const char *const case_outcomes[] = {"no-violation",       "mediated",         "administrative",
                                     "investigating-body", CASE_NOTHING_FOUND, NULL};
const char *const case_lets_go[] = {CASE_CLOSED, CASE_REJECTED, NULL};
const char *const case_over[] = {CASE_CLOSED, CASE_REJECTED, CASE_TRANSFERRED, NULL};

const char *const case_states[] = {
    CASE_NEW,    CASE_SEARCHING, CASE_PRESERVED,   CASE_EXPORTED, CASE_DECIDED,
    CASE_CLOSED, CASE_REJECTED,  CASE_TRANSFERRED, CASE_REOPENED, NULL};

/* ---- states ---- */

enum { NEXT_MOST = 7 };

static const struct {
    const char *state;
    const char *next[NEXT_MOST];
} courses[] = {
    {CASE_NEW, {CASE_SEARCHING, CASE_REJECTED, CASE_TRANSFERRED}},
    {CASE_SEARCHING, {CASE_PRESERVED, CASE_DECIDED, CASE_REJECTED, CASE_TRANSFERRED}},
    {CASE_PRESERVED, {CASE_SEARCHING, CASE_EXPORTED, CASE_DECIDED, CASE_TRANSFERRED}},
    {CASE_EXPORTED, {CASE_PRESERVED, CASE_DECIDED, CASE_TRANSFERRED}},
    {CASE_DECIDED, {CASE_CLOSED, CASE_REOPENED}},
    {CASE_CLOSED, {CASE_REOPENED}},
    {CASE_REJECTED, {CASE_REOPENED}},
    {CASE_TRANSFERRED, {CASE_REOPENED}},
    {CASE_REOPENED,
     {CASE_SEARCHING, CASE_PRESERVED, CASE_EXPORTED, CASE_DECIDED, CASE_REJECTED,
      CASE_TRANSFERRED}},
};

const char *const *case_next(const char *state)
{
    static const char *const none[] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(courses); i++)
        if (strcmp(courses[i].state, state) == 0)
            return courses[i].next;
    return none;
}

bool case_may_become(const char *state, const char *next)
{
    return g_strv_contains(case_next(state), next);
}

bool case_is_over(const CaseRow *row)
{
    return g_strv_contains(case_over, row->state);
}

static const struct {
    CaseDeed deed;
    const char *from, *to;
} deeds[] = {
    {CASE_DEED_SEARCH, CASE_NEW, CASE_SEARCHING},
    {CASE_DEED_PRESERVE, CASE_NEW, CASE_PRESERVED},
    {CASE_DEED_PRESERVE, CASE_SEARCHING, CASE_PRESERVED},
    {CASE_DEED_PRESERVE, CASE_REOPENED, CASE_PRESERVED},
    {CASE_DEED_HAND_OVER, CASE_PRESERVED, CASE_EXPORTED},
};

const char *case_by_deed(const CaseRow *row, CaseDeed deed)
{
    for (size_t i = 0; i < G_N_ELEMENTS(deeds); i++)
        if (deeds[i].deed == deed && strcmp(deeds[i].from, row->state) == 0)
            return deeds[i].to;
    return NULL;
}

void case_set_state(CaseRow *row, const char *state, int64_t now_us)
{
    g_free(row->state);
    row->state = g_strdup(state);
    row->state_us = now_us;
    row->overdue_us = 0;
}

/* ---- what it says ---- */

static bool check_span(int64_t from_us, int64_t to_us, int64_t now_us, GError **error)
{
    if (to_us < from_us)
        return err_set(error, ERR_INVALID, "‘from’ must not be after ‘to’");
    if (to_us > now_us + AHEAD_MOST_US)
        return err_set(error, ERR_INVALID,
                       "‘to’ lies in the future: is the clock of the phone right?");
    return to_us - from_us <= SPAN_MOST_US ||
           err_set(error, ERR_INVALID, "from ‘from’ to ‘to’ may be at most 31 days");
}

static bool set_place(CaseRow *row, const PlacePoint *place, GError **error)
{
    if (!place)
        return true;
    row->has_place = true;
    row->latitude = place->latitude;
    row->longitude = place->longitude;
    return (fabs(place->latitude) <= 90 && fabs(place->longitude) <= 180) ||
           err_set(error, ERR_INVALID, "‘place’ must be a latitude and a longitude in degrees");
}

static bool set_text(char **stored, const char *name, const char *text, long most, GError **error)
{
    return !text || report_text(stored, name, text, 0, most, false, error);
}

static bool set_kind(CaseRow *row, const char *kind, GError **error)
{
    if (!report_kind_check(kind, error))
        return false;
    g_free(row->kind);
    row->kind = g_strdup(kind);
    return true;
}

/* What is told of `row` by what is told of the reports, the oldest first. */
static void take_from(CaseRow *row, const CaseTold *told, const ReportRow *report, bool first)
{
    bool placed = told->location || told->place || told->where;
    if (first && !told->kind) {
        g_free(row->kind);
        row->kind = g_strdup(report->kind);
    }
    if (!placed && uuid_is_nil(&row->location))
        row->location = report->location;
    if (!placed && !row->has_place && report->has_place) {
        row->has_place = true;
        row->latitude = report->latitude;
        row->longitude = report->longitude;
    }
    if (!placed && !*row->where_text) {
        g_free(row->where_text);
        row->where_text = g_strdup(report->where_text);
    }
    if (!told->from_us)
        row->from_us = first ? report->from_us : MIN(row->from_us, report->from_us);
    if (!told->to_us)
        row->to_us = first ? report->to_us : MAX(row->to_us, report->to_us);
}

static bool set_told(CaseRow *row, const CaseTold *told, GError **error)
{
    row->from_us = told->from_us ? *told->from_us : 0;
    row->to_us = told->to_us ? *told->to_us : 0;
    row->location = told->location ? *told->location : (Uuid){0};
    row->key = told->key ? *told->key : (Uuid){0};
    return (!told->kind || set_kind(row, told->kind, error)) &&
           set_text(&row->title, "title", told->title, CASE_TITLE_MOST, error) &&
           set_text(&row->where_text, "where", told->where, CASE_WHERE_MOST, error) &&
           set_place(row, told->place, error);
}

CaseRow *case_of(const CaseTold *told, const GPtrArray *reports, int64_t now_us, GError **error)
{
    g_autoptr(CaseRow) row = case_row_new();
    row->id = uuid_new();
    row->opened_us = now_us;
    row->revision = 1;
    case_set_state(row, CASE_NEW, now_us);
    if (!set_told(row, told, error))
        return NULL;
    for (guint i = 0; i < reports->len; i++)
        take_from(row, told, reports->pdata[i], i == 0);
    if (!*row->kind) {
        report_kind_check(NULL, error);
        return NULL;
    }
    if (!row->from_us || !row->to_us) {
        err_set(error, ERR_INVALID, "a case must say ‘from’ and ‘to’, or name a report");
        return NULL;
    }
    return check_span(row->from_us, row->to_us, now_us, error) ? g_steal_pointer(&row) : NULL;
}

/* ---- changing it ---- */

static bool needs_reason(const char *state)
{
    static const char *const reasoned[] = {CASE_REJECTED, CASE_TRANSFERRED, CASE_REOPENED, NULL};
    return g_strv_contains(reasoned, state);
}

static bool check_reason(const CaseEdit *edit, GError **error)
{
    g_autofree char *kept = NULL;
    if (!edit->reason && !(edit->state && needs_reason(edit->state)))
        return true;
    return report_text(&kept, "reason", edit->reason, CASE_REASON_LEAST, CASE_REASON_MOST, true,
                       error);
}

static bool set_outcome(CaseRow *row, const CaseEdit *edit, GError **error)
{
    bool decides = g_strcmp0(edit->state, CASE_DECIDED) == 0;
    if (!decides && !edit->outcome && !edit->document)
        return true;
    if (!decides && strcmp(row->state, CASE_DECIDED) != 0)
        return err_set(error, ERR_INVALID, "‘outcome’ and ‘document’ go with what is decided");
    if ((decides || edit->outcome) &&
        (!edit->outcome || !g_strv_contains(case_outcomes, edit->outcome))) {
        g_autofree char *list = g_strjoinv(", ", (char **)case_outcomes);
        return err_set(error, ERR_INVALID, "‘outcome’ must be one of %s", list);
    }
    if (edit->outcome) {
        g_free(row->outcome);
        row->outcome = g_strdup(edit->outcome);
    }
    return set_text(&row->document, "document", edit->document, CASE_DOCUMENT_MOST, error);
}

static bool set_answer(CaseRow *row, const CaseEdit *edit, GError **error)
{
    bool closes = g_strcmp0(edit->state, CASE_CLOSED) == 0;
    if (!closes && !edit->answer)
        return true;
    if (!closes)
        return err_set(error, ERR_INVALID, "‘answer’ goes with what is closed");
    return report_text(&row->answer, "answer", edit->answer, 1, REPORT_ANSWER_MOST, true, error);
}

static bool change_state(CaseRow *row, const CaseEdit *edit, int64_t now_us, GError **error)
{
    if (!edit->state)
        return true;
    if (!g_strv_contains(case_states, edit->state))
        return err_set(error, ERR_INVALID, "‘state’ knows no ‘%.40s’", edit->state);
    if (!case_may_become(row->state, edit->state)) {
        g_autofree char *next = g_strjoinv(", ", (char **)case_next(row->state));
        return err_set(error, ERR_EXISTS, "a case that is %s can become: %s", row->state, next);
    }
    if (strcmp(edit->state, CASE_REOPENED) == 0) { /* what it came to is in its history */
        char **const ends[] = {&row->outcome, &row->document, &row->answer};
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
            g_free(*ends[i]);
            *ends[i] = g_strdup("");
        }
    }
    case_set_state(row, edit->state, now_us);
    return true;
}

static bool set_facts(CaseRow *row, const CaseEdit *edit, int64_t now_us, GError **error)
{
    row->location = edit->location ? *edit->location : row->location;
    row->from_us = edit->from_us ? *edit->from_us : row->from_us;
    row->to_us = edit->to_us ? *edit->to_us : row->to_us;
    return (!edit->kind || set_kind(row, edit->kind, error)) &&
           set_text(&row->title, "title", edit->title, CASE_TITLE_MOST, error) &&
           set_text(&row->where_text, "where", edit->where, CASE_WHERE_MOST, error) &&
           set_place(row, edit->place, error) &&
           ((!edit->from_us && !edit->to_us) ||
            check_span(row->from_us, row->to_us, now_us, error));
}

bool case_apply(CaseRow *row, const CaseEdit *edit, int64_t now_us, GError **error)
{
    if (edit->state && g_strv_contains(case_states, edit->state) &&
        !case_may_become(row->state, edit->state))
        return change_state(row, edit, now_us, error);
    return check_reason(edit, error) && set_outcome(row, edit, error) &&
           set_answer(row, edit, error) && change_state(row, edit, now_us, error) &&
           set_facts(row, edit, now_us, error);
}

/* ---- its figures, its number ---- */

int64_t case_minutes_to_footage(const CaseRow *row)
{
    int64_t since_us = row->told_us ? row->told_us : row->opened_us;
    return row->footage_us ? MAX(row->footage_us - since_us, 0) / MINUTE_US : -1;
}

const char *case_number(int year, int seq, char text[CASE_NUMBER_TEXT])
{
    snprintf(text, CASE_NUMBER_TEXT, "VV-%04d-%04d", year, seq);
    return text;
}

bool case_number_parse(const char *text, int *year, int *seq)
{
    guint64 number;
    if (!g_str_has_prefix(text, "VV-") || strlen(text) < 12 || strlen(text) > 17 || text[7] != '-')
        return false;
    g_autofree char *first = g_strndup(text + 3, 4);
    if (!g_ascii_string_to_unsigned(first, 10, 2000, 9999, &number, NULL))
        return false;
    *year = (int)number;
    if (!g_ascii_string_to_unsigned(text + 8, 10, 1, 999999999, &number, NULL))
        return false;
    *seq = (int)number;
    return true;
}
