/* live.c — viewers of live pictures: how old a picture is when a viewer has it, and load for the
 * server.
 *
 *   bench-live --port P --token T --seconds S [--viewers N] [--stream main|sub] [--tls]
 *              [--direct URL] CAMERA [CAMERA …]
 *
 * Opens N sockets (1), spreads them over the cameras by turns, lets 3 s pass, then for S seconds
 * compares the wall clock with `sent_us` of the mark that the simulator puts into each picture:
 *   read      when this program had the whole picture, which is what counts
 *   arrived   when the kernel had its last byte: without this program's own slowness (no TLS only)
 *   direct    with --direct: arrival of the same picture's last packet straight from the camera:
 *             the simulator's own part
 *   server    read minus direct, picture by picture: the server's part
 * Prints {"viewers","seconds","pictures","lost","fewest","bytes","keys","key_bytes","read":{p50_us
 * …},…}. `lost`: pictures missing by their numbers; `fewest`: pictures and lost ones of the viewer
 * that had the fewest, which tells one that was no longer served; `keys`: how many of the pictures
 * are key pictures, with their bytes.
 */
#include "base/clock.h"
#include "delays.h"
#include "direct.h"
#include "media/sim_sei.h"
#include "play.h"
#include "viewer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { EVENTS = 64, SETTLE_US = 3000000, HEADER = 24, FLAG_KEY = 1, FLAG_INIT = 2, FLAG_AUDIO = 8 };

typedef struct Options {
    int port, viewers;
    double seconds;
    char *token, *stream, *direct, **cameras;
    gboolean tls;
} Options;

typedef struct Seen {
    int64_t number, read_us;
} Seen;

typedef struct Bench {
    bool measuring;
    int64_t pictures, lost, keys, key_bytes;
    Delays *read, *arrived;
    GArray *seen; /* Seen; with --direct */
} Bench;

/* One socket. */
typedef struct Watch {
    Bench *bench;
    Viewer *viewer; /* NULL: the camera itself is read */
    Direct *direct;
    int64_t first_number, last_number;
} Watch;

/* The sample behind `moof` and the header of `mdat`. */
static bool find_sample(const uint8_t *data, size_t size, const uint8_t **sample, size_t *bytes)
{
    while (size >= 8) {
        uint32_t box;
        memcpy(&box, data, sizeof box);
        box = GUINT32_FROM_BE(box);
        if (box < 8 || box > size)
            return false;
        if (memcmp(data + 4, "mdat", 4) == 0) {
            *sample = data + 8;
            *bytes = box - 8;
            return true;
        }
        data += box;
        size -= box;
    }
    return false;
}

static void on_message(void *data, bool binary, const uint8_t *payload, size_t size,
                       int64_t arrived_us, int64_t read_us)
{
    Watch *watch = data;
    Bench *bench = watch->bench;
    const uint8_t *sample;
    size_t bytes;
    SimSei mark;
    if (!bench->measuring || !binary || size < HEADER || (payload[1] & (FLAG_INIT | FLAG_AUDIO)) ||
        !find_sample(payload + HEADER, size - HEADER, &sample, &bytes) ||
        !(sim_sei_parse(CODEC_H264, sample, bytes, &mark) ||
          sim_sei_parse(CODEC_H265, sample, bytes, &mark)))
        return;
    bench->pictures++;
    if (payload[1] & FLAG_KEY) {
        bench->keys++;
        bench->key_bytes += (int64_t)size;
    }
    if (watch->last_number)
        bench->lost += (int64_t)mark.number - watch->last_number - 1;
    else
        watch->first_number = (int64_t)mark.number;
    watch->last_number = (int64_t)mark.number;
    delays_add(bench->read, read_us - mark.sent_us);
    if (arrived_us)
        delays_add(bench->arrived, arrived_us - mark.sent_us);
    Seen seen = {(int64_t)mark.number, read_us};
    if (bench->seen)
        g_array_append_val(bench->seen, seen);
}

static void watch_read(Watch *watch)
{
    if (watch->direct)
        direct_read(watch->direct);
    else
        viewer_read(watch->viewer);
}

static void run(int epoll, int64_t until_us)
{
    struct epoll_event events[EVENTS];
    int64_t left;
    while ((left = until_us - clock_mono_us()) > 0) {
        int count = epoll_wait(epoll, events, EVENTS, (int)(left / 1000 + 1));
        for (int i = 0; i < count; i++)
            watch_read(events[i].data.ptr);
    }
}

static void add(int epoll, Watch *watch, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        bench_die("epoll");
}

