/* What becomes of a report: who takes it, what is answered, what it is joined to. */
#include "casework/report_desk_state.h"

#include "base/clock.h"
#include "base/log.h"
#include "casework/report_hold.h"

#include <string.h>

typedef struct Changing {
    const Uuid *id, *who;
    const ReportEdit *edit;
    int64_t now_us;
    ReportRow *before, *after;
    Uuid *colleague;
} Changing;

static void set_state(ReportRow *row, const char *state)
{
    g_free(row->state);
    row->state = g_strdup(state);
}

/* Whoever does something to a report has it from then on. */
static void take(const Changing *change, ReportRow *row)
{
    if (uuid_equal(&row->taken_by, change->who) && row->taken_us)
        return;
    row->taken_by = *change->who;
    row->taken_us = change->now_us;
}

static bool take_open(const Changing *change, ReportRow *row, GError **error)
{
    bool has = strcmp(row->state, REPORT_TAKEN) == 0;
    if (has && !uuid_equal(&row->taken_by, change->who) && !change->edit->from_colleague) {
        *change->colleague = row->taken_by;
        return err_set(error, ERR_EXISTS, "a colleague has taken this report");
    }
    take(change, row);
    set_state(row, REPORT_TAKEN);
    row->joined_ref = row->answered_us = 0;
    return true;
}

static void end_as(const Changing *change, ReportRow *row, const char *state)
{
    take(change, row);
    set_state(row, state);
    row->answered_us = change->now_us;
    row->joined_ref = 0;
}

static bool change_state(const Changing *change, ReportRow *row, GError **error)
{
    const char *state = change->edit->state;
    if (state && strcmp(state, REPORT_TAKEN) == 0)
        return take_open(change, row, error);
    if (state && strcmp(state, REPORT_REJECTED) == 0) {
        end_as(change, row, REPORT_REJECTED);
        return true;
    }
    if (state && strcmp(state, REPORT_ANSWERED) != 0)
        return err_set(error, ERR_INVALID, "‘state’ must be taken, answered or rejected");
    if (state && !change->edit->answer)
        return err_set(error, ERR_INVALID, "what is answered needs an ‘answer’");
    if (change->edit->answer)
        end_as(change, row, REPORT_ANSWERED);
    return true;
}

/* To the one that is not joined itself. */
static bool join(CatalogDb *db, const Changing *change, ReportRow *row, GError **error)
{
    int year, seq;
    if (!report_number_parse(change->edit->join, &year, &seq))
        return err_set(error, ERR_INVALID, "‘join’ must be a number such as 2026-000123");
    g_autoptr(ReportRow) to = reports_get_number(db, year, seq, error);
    if (to && to->joined_ref) {
        ReportRow *last = report_joined(db, to->joined_ref, error);
        report_row_free(to);
        to = last;
    }
    if (!to)
        return false;
    if (to->ref == row->ref || to->joined_ref)
        return err_set(error, ERR_INVALID, "a report cannot be joined to itself");
    end_as(change, row, REPORT_JOINED);
    row->joined_ref = to->ref;
    return true;
}

/* How it was said first no longer tells when it was. */
static bool correct_span(const Changing *change, ReportRow *row, GError **error)
{
    const ReportEdit *edit = change->edit;
    if (*edit->from_us == row->from_us && *edit->to_us == row->to_us)
        return true;
    if (!report_span_check(*edit->from_us, *edit->to_us, uuid_is_nil(&row->by), change->now_us,
                           error))
        return false;
    row->from_us = *edit->from_us;
    row->to_us = *edit->to_us;
    g_free(row->span_words);
    row->span_words = g_strdup("");
    return true;
}

static bool apply(CatalogDb *db, const Changing *change, ReportRow *row, GError **error)
{
    const ReportEdit *edit = change->edit;
    if ((edit->kind && !report_kind_check(edit->kind, error)) ||
        !report_place_check(edit->place, error))
        return false;
    if (edit->answer &&
        !report_text(&row->answer, "answer", edit->answer, 1, REPORT_ANSWER_MOST, true, error))
        return false;
    if (edit->kind) {
        g_free(row->kind);
        row->kind = g_strdup(edit->kind);
    }
    row->location = edit->location ? *edit->location : row->location;
    if (edit->place) {
        row->has_place = true;
        row->latitude = edit->place->latitude;
        row->longitude = edit->place->longitude;
    }
    if (edit->from_us && !correct_span(change, row, error))
        return false;
    return edit->join ? join(db, change, row, error) : change_state(change, row, error);
}

