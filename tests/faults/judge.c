#include "judge.h"

#include "../integration/footage.h"
#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <signal.h>
#include <string.h>

enum { COMPLAINTS_MOST = 60 };

#define EDGE_US INT64_C(200000)     /* by which sending and capture differ at most */
#define END_US INT64_C(250000)      /* pictures sent so shortly before the end are not asked for */
#define SMALL_GAP_US INT64_C(20000) /* no picture is missing in it */
#define SHOWN_US INT64_C(100000)    /* longer than a picture is shown, shorter than two */

typedef struct Stretch {
    int64_t from_us, to_us;
    int cause; /* -1: footage */
} Stretch;

typedef struct Case {
    World *world;
    Verdict *verdict;
    int camera;
    int64_t end_us;
    Footage *footage;
    GArray *stretches;
} Case;

static void complain(const Case *one, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void complain(const Case *one, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (one->verdict->complaints->len < COMPLAINTS_MOST)
        g_ptr_array_add(one->verdict->complaints,
                        g_strdup_printf("%s: %s", world_camera(one->world, one->camera), text));
}

/* The fault that answers for `at_us`, or NULL. */
static FaultNote *fault_at(const Case *one, int64_t at_us, guint *index)
{
    for (guint i = 0; i < one->world->faults->len; i++) {
        FaultNote *note = &g_array_index(one->world->faults, FaultNote, i);
        const FaultRule *rule = &fault_rules[note->kind];
        if ((note->camera >= 0 && note->camera != one->camera) ||
            at_us < note->from_us - rule->lost_before_us - EDGE_US ||
            at_us > note->to_us + rule->back_us + EDGE_US)
            continue;
        *index = i;
        return note;
    }
    return NULL;
}

static bool in_gap(const Case *one, int64_t at_us)
{
    for (guint i = 0; i < one->stretches->len; i++) {
        const Stretch *stretch = &g_array_index(one->stretches, Stretch, i);
        if (stretch->cause >= 0 && at_us >= stretch->from_us - EDGE_US &&
            at_us <= stretch->to_us + EDGE_US)
            return true;
    }
    return false;
}

/* Whether all time between the pictures before and behind a lost one is told as a gap, but for what
 * the first of them is shown. On a crowded machine a picture is sent long after it is stamped with
 * its sending, so that this alone tells. */
static bool hole_is_gap(const Case *one, int64_t number)
{
    const GArray *pictures = one->footage->pictures;
    guint low = 0, high = pictures->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if ((int64_t)g_array_index(pictures, Picture, middle).number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || low == pictures->len)
        return false;
    int64_t from_us = g_array_index(pictures, Picture, low - 1).capture_us;
    int64_t to_us = g_array_index(pictures, Picture, low).capture_us, told_us = 0;
    for (guint i = 0; i < one->stretches->len; i++) {
        const Stretch *stretch = &g_array_index(one->stretches, Stretch, i);
        if (stretch->cause >= 0)
            told_us += MAX(MIN(stretch->to_us, to_us) - MAX(stretch->from_us, from_us), 0);
    }
    return to_us > from_us && told_us >= to_us - from_us - SHOWN_US;
}

/* A picture that was sent and is not there. */
static void take_lost(const Case *one, int64_t number, int64_t sent_us)
{
    char text[TIME_TEXT];
    guint index;
    const FaultNote *note = fault_at(one, sent_us, &index);
    one->verdict->lost++;
    if (!note) {
        complain(one, "picture %" G_GINT64_FORMAT " of %s is lost, and nothing had happened",
                 number, time_text(sent_us, text));
        return;
    }
    FaultCost *cost = &g_array_index(one->verdict->costs, FaultCost, index);
    cost->lost_before_us = MAX(cost->lost_before_us, note->from_us - sent_us);
    if (!in_gap(one, sent_us) && !hole_is_gap(one, number))
        complain(one, "picture %" G_GINT64_FORMAT " of %s is lost by ‘%s’, and no gap says so",
                 number, time_text(sent_us, text), fault_rules[note->kind].name);
}

static void count_pictures(const Case *one, const Json *sent)
{
    const GArray *pictures = one->footage->pictures;
    g_autoptr(GHashTable) there = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < pictures->len; i++)
        g_hash_table_add(there, &g_array_index(pictures, Picture, i).number);
    size_t index;
    Json *row;
    json_array_foreach(sent, index, row)
    {
        int64_t sent_us = json_integer_value(json_object_get(row, "sent_us"));
        int64_t number = json_integer_value(json_object_get(row, "number"));
        if (sent_us < one->world->begin_us || sent_us > one->end_us - END_US)
            continue;
        one->verdict->sent++;
        if (g_hash_table_contains(there, &number))
            one->verdict->recorded++;
        else
            take_lost(one, number, sent_us);
    }
}

