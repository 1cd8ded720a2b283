#include "archive/coverage.h"

#include "archive/segment.h"
#include "base/clock.h"
#include "catalog/coverage.h"

/* The newest picture of a stream that runs is not older than this: a fragment, its write, a slow
 * camera's next picture. */
enum { TAIL_US = 5000000 };

/* All that is known of the time asked for, before it is put in order. */
typedef struct Account {
    Plan *plan;       /* of the camera; borrowed */
    GArray *spans;    /* SpanRow, any order, may overlap */
    GArray *gaps;     /* GapRow, the same */
    int64_t since_us; /* where all that is known of the stream begins; 0: nothing is */
    int64_t until_us; /* where it ends */
    bool silent;      /* no picture came yet in this run */
} Account;

static void account_clear(Account *account)
{
    g_clear_pointer(&account->spans, g_array_unref);
    g_clear_pointer(&account->gaps, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Account, account_clear)

void coverage_free(Coverage *coverage)
{
    if (!coverage)
        return;
    g_array_unref(coverage->spans);
    g_array_unref(coverage->gaps);
    g_free(coverage);
}

static void reach(Account *account, int64_t from_us, int64_t until_us)
{
    account->since_us = account->since_us ? MIN(account->since_us, from_us) : from_us;
    account->until_us = MAX(account->until_us, until_us);
}

/* What a segment shows: its time but for its gaps, and the gaps. */
static void add_segment(Account *account, const Segment *segment)
{
    int64_t at_us = segment->id.start_us;
    for (guint i = 0; i < segment->gaps->len; i++) {
        const SealGap *gap = &g_array_index(segment->gaps, SealGap, i);
        GapRow row = {gap->from_us, gap->to_us, gap->cause};
        if (gap->to_us > segment->shown_to_us)
            break; /* its fragment is not shown yet */
        g_array_append_val(account->gaps, row);
        if (gap->from_us < segment->id.start_us)
            continue;
        SpanRow span = {at_us, gap->from_us};
        g_array_append_val(account->spans, span);
        at_us = gap->to_us;
    }
    SpanRow last = {at_us, segment->shown_to_us};
    g_array_append_val(account->spans, last);
    reach(account, segment->id.start_us, segment->shown_to_us);
}

static void add_open_segments(Archive *archive, const Uuid *camera, StreamKind stream,
                              Account *account)
{
    pthread_mutex_lock(&archive->lock);
    for (guint i = 0; i < archive->segments->len; i++) {
        const Segment *segment = g_ptr_array_index(archive->segments, i);
        if (uuid_equal(&segment->id.camera, camera) && segment->id.stream == stream &&
            segment->shown_bytes > 0)
            add_segment(account, segment);
    }
    pthread_mutex_unlock(&archive->lock);
}

static bool add_catalog(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                        int64_t to_us, Account *account, GError **error)
{
    g_autoptr(CatalogDb) db = catalog_read(archive->catalog, error);
    g_autoptr(GArray) spans = NULL, gaps = NULL;
    int64_t since_us, until_us;
    if (!db || !coverage_read(db, camera, stream, from_us, to_us, &spans, &gaps, error) ||
        !coverage_reach(db, camera, stream, &since_us, &until_us, error))
        return false;
    if (until_us)
        reach(account, since_us, until_us);
    g_array_append_vals(account->spans, spans->data, spans->len);
    g_array_append_vals(account->gaps, gaps->data, gaps->len);
    return true;
}

static int by_start(const void *a, const void *b)
{
    /* SpanRow and GapRow both begin with from_us. */
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return first < second ? -1 : first > second;
}

static void add_gap(Coverage *coverage, int64_t from_us, int64_t to_us, GapCause cause)
{
    CoverageGap gap = {from_us, to_us, cause};
    CoverageGap *newest = coverage->gaps->len
                              ? &g_array_index(coverage->gaps, CoverageGap, coverage->gaps->len - 1)
                              : NULL;
    if (from_us >= to_us)
        return;
    if (newest && newest->to_us == from_us && newest->cause == cause)
        newest->to_us = to_us;
    else
        g_array_append_val(coverage->gaps, gap);
}

/* A gap of which only `cause` is known: what lies outside the camera's hours is theirs. */
static void add_parts(Coverage *coverage, const Account *account, int64_t from_us, int64_t to_us,
                      GapCause cause)
{
    g_autoptr(GArray) parts = plan_parts(account->plan, from_us, to_us, cause);
    for (guint i = 0; i < parts->len; i++) {
        const PlanPart *part = &g_array_index(parts, PlanPart, i);
        add_gap(coverage, part->from_us, part->to_us, part->cause);
    }
}

/* Adds [from_us, to_us), of which nothing is known: before all that is known the camera never
 * showed anything; behind it `after` is the cause. */
static void add_unknown(Coverage *coverage, const Account *account, int64_t from_us, int64_t to_us,
                        GapCause after)
{
    int64_t since_us = CLAMP(account->since_us, from_us, to_us);
    int64_t until_us = CLAMP(account->until_us, since_us, to_us);
    add_gap(coverage, from_us, since_us, GAP_CAMERA_OFFLINE);
    add_gap(coverage, since_us, until_us, GAP_UNKNOWN);
    add_parts(coverage, account, until_us, to_us, after);
}

/* Fills [from_us, to_us), where there is no footage, by the gaps that are known, in order. */
static void fill_hole(Coverage *coverage, const Account *account, int64_t from_us, int64_t to_us,
                      GapCause after)
{
    for (guint i = 0; i < account->gaps->len && from_us < to_us; i++) {
        const GapRow *gap = &g_array_index(account->gaps, GapRow, i);
        if (gap->to_us <= from_us || gap->from_us >= to_us)
            continue;
        if (from_us < gap->from_us)
            add_unknown(coverage, account, from_us, gap->from_us, after);
        from_us = MAX(from_us, gap->from_us);
        add_gap(coverage, from_us, MIN(gap->to_us, to_us), gap->cause);
        from_us = MIN(gap->to_us, to_us);
    }
    if (from_us < to_us)
        add_unknown(coverage, account, from_us, to_us, after);
}

/* Puts spans and gaps in order, so that they follow each other through [from_us, to_us). */
static void arrange(Coverage *coverage, Account *account, GapCause after)
{
    int64_t at_us = coverage->from_us, to_us = coverage->to_us;
    g_array_sort(account->spans, by_start);
    g_array_sort(account->gaps, by_start);
    for (guint i = 0; i < account->spans->len && at_us < to_us; i++) {
        const SpanRow *row = &g_array_index(account->spans, SpanRow, i);
        CoverageSpan span = {MAX(row->from_us, at_us), MIN(row->to_us, to_us)};
        if (span.from_us >= span.to_us)
            continue;
        CoverageSpan *newest = coverage->spans->len ? &g_array_index(coverage->spans, CoverageSpan,
                                                                     coverage->spans->len - 1)
                                                    : NULL;
        if (newest && span.from_us - newest->to_us < COVERAGE_JOIN_US) {
            newest->to_us = span.to_us;
        } else {
            fill_hole(coverage, account, at_us, span.from_us, after);
            g_array_append_val(coverage->spans, span);
        }
        at_us = span.to_us;
    }
    fill_hole(coverage, account, at_us, to_us, after);
}

/* Nothing was recorded yet in this run: the server was down since the last one. */
static void add_server_down(Archive *archive, const Uuid *camera, StreamKind stream,
                            Account *account)
{
    const Stream *state = archive_find_stream(archive, camera, stream);
    int64_t now_us = clock_now_us();
    bool starting = now_us <= archive->opened_us + ARCHIVE_STARTING_US &&
                    plan_is_open(account->plan, now_us, NULL);
    GapRow down = {account->until_us, starting ? now_us : archive->opened_us, GAP_SERVER_DOWN};
    if (account->until_us == 0 || (state && !atomic_load(&state->after_restart)))
        return;
    account->silent = true;
    if (down.from_us >= down.to_us)
        return;
    g_array_append_val(account->gaps, down);
    account->until_us = down.to_us;
}

/* Why there is nothing behind what is known. */
static GapCause cause_after(Archive *archive, const Account *account, GapCause now_cause)
{
    GapCause trouble = archive_trouble(archive);
    if (trouble != GAP_UNKNOWN)
        return trouble;
    if (now_cause == GAP_UNKNOWN && !plan_is_open(account->plan, clock_now_us(), NULL))
        return GAP_SCHEDULED;
    if (now_cause == GAP_UNKNOWN && (account->until_us == 0 || account->silent))
        return GAP_CAMERA_OFFLINE;
    return now_cause;
}

/* The asked time, cut at the camera's birth and at what is decided by now. */
static void cut_time(Archive *archive, const Account *account, int64_t created_us,
                     Coverage *coverage)
{
    int64_t now_us = clock_now_us();
    bool runs = account->until_us != 0 && now_us - account->until_us < TAIL_US &&
                archive_trouble(archive) == GAP_UNKNOWN;
    coverage->from_us = MAX(coverage->from_us, created_us);
    coverage->to_us = MIN(coverage->to_us, runs ? account->until_us : now_us);
    coverage->to_us = MAX(coverage->to_us, coverage->from_us);
}

Coverage *archive_coverage(Archive *archive, const Uuid *camera, StreamKind stream, int64_t from_us,
                           int64_t to_us, int64_t created_us, GapCause now_cause, GError **error)
{
    g_auto(Account) account = {.plan = archive_plan(archive, camera),
                               .spans = g_array_new(FALSE, FALSE, sizeof(SpanRow)),
                               .gaps = g_array_new(FALSE, FALSE, sizeof(GapRow))};
    if (from_us > to_us) {
        err_set(error, ERR_INVALID, "the time asked for ends before it begins");
        return NULL;
    }
    /* Open segments first: what is sealed in between is then found in the catalog as well. */
    add_open_segments(archive, camera, stream, &account);
    if (!add_catalog(archive, camera, stream, from_us, to_us, &account, error))
        return NULL;
    Coverage *coverage = g_new(Coverage, 1);
    *coverage = (Coverage){from_us, to_us, g_array_new(FALSE, FALSE, sizeof(CoverageSpan)),
                           g_array_new(FALSE, FALSE, sizeof(CoverageGap))};
    cut_time(archive, &account, created_us, coverage);
    add_server_down(archive, camera, stream, &account);
    arrange(coverage, &account, cause_after(archive, &account, now_cause));
    return coverage;
}
