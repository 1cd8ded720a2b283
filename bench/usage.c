/* usage.c — what a process has used until now: processor time in all and by thread, and memory.
 *
 *   bench-usage PID
 *
 * Prints {"cpu_us","threads":{NAME:cpu_us},"pss_kib","wall_us"}: user and system time of the whole
 * process (its ended threads included), of its threads summed by name, the proportional set size,
 * and the monotonic clock. Taken twice, the difference is what the span between has cost.
 */
#include "base/clock.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t process_cpu_us(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
        fprintf(stderr, "bench-usage: there is no process %d\n", pid);
        exit(1);
    }
    return used.tv_sec * SECOND_US + used.tv_nsec / 1000;
}

/* The first line of a file in /proc, owned; NULL: the thread has ended. */
static char *first_line(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    text[strcspn(text, "\n")] = '\0';
    return g_steal_pointer(&text);
}

/* By name without a number at its end: the ingest threads count as one. */
static void add_thread(Json *threads, const char *folder)
{
    g_autofree char *name = first_line(folder, "comm"), *used = first_line(folder, "schedstat");
    if (!name || !used)
        return;
    size_t size = strlen(name);
    while (size > 1 && (g_ascii_isdigit(name[size - 1]) || name[size - 1] == '-'))
        name[--size] = '\0';
    int64_t us = strtoll(used, NULL, 10) / 1000;
    json_object_set_new(threads, name,
                        json_integer(us + json_integer_value(json_object_get(threads, name))));
}

static Json *threads_of(pid_t pid)
{
    Json *threads = json_object();
    g_autofree char *tasks = g_strdup_printf("/proc/%d/task", pid);
    g_autoptr(GDir) dir = g_dir_open(tasks, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *folder = g_build_filename(tasks, name, NULL);
        add_thread(threads, folder);
    }
    return threads;
}

static int64_t pss_kib(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/smaps_rollup", pid), *text = NULL;
    const char *line = g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, "\nPss:") : NULL;
    return line ? strtoll(line + strlen("\nPss:"), NULL, 10) : -1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: bench-usage PID\n", stderr);
        return 2;
    }
    pid_t pid = atoi(argv[1]);
    g_autoptr(Json) usage =
        json_pack("{s:I, s:I, s:o, s:I}", "cpu_us", (json_int_t)process_cpu_us(pid), "wall_us",
                  (json_int_t)clock_mono_us(), "threads", threads_of(pid), "pss_kib",
                  (json_int_t)pss_kib(pid));
    g_autofree char *line = json_line(usage);
    puts(line);
    return 0;
}
