/* soak.c — faults by dice for hours: what was lost, what was told, and what it took. ./dev soak
 *
 * soak --hours H [--seed S] [--cameras N] [--report FILE]. In the first part of the time a fault
 * follows another, each drawn from the seed; the last part is calm, and there memory and CPU of
 * the one server that runs are held to be flat. Then pictures, gaps and seals are judged.
 */
#include "base/clock.h"
#include "base/secret.h"
#include "judge.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CAMERAS = 8, PAUSE_LEAST_MS = 8000, PAUSE_MORE_MS = 25000, LOOK_MS = 250 };

#define CALM_PART 0.4
#define CONFIG "storage:\n  segment_minutes: 1\n"
#define WARM_UP_US (3 * MINUTE_US)
#define FLAT 0.02

typedef struct Sample {
    int64_t at_us;
    pid_t pid;
    double memory_mib; /* with its share of what it maps beside other programs */
    double own_mib;    /* what it allocated: grows with nothing that runs beside it */
    double cpu_s;      /* of this process so far */
    double sim_cpu_s;  /* of the simulator, whose work is the same all the time */
} Sample;

typedef struct Soak {
    World world;
    GRand *dice;
    guint32 seed;
    int64_t begin_us, calm_us, end_us, next_sample_us;
    GArray *samples;
    unsigned done[FAULT_KINDS];
} Soak;

static double hours = 1;
static int cameras = CAMERAS;
static gint64 wanted_seed = -1;
static char *report_file = NULL;

/* Processor time of all threads of a process so far. */
static double cpu_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *stat = NULL;
    g_assert(g_file_get_contents(path, &stat, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(strrchr(stat, ')') + 2, " ", -1);
    return (g_ascii_strtod(parts[11], NULL) + g_ascii_strtod(parts[12], NULL)) /
           (double)sysconf(_SC_CLK_TCK);
}

/* A line of smaps_rollup. */
static double mib_of(const char *rollup, const char *name)
{
    const char *line = strstr(rollup, name);
    g_assert(line);
    return g_ascii_strtod(line + strlen(name), NULL) / 1024;
}

static void measure(Soak *soak)
{
    Sample sample = {.at_us = clock_mono_us(), .pid = soak->world.server.pid};
    g_autofree char *maps = g_strdup_printf("/proc/%d/smaps_rollup", (int)sample.pid);
    g_autofree char *memory = NULL;
    g_assert(g_file_get_contents(maps, &memory, NULL, NULL));
    sample.memory_mib = mib_of(memory, "\nPss:");
    sample.own_mib = mib_of(memory, "\nPss_Anon:");
    sample.cpu_s = cpu_of(sample.pid);
    sample.sim_cpu_s = cpu_of(soak->world.sim.pid);
    g_array_append_val(soak->samples, sample);
    printf("%3.0f min: %u faults, %.1f MiB, %.1f its own, %.1f s of CPU\n",
           (double)(sample.at_us - soak->begin_us) / 6e7, soak->world.faults->len,
           sample.memory_mib, sample.own_mib, sample.cpu_s);
    fflush(stdout);
}

/* Waits, with a sample and a line of progress each minute. */
static void wait_ms(Soak *soak, int ms)
{
    int64_t until_us = clock_mono_us() + (int64_t)ms * 1000;
    while (clock_mono_us() < until_us) {
        if (clock_mono_us() >= soak->next_sample_us) {
            measure(soak);
            soak->next_sample_us += MINUTE_US;
        }
        sleep_ms(LOOK_MS);
    }
}

static int roll(Soak *soak, int least, int most)
{
    return g_rand_int_range(soak->dice, least, most + 1);
}

static void one_fault(Soak *soak)
{
    static const FaultKind kinds[] = {FAULT_KILL,       FAULT_KILL,  FAULT_KILL,    FAULT_STOP,
                                      FAULT_REBUILD,    FAULT_STALL, FAULT_OFFLINE, FAULT_OFFLINE,
                                      FAULT_DISCONNECT, FAULT_STALL};
    FaultKind kind = kinds[roll(soak, 0, G_N_ELEMENTS(kinds) - 1)];
    int ms = roll(soak, 0, 12000), camera = roll(soak, 0, soak->world.cameras - 1);
    soak->done[kind]++;
    if (kind == FAULT_KILL)
        world_kill(&soak->world, ms / 4);
    else if (kind == FAULT_STOP)
        world_restart(&soak->world, ms / 4);
    else if (kind == FAULT_REBUILD)
        world_rebuild(&soak->world);
    else
        world_camera_fault(&soak->world, kind, camera, 1000 + ms);
}

/* The eye takes what is left of its budget, more cameras when the machine has less to do: what
 * recording takes shows without it. */
static void begin_calm(Soak *soak)
{
    g_autofree char *path = g_build_filename(soak->world.data, "config.yaml", NULL);
    g_assert(g_file_set_contents(path, CONFIG "eye:\n  off: true\n", -1, NULL));
    world_restart(&soak->world, 0);
    soak->calm_us = clock_mono_us();
}

static void run(Soak *soak)
{
    soak->begin_us = clock_mono_us();
    soak->end_us = soak->begin_us + (int64_t)(hours * (double)HOUR_US);
    soak->calm_us = soak->end_us - (int64_t)(hours * CALM_PART * (double)HOUR_US);
    soak->next_sample_us = soak->begin_us;
    while (clock_mono_us() < soak->calm_us) {
        wait_ms(soak, PAUSE_LEAST_MS + roll(soak, 0, PAUSE_MORE_MS));
        one_fault(soak);
    }
    begin_calm(soak);
    while (clock_mono_us() < soak->end_us)
        wait_ms(soak, 1000);
    measure(soak);
}

/* By how much the second half of the calm time is above the first, as a part of the first. */
typedef struct Flatness {
    double memory, cpu, sim_cpu;
    double cpu_beside_sim; /* against what the simulator took: both pay for what else runs here */
} Flatness;

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

/* In the middle of the samples of a time: one of them may meet a moment's work. */
static double median_mib(const Soak *soak, int64_t from_us, int64_t to_us)
{
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < soak->samples->len; i++) {
        const Sample *sample = &g_array_index(soak->samples, Sample, i);
        if (sample->at_us >= from_us && sample->at_us < to_us)
            g_array_append_val(sizes, sample->own_mib);
    }
    g_array_sort(sizes, by_size);
    return g_array_index(sizes, double, sizes->len / 2);
}