/* In order, each once, of this camera; segments joined without a loss. */
static void look_at_order(const Case *one)
{
    const GArray *pictures = one->footage->pictures;
    if (one->footage->unmarked)
        complain(one, "%u pictures have no mark", one->footage->unmarked);
    for (guint i = 1; i < pictures->len; i++) {
        const Picture *picture = &g_array_index(pictures, Picture, i);
        if (picture->number <= picture[-1].number)
            complain(one, "picture %" G_GUINT64_FORMAT " stands after %" G_GUINT64_FORMAT,
                     picture->number, picture[-1].number);
        if (strcmp(picture->camera, world_camera(one->world, one->camera)) != 0)
            complain(one, "has a picture of %s", picture->camera);
        if (picture->file != picture[-1].file && picture->number == picture[-1].number + 1)
            one->verdict->joins++;
    }
}

/* When it was recorded again after each fault. */
static void look_at_return(const Case *one, guint index)
{
    const FaultNote *note = &g_array_index(one->world->faults, FaultNote, index);
    const GArray *pictures = one->footage->pictures;
    const FaultRule *rule = &fault_rules[note->kind];
    if ((note->camera >= 0 && note->camera != one->camera) || rule->back_us == 0)
        return;
    int64_t back_us = INT64_MAX;
    for (guint i = 0; i < pictures->len; i++) {
        int64_t sent_us = g_array_index(pictures, Picture, i).sent_us;
        if (sent_us >= note->to_us)
            back_us = MIN(back_us, sent_us - note->to_us);
    }
    FaultCost *cost = &g_array_index(one->verdict->costs, FaultCost, index);
    cost->back_us = MAX(cost->back_us, back_us);
    if (back_us > rule->back_us)
        complain(one, "was recorded again %.1f s after ‘%s’", (double)back_us / 1e6, rule->name);
}

static int64_t time_of(const Json *row, const char *name)
{
    int64_t time_us = 0;
    g_assert(time_parse(text_in(row, name), &time_us));
    return time_us;
}

static void add_stretches(GArray *stretches, const Json *rows, bool gaps)
{
    size_t index;
    Json *row;
    json_array_foreach(rows, index, row)
    {
        Stretch stretch = {time_of(row, "from"), time_of(row, "to"), -1};
        GapCause cause = GAP_UNKNOWN;
        if (gaps) {
            g_assert(gap_cause_parse(text_in(row, "cause"), &cause));
            stretch.cause = (int)cause;
        }
        g_array_append_val(stretches, stretch);
    }
}

static int by_start(const void *a, const void *b)
{
    const Stretch *first = a, *second = b;
    return (first->from_us > second->from_us) - (first->from_us < second->from_us);
}

static GArray *read_coverage(World *world, int camera, int64_t end_us)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    g_autofree char *url =
        g_strdup_printf("%s/cameras/%s/coverage?from=%s&to=%s", world->api.url, world->ids[camera],
                        time_text(world->begin_us, from), time_text(end_us, to));
    g_autoptr(Json) coverage = http_json(url, world->api.token);
    GArray *stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    add_stretches(stretches, json_object_get(coverage, "spans"), false);
    add_stretches(stretches, json_object_get(coverage, "gaps"), true);
    g_array_sort(stretches, by_start);
    return stretches;
}

static void look_at_gap(const Case *one, const Stretch *gap)
{
    char text[TIME_TEXT];
    guint index;
    Verdict *verdict = one->verdict;
    if (gap->to_us - gap->from_us < SMALL_GAP_US)
        return;
    verdict->gaps++;
    verdict->gaps_of[gap->cause]++;
    verdict->gap_us += gap->to_us - gap->from_us;
    const FaultNote *note = fault_at(one, (gap->from_us + gap->to_us) / 2, &index);
    const char *cause = gap_cause_text((GapCause)gap->cause);
    if (!note)
        complain(one, "gap of %.2f s at %s (%s), and nothing had happened",
                 (double)(gap->to_us - gap->from_us) / 1e6, time_text(gap->from_us, text), cause);
    else if (!(fault_rules[note->kind].causes & (1U << gap->cause)))
        complain(one, "the gap of ‘%s’ at %s has the cause %s", fault_rules[note->kind].name,
                 time_text(gap->from_us, text), cause);
}