static bool is_moved(const ReportRow *before, const ReportRow *after)
{
    return before->has_place != after->has_place || before->latitude != after->latitude ||
           before->longitude != after->longitude;
}

static bool is_elsewhere(const ReportRow *before, const ReportRow *after)
{
    return is_moved(before, after) || !uuid_equal(&before->location, &after->location) ||
           before->from_us != after->from_us || before->to_us != after->to_us;
}

/* What an officer asks for, or what a new report of the corrected place and time would hold. */
static bool is_to_hold(const ReportEdit *edit, const ReportRow *before, const ReportRow *after)
{
    bool elsewhere = is_elsewhere(before, after);
    return edit->hold ? elsewhere || before->hold_waits
                      : elsewhere && strcmp(after->state, REPORT_REJECTED) != 0;
}

static bool write_change(CatalogDb *db, void *data, GError **error)
{
    Changing *change = data;
    g_clear_pointer(&change->before, report_row_free);
    g_clear_pointer(&change->after, report_row_free);
    g_autoptr(ReportRow) row = reports_get(db, change->id, error);
    change->before = row ? reports_get(db, change->id, error) : NULL;
    if (!change->before || !apply(db, change, row, error))
        return false;
    row->hold_waits |= is_to_hold(change->edit, change->before, row); /* until it is held */
    if (!reports_put(db, row, error))
        return false;
    change->after = reports_get(db, change->id, error);
    return change->after != NULL;
}

typedef struct Holding {
    const ReportRow *row;
    guint first; /* of its holds, that is new */
} Holding;

static bool write_holding(CatalogDb *db, void *data, GError **error)
{
    const Holding *holding = data;
    const ReportRow *row = holding->row;
    for (guint i = holding->first; i < row->holds->len; i++)
        if (!reports_add_hold(db, row, &g_array_index(row->holds, ReportHoldRow, i), error))
            return false;
    g_autoptr(ReportRow) now = reports_get(db, &row->id, error);
    if (!now)
        return false;
    now->hold_waits = row->hold_waits;
    return reports_put(db, now, error);
}

static ReportHolder holder_of(const ReportEdit *edit, const ReportRow *row)
{
    if (edit->hold)
        return REPORT_HOLDER_OFFICER;
    return uuid_is_nil(&row->by) ? REPORT_HOLDER_RESIDENT : REPORT_HOLDER_ACCOUNT;
}

/* The change stands, whatever becomes of this: holds that could not be noted wait. */
static void add_holds(ReportDesk *desk, ReportRow *row, ReportHolder holder, int64_t now_us)
{
    char id[UUID_TEXT];
    g_autoptr(GError) error = NULL;
    Holding holding = {row, row->holds->len};
    report_hold(desk->archive, desk->site, row, holder, now_us);
    if (catalog_write_wait(desk->catalog, write_holding, &holding, &error))
        return;
    g_array_set_size(row->holds, holding.first);
    row->hold_waits = true;
    log_error("report.hold", "report=%s cause=\"%s\" advice=\"it waits for an officer\"",
              uuid_text(&row->id, id), error->message);
}

static bool names_location(const ReportDesk *desk, const Uuid *id, GError **error)
{
    g_autoptr(LocationRow) location = id ? site_location_get(desk->site, id) : NULL;
    return !id || location || err_set(error, ERR_INVALID, "‘location’ is none of this site");
}

ReportRow *report_desk_change(ReportDesk *desk, const Uuid *id, const ReportEdit *edit,
                              const Uuid *who, ReportRow **before, Uuid *colleague, GError **error)
{
    int64_t now_us = clock_now_us();
    Changing change = {
        .id = id, .who = who, .edit = edit, .now_us = now_us, .colleague = colleague};
    *before = NULL;
    bool changed = names_location(desk, edit->location, error) &&
                   catalog_write_wait(desk->catalog, write_change, &change, error);
    g_autoptr(ReportRow) was = change.before, after = change.after;
    if (!changed)
        return NULL;
    if (is_to_hold(edit, was, after))
        add_holds(desk, after, holder_of(edit, after), now_us);
    *before = g_steal_pointer(&was);
    report_desk_news(desk, after, REPORT_NEWS_CHANGED);
    return g_steal_pointer(&after);
}