static Flatness flatness(const Soak *soak)
{
    int64_t from_us = soak->calm_us + MIN(WARM_UP_US, (soak->end_us - soak->calm_us) / 4);
    const Sample *first = NULL, *middle = NULL, *last = NULL;
    for (guint i = 0; i < soak->samples->len; i++) {
        const Sample *sample = &g_array_index(soak->samples, Sample, i);
        if (sample->at_us < from_us)
            continue;
        first = first ? first : sample;
        if (sample->at_us <= (from_us + soak->end_us) / 2)
            middle = sample;
        last = sample;
    }
    if (!first || !middle || middle == first || last == middle)
        return (Flatness){0};
    double time = (double)(last->at_us - middle->at_us) / (double)(middle->at_us - first->at_us);
    Flatness flat = {
        .memory = median_mib(soak, middle->at_us, soak->end_us + MINUTE_US) /
                      median_mib(soak, from_us, middle->at_us) -
                  1,
        .cpu = (last->cpu_s - middle->cpu_s) / (middle->cpu_s - first->cpu_s) / time - 1,
        .sim_cpu =
            (last->sim_cpu_s - middle->sim_cpu_s) / (middle->sim_cpu_s - first->sim_cpu_s) / time -
            1,
    };
    flat.cpu_beside_sim = (1 + flat.cpu) / (1 + flat.sim_cpu) - 1;
    return flat;
}

static Json *faults_json(const Soak *soak, const Verdict *verdict)
{
    Json *list = json_array();
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        int64_t lost_us = 0, back_us = 0;
        for (guint i = 0; i < soak->world.faults->len; i++) {
            const FaultCost *cost = &g_array_index(verdict->costs, FaultCost, i);
            if ((int)g_array_index(soak->world.faults, FaultNote, i).kind != kind)
                continue;
            lost_us = MAX(lost_us, cost->lost_before_us);
            back_us = MAX(back_us, cost->back_us);
        }
        if (soak->done[kind])
            json_array_append_new(
                list, json_pack("{s:s, s:i, s:f, s:f}", "fault", fault_rules[kind].name, "times",
                                (int)soak->done[kind], "worst_lost_before_s", (double)lost_us / 1e6,
                                "worst_recorded_again_s", (double)back_us / 1e6));
    }
    return list;
}