/* Spans and gaps follow each other from begin to end; footage stands in no gap. */
static void look_at_coverage(const Case *one)
{
    char text[TIME_TEXT];
    int64_t at_us = one->world->begin_us / 1000 * 1000;
    guint picture = 0;
    for (guint i = 0; i < one->stretches->len; i++) {
        const Stretch *stretch = &g_array_index(one->stretches, Stretch, i);
        if (stretch->from_us != at_us)
            complain(one, "spans and gaps do not meet at %s", time_text(at_us, text));
        at_us = stretch->to_us;
        if (stretch->cause < 0)
            continue;
        look_at_gap(one, stretch);
        const GArray *pictures = one->footage->pictures;
        for (; picture < pictures->len; picture++) {
            int64_t sent_us = g_array_index(pictures, Picture, picture).sent_us;
            if (sent_us > stretch->to_us - EDGE_US)
                break;
            if (sent_us > stretch->from_us + EDGE_US)
                complain(one, "the gap at %s has footage", time_text(sent_us, text));
        }
    }
    if (at_us < one->end_us - SECOND_US)
        complain(one, "spans and gaps end at %s", time_text(at_us, text));
}

static void judge_camera(Case *one)
{
    World *world = one->world;
    g_autoptr(Json) sent = sim_sent(&world->sim, world_camera(world, one->camera), "main");
    g_auto(Footage) footage = footage_read(world->data, world->ids[one->camera]);
    one->footage = &footage;
    look_at_order(one);
    count_pictures(one, sent);
    for (guint i = 0; i < world->faults->len; i++)
        look_at_return(one, i);
    look_at_coverage(one);
}

static void look_at_costs(World *world, Verdict *verdict)
{
    for (guint i = 0; i < world->faults->len; i++) {
        const FaultNote *note = &g_array_index(world->faults, FaultNote, i);
        const FaultCost *cost = &g_array_index(verdict->costs, FaultCost, i);
        const FaultRule *rule = &fault_rules[note->kind];
        verdict->worst_lost_before_us = MAX(verdict->worst_lost_before_us, cost->lost_before_us);
        if (note->camera >= 0)
            verdict->worst_back_us = MAX(verdict->worst_back_us, cost->back_us);
        if (cost->lost_before_us > rule->lost_before_us)
            g_ptr_array_add(verdict->complaints,
                            g_strdup_printf("‘%s’ lost the last %.3f s before it", rule->name,
                                            (double)cost->lost_before_us / 1e6));
    }
}

static void look_at_seals(World *world, Verdict *verdict)
{
    g_autofree char *out = NULL;
    if (run_vonglau(&out, NULL, "verify", world->data, NULL) != 0)
        g_ptr_array_add(verdict->complaints, g_strconcat("verify: ", out, NULL));
}

Verdict judge(World *world)
{
    Verdict verdict = {.complaints = g_ptr_array_new_with_free_func(g_free),
                       .costs = g_array_new(FALSE, TRUE, sizeof(FaultCost))};
    Case one = {.world = world, .verdict = &verdict, .end_us = clock_wall_us()};
    g_array_set_size(verdict.costs, world->faults->len);
    world_stop(world, SIGTERM);
    look_at_seals(world, &verdict);
    g_autoptr(GPtrArray) coverages = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    world_serve(world);
    for (int i = 0; i < world->cameras; i++)
        g_ptr_array_add(coverages, read_coverage(world, i, one.end_us));
    world_stop(world, SIGTERM);
    for (one.camera = 0; one.camera < world->cameras; one.camera++) {
        one.stretches = g_ptr_array_index(coverages, one.camera);
        judge_camera(&one);
    }
    look_at_costs(world, &verdict);
    return verdict;
}

void verdict_clear(Verdict *verdict)
{
    g_clear_pointer(&verdict->complaints, g_ptr_array_unref);
    g_clear_pointer(&verdict->costs, g_array_unref);
}

void judge_promises_kept(World *world)
{
    g_auto(Verdict) verdict = judge(world);
    print_message("%u pictures sent, %u recorded, %u lost (the last %.3f s before a fault); "
                  "%u gaps, %.1f s; again after %.1f s; %u joins\n",
                  verdict.sent, verdict.recorded, verdict.lost,
                  (double)verdict.worst_lost_before_us / 1e6, verdict.gaps,
                  (double)verdict.gap_us / 1e6, (double)verdict.worst_back_us / 1e6, verdict.joins);
    for (guint i = 0; i < verdict.complaints->len; i++)
        print_error("%s\n", (char *)g_ptr_array_index(verdict.complaints, i));
    assert_true(verdict.sent > 0);
    assert_int_equal(verdict.complaints->len, 0);
}