static uint64_t bytes_of(const Watch *watches, int count)
{
    uint64_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += viewer_bytes(watches[i].viewer);
    return bytes;
}

static int64_t fewest_pictures(const Watch *watches, int count)
{
    int64_t fewest = INT64_MAX;
    for (int i = 0; i < count; i++)
        fewest =
            MIN(fewest,
                watches[i].last_number ? watches[i].last_number - watches[i].first_number + 1 : 0);
    return fewest;
}

/* What the camera needed, and what the server added, by picture number. */
static void add_parts(Json *result, const Bench *bench, Direct *direct, Delays *camera)
{
    Delays *server = delays_new();
    GHashTable *arrivals = direct_arrivals(direct);
    for (guint i = 0; i < bench->seen->len; i++) {
        const Seen *seen = &g_array_index(bench->seen, Seen, i);
        const int64_t *at = g_hash_table_lookup(arrivals, &seen->number);
        if (!at)
            continue;
        delays_add(server, seen->read_us - *at);
        /* read is in the same order as seen until it is sorted */
        delays_add(camera, g_array_index(bench->read, int64_t, i) - (seen->read_us - *at));
    }
    json_object_set_new(result, "direct", delays_json(camera));
    json_object_set_new(result, "server", delays_json(server));
    g_array_unref(server);
}

static void measure(const Options *options)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC), count = options->viewers;
    Bench bench = {.read = delays_new(), .arrived = delays_new()};
    g_autofree Watch *watches = g_new0(Watch, (gsize)count);
    Watch direct = {.bench = &bench};
    if (options->direct) {
        direct.direct = direct_open(options->direct);
        bench.seen = g_array_new(FALSE, FALSE, sizeof(Seen));
        add(epoll, &direct, direct_fd(direct.direct));
    }
    unsigned cameras = g_strv_length(options->cameras);
    for (int i = 0; i < count; i++) {
        watches[i].bench = &bench;
        watches[i].viewer =
            viewer_open(options->port, options->tls, options->token, on_message, &watches[i]);
        add(epoll, &watches[i], viewer_fd(watches[i].viewer));
    }
    for (int i = 0; i < count; i++)
        viewer_subscribe(watches[i].viewer, options->cameras[(unsigned)i % cameras],
                         options->stream);
    run(epoll, clock_mono_us() + SETTLE_US);
    fputs("measuring\n", stderr);
    uint64_t before = bytes_of(watches, count);
    bench.measuring = true;
    run(epoll, clock_mono_us() + (int64_t)(options->seconds * (double)SECOND_US));
    g_autoptr(Json) result =
        json_pack("{s:i, s:f, s:I, s:I, s:I, s:I, s:I, s:I}", "viewers", count, "seconds",
                  options->seconds, "pictures", (json_int_t)bench.pictures, "lost",
                  (json_int_t)bench.lost, "fewest", (json_int_t)fewest_pictures(watches, count),
                  "bytes", (json_int_t)(bytes_of(watches, count) - before), "keys",
                  (json_int_t)bench.keys, "key_bytes", (json_int_t)bench.key_bytes);
    if (direct.direct)
        add_parts(result, &bench, direct.direct, delays_new());
    json_object_set_new(result, "read", delays_json(bench.read));
    if (bench.arrived->len)
        json_object_set_new(result, "arrived", delays_json(bench.arrived));
    g_autofree char *line = json_line(result);
    puts(line);
}

int main(int argc, char **argv)
{
    Options options = {.viewers = 1, .seconds = 30};
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &options.port, "Of the server, on 127.0.0.1", "P"},
        {"token", 0, 0, G_OPTION_ARG_STRING, &options.token, "Of the API", "T"},
        {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, "How long (30)", "S"},
        {"viewers", 0, 0, G_OPTION_ARG_INT, &options.viewers, "How many sockets (1)", "N"},
        {"stream", 0, 0, G_OPTION_ARG_STRING, &options.stream, "main (default) or sub", "KIND"},
        {"tls", 0, 0, G_OPTION_ARG_NONE, &options.tls, "The server speaks TLS", NULL},
        {"direct", 0, 0, G_OPTION_ARG_STRING, &options.direct,
         "RTSP address of the one camera watched, to tell its part from the server's", "URL"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.cameras, NULL,
         "CAMERA [CAMERA …]"},
        {NULL}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !options.cameras ||
        !options.token || options.viewers < 1) {
        fprintf(stderr, "bench-live: %s; see --help\n",
                error ? error->message : "give --port, --token and a camera");
        return 2;
    }
    if (!options.stream)
        options.stream = (char *)"main";
    measure(&options);
    return 0;
}
