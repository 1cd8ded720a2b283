/* count.c — counts the pictures in a data folder by their marks, and what lacks between them.
 *
 *   bench-count DATA RECORD      RECORD: what bench-sender wrote at its end
 *
 * No server may hold the folder. Each camera's pictures, in the order of its files, must be
 * numbered one after another from the first key picture that was sent. Prints
 * {"cameras","pictures", "missing","late","files","joins"}: `missing` lack before the last one
 * recorded, of any camera; `late` were sent behind that (while the server ended); `joins` are files
 * that went on in the next one without a picture lost.
 */
#include "archive/segment_read.h"
#include "base/json.h"
#include "media/sim_sei.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Count {
    char camera[SIM_SEI_CAMERA];
    uint64_t first, next; /* numbers; next: after the newest one, 0: none yet */
    uint64_t pictures, missing, files, joins;
} Count;

static void check(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "bench-count: %s\n", what);
    exit(1);
}

static void count_picture(Count *count, const SimSei *mark, bool first_of_file)
{
    if (!count->next) {
        memcpy(count->camera, mark->camera, sizeof count->camera);
        count->first = mark->number;
    } else {
        check(strcmp(mark->camera, count->camera) == 0, "pictures of two cameras in one folder");
        check(mark->number >= count->next, "a picture is there twice");
        count->missing += mark->number - count->next;
        count->joins += first_of_file && mark->number == count->next;
    }
    count->next = mark->number + 1;
    count->pictures++;
}

/* The marks stand at the front of each picture: so much is read of it. */
static void count_fragment(Count *count, const SegmentReader *reader,
                           const Fmp4FragmentInfo *fragment, uint64_t at, bool first)
{
    const Fmp4ReadRun *run = &fragment->tracks[TRACK_VIDEO];
    uint64_t offset = at + run->offset;
    for (unsigned i = 0; i < run->count; i++) {
        size_t size = run->samples[i].size;
        g_autofree uint8_t *bytes = g_malloc(size);
        SimSei mark;
        check(pread(segment_reader_fd(reader), bytes, size, (off_t)offset) == (ssize_t)size &&
                  sim_sei_parse(CODEC_H264, bytes, size, &mark),
              "a picture without a mark");
        count_picture(count, &mark, first && i == 0);
        offset += size;
    }
}

static void count_file(Count *count, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SegmentReader) reader = segment_reader_open(path, 0, SEGMENT_OWN_TIME, &error);
    check(reader != NULL, error ? error->message : path);
    const Fmp4FragmentInfo *fragment;
    uint64_t offset;
    bool first = true;
    while (segment_reader_next(reader, &fragment, &offset, &error)) {
        count_fragment(count, reader, fragment, offset, first);
        first = false;
    }
    check(!error, error ? error->message : path);
    count->files++;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths of what lies in a folder, sorted. Returns owned. */
static GPtrArray *list_folder(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare);
    return paths;
}

static void count_camera(Count *count, const char *folder)
{
    g_autoptr(GPtrArray) days = list_folder(folder);
    for (guint i = 0; i < days->len; i++) {
        g_autoptr(GPtrArray) files = list_folder(days->pdata[i]);
        for (guint k = 0; k < files->len; k++)
            if (g_str_has_suffix(files->pdata[k], "-main.mp4"))
                count_file(count, files->pdata[k]);
    }
}

static int64_t integer_of(const Json *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

/* Against what the camera says it sent: its first key picture must be there. */
static void add_record(Count *all, const Count *count, const Json *record, uint64_t *late)
{
    size_t index;
    Json *row;
    json_array_foreach(record, index, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "name")), count->camera) != 0)
            continue;
        uint64_t first = (uint64_t)integer_of(row, "first_key_number");
        all->missing += count->first > first ? count->first - first : 0;
        uint64_t sent = (uint64_t)integer_of(row, "last_number") + 1;
        *late += sent > count->next ? sent - count->next : 0;
        all->missing += (uint64_t)integer_of(row, "dropped");
        return;
    }
    check(false, "a camera that nobody sent");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: bench-count DATA RECORD\n", stderr);
        return 2;
    }
    g_autofree char *text = NULL, *footage = g_build_filename(argv[1], "footage", NULL);
    gsize size;
    g_autoptr(Json) record =
        g_file_get_contents(argv[2], &text, &size, NULL) ? json_parse(text, size, NULL) : NULL;
    check(json_is_array(record), "no record");
    g_autoptr(GPtrArray) folders = list_folder(footage);
    Count all = {0};
    uint64_t cameras = 0, late = 0;
    for (guint i = 0; i < folders->len; i++) {
        Count count = {0};
        count_camera(&count, folders->pdata[i]);
        if (!count.pictures)
            continue;
        cameras++;
        all.pictures += count.pictures;
        all.missing += count.missing;
        all.files += count.files;
        all.joins += count.joins;
        add_record(&all, &count, record, &late);
    }
    check(cameras == json_array_size(record), "not all cameras have footage");
    g_autoptr(Json) told =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "cameras", (json_int_t)cameras, "pictures",
                  (json_int_t)all.pictures, "missing", (json_int_t)all.missing, "late",
                  (json_int_t)late, "files", (json_int_t)all.files, "joins", (json_int_t)all.joins);
    g_autofree char *line = json_line(told);
    puts(line);
    return 0;
}
