/* The verdict of each second of each camera of a package. The worst word that fits is said. */
#include "archive/package_check.h"
#include "base/clock.h"

#include <string.h>

/* A node whose clock was further from NTP is not to be believed to the second. */
#define CLOCK_WELL_US SECOND_US

typedef struct Seconds {
    int64_t begin_us; /* of the first */
    size_t count;
    uint8_t *verdict; /* VerifyVerdict of each */
} Seconds;

/* Every second that [from_us, to_us) touches is at least as bad. */
static void seconds_mark(Seconds *seconds, int64_t from_us, int64_t to_us, VerifyVerdict verdict)
{
    int64_t end_us = seconds->begin_us + (int64_t)seconds->count * SECOND_US;
    from_us = MAX(from_us, seconds->begin_us);
    to_us = MIN(to_us, end_us);
    if (from_us >= to_us)
        return;
    size_t first = (size_t)((from_us - seconds->begin_us) / SECOND_US);
    size_t behind = (size_t)((to_us - seconds->begin_us + SECOND_US - 1) / SECOND_US);
    for (size_t i = first; i < behind; i++)
        if (seconds->verdict[i] < verdict)
            seconds->verdict[i] = (uint8_t)verdict;
}

static bool clock_is_well(int64_t ntp_us)
{
    return ntp_us > -CLOCK_WELL_US && ntp_us < CLOCK_WELL_US;
}

static void mark_footage(const PackageCheck *check, unsigned camera, Seconds *seconds)
{
    for (size_t i = 0; i < check->facts.media->len; i++) {
        const PackageMedia *media = &g_array_index(check->facts.media, PackageMedia, i);
        if (media->camera != camera)
            continue;
        VerifyVerdict verdict = VERDICT_AUTHENTIC;
        if (!check->manifest_signed || !check->verify->ring)
            verdict = VERDICT_UNSIGNED;
        else if (!clock_is_well(media->ntp_us))
            verdict = VERDICT_CLOCK_DOUBTFUL;
        seconds_mark(seconds, media->from_us, media->to_us, verdict);
    }
}

static bool mark_gaps(const PackageCheck *check, unsigned camera, Seconds *seconds)
{
    g_autoptr(GArray) gaps = package_gaps(&check->facts);
    bool complete = true;
    for (size_t i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        if (gap->camera != camera)
            continue;
        complete = false;
        seconds_mark(seconds, gap->from_us, gap->to_us, VERDICT_GAP);
        if (gap->cause == GAP_CLOCK_STEP)
            seconds_mark(seconds, gap->from_us - SECOND_US, gap->to_us + SECOND_US,
                         VERDICT_CLOCK_DOUBTFUL);
    }
    return complete;
}

/* Of pictures with the same times as others it is not known which clock they had. */
static void mark_overlaps(const PackageCheck *check, unsigned camera, Seconds *seconds)
{
    g_autoptr(GArray) overlaps = package_overlaps(&check->facts);
    for (size_t i = 0; i < overlaps->len; i++) {
        const PackageGap *twice = &g_array_index(overlaps, PackageGap, i);
        if (twice->camera == camera)
            seconds_mark(seconds, twice->from_us - SECOND_US, twice->to_us + SECOND_US,
                         VERDICT_CLOCK_DOUBTFUL);
    }
}

/* A fault of a camera without a time is of all its seconds. */
static bool mark_faults(const PackageCheck *check, const char *camera, size_t first,
                        Seconds *seconds)
{
    const GPtrArray *faults = check->verify->report->faults;
    bool any = false;
    for (size_t i = first; i < faults->len; i++) {
        const VerifyFault *fault = g_ptr_array_index(faults, i);
        if (strcmp(fault->camera, camera) != 0)
            continue;
        any = true;
        if (fault->from_us != 0 || fault->to_us != 0)
            seconds_mark(seconds, fault->from_us, MAX(fault->to_us, fault->from_us + 1),
                         VERDICT_ALTERED);
    }
    return any;
}

static void add_spans(const Seconds *seconds, const Uuid *camera, GArray *spans)
{
    for (size_t i = 0; i < seconds->count;) {
        size_t end = i + 1;
        while (end < seconds->count && seconds->verdict[end] == seconds->verdict[i])
            end++;
        VerifySpan span = {*camera, seconds->begin_us + (int64_t)i * SECOND_US,
                           seconds->begin_us + (int64_t)end * SECOND_US,
                           (VerifyVerdict)seconds->verdict[i]};
        g_array_append_val(spans, span);
        i = end;
    }
}

void package_judge(PackageCheck *check, size_t first)
{
    const PackageFacts *facts = &check->facts;
    int64_t begin_us = facts->from_us / SECOND_US * SECOND_US;
    Seconds seconds = {.begin_us = begin_us,
                       .count = (size_t)((facts->to_us - begin_us + SECOND_US - 1) / SECOND_US)};
    g_autofree uint8_t *verdict = g_malloc(seconds.count);
    seconds.verdict = verdict;
    for (unsigned camera = 0; camera < facts->cameras->len; camera++) {
        const Uuid *id = &g_array_index(facts->cameras, Uuid, camera);
        char text[UUID_TEXT];
        memset(verdict, VERDICT_AUTHENTIC, seconds.count);
        mark_footage(check, camera, &seconds);
        bool complete = mark_gaps(check, camera, &seconds);
        mark_overlaps(check, camera, &seconds);
        bool faulty = mark_faults(check, uuid_text(id, text), first, &seconds);
        VerifyComplete told = {*id, complete && !faulty};
        g_array_append_val(check->verify->report->complete, told);
        add_spans(&seconds, id, check->verify->report->spans);
    }
}