static Json *report(const Soak *soak, const Verdict *verdict, const Flatness *flat, bool kept)
{
    Json *causes = json_object(), *complaints = json_array(), *samples = json_array();
    for (int cause = 0; cause < GAP_CAUSES; cause++)
        if (verdict->gaps_of[cause])
            json_object_set_new(causes, gap_cause_text((GapCause)cause),
                                json_integer(verdict->gaps_of[cause]));
    for (guint i = 0; i < verdict->complaints->len; i++)
        json_array_append_new(complaints, json_string(g_ptr_array_index(verdict->complaints, i)));
    for (guint i = 0; i < soak->samples->len; i++) {
        const Sample *sample = &g_array_index(soak->samples, Sample, i);
        json_array_append_new(samples,
                              json_pack("{s:f, s:i, s:f, s:f, s:f, s:f}", "minute",
                                        (double)(sample->at_us - soak->begin_us) / 6e7, "process",
                                        (int)sample->pid, "memory_mib", sample->memory_mib,
                                        "own_mib", sample->own_mib, "cpu_s", sample->cpu_s,
                                        "simulator_cpu_s", sample->sim_cpu_s));
    }
    return json_pack("{s:f, s:I, s:i, s:b, s:i, s:i, s:i, s:i, s:i, s:f, s:o, s:f, s:f, s:f, s:f, "
                     "s:o, s:o, s:o}",
                     "hours", hours, "seed", (json_int_t)soak->seed, "cameras", cameras, "kept",
                     kept, "pictures_sent", (int)verdict->sent, "pictures_recorded",
                     (int)verdict->recorded, "pictures_lost", (int)verdict->lost, "joins",
                     (int)verdict->joins, "gaps", (int)verdict->gaps, "gap_s",
                     (double)verdict->gap_us / 1e6, "gaps_by_cause", causes, "memory_change",
                     flat->memory, "cpu_change", flat->cpu, "simulator_cpu_change", flat->sim_cpu,
                     "cpu_change_beside_simulator", flat->cpu_beside_sim, "faults",
                     faults_json(soak, verdict), "complaints", complaints, "samples", samples);
}

static bool tell(const Soak *soak, const Verdict *verdict)
{
    Flatness flat = flatness(soak);
    bool kept = flat.memory <= FLAT && flat.cpu_beside_sim <= FLAT && verdict->complaints->len == 0;
    g_autoptr(Json) json = report(soak, verdict, &flat, kept);
    g_autofree char *text = json_line(json);
    if (report_file)
        g_assert(g_file_set_contents(report_file, text, -1, NULL));
    printf("soak: %.2f h, seed %u, %d cameras, %u faults\n"
           "pictures: %u sent, %u recorded, %u not (the last %.3f s before a fault at most)\n"
           "gaps: %u, %.1f s; segments joined: %u\n"
           "a camera was recorded again %.1f s after it was back at most\n"
           "calm part: memory %+.1f %%, CPU %+.1f %%, that of the simulator %+.1f %%, so %+.1f %% "
           "beside it\n",
           hours, soak->seed, cameras, soak->world.faults->len, verdict->sent, verdict->recorded,
           verdict->lost, (double)verdict->worst_lost_before_us / 1e6, verdict->gaps,
           (double)verdict->gap_us / 1e6, verdict->joins, (double)verdict->worst_back_us / 1e6,
           100 * flat.memory, 100 * flat.cpu, 100 * flat.sim_cpu, 100 * flat.cpu_beside_sim);
    for (guint i = 0; i < verdict->complaints->len; i++)
        printf("broken: %s\n", (char *)g_ptr_array_index(verdict->complaints, i));
    return kept;
}

int main(int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"hours", 0, 0, G_OPTION_ARG_DOUBLE, &hours, "how long", "H"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &wanted_seed, "what the dice start from", "S"},
        {"cameras", 0, 0, G_OPTION_ARG_INT, &cameras, "simulated cameras", "N"},
        {"report", 0, 0, G_OPTION_ARG_FILENAME, &report_file, "where the JSON goes", "FILE"},
        {NULL}};
    g_autoptr(GOptionContext) options = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error) || hours <= 0 || cameras < 1) {
        fprintf(stderr, "soak: %s\n",
                error ? error->message : "--hours and --cameras count from 0 up");
        return 2;
    }
    secret_init();
    run_set_limit(3600); /* verify reads all that was recorded */
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Soak soak = {.seed = wanted_seed >= 0 ? (guint32)wanted_seed : g_random_int()};
    printf("soak: seed %u\n", soak.seed);
    fflush(stdout);
    soak.dice = g_rand_new_with_seed(soak.seed);
    soak.samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    world_start(&soak.world, cameras, CONFIG);
    run(&soak);
    g_auto(Verdict) verdict = judge(&soak.world);
    bool kept = tell(&soak, &verdict);
    world_end(&soak.world);
    return kept ? 0 : 1;
}
