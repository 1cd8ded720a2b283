/* One camera's folder on a volume: its chain of lines, and a file for each line (FOOTAGE.md §9). */
#include "archive/verify_check.h"

#include "archive/footage_scan.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"
#include "ledger/merkle.h"

#include <string.h>
#include <unistd.h>

/* A segment without file or without leaves: it must have been retired. */
typedef struct Absent {
    Hash segment;
    char file[SEAL_FILE_TEXT];
    int64_t from_us, to_us;
    bool bare; /* no leaves */
} Absent;

typedef struct CameraCheck {
    Verify *verify;
    const CameraTarget *target;
    char *folder; /* VOLUME/<camera> */
    CheckedChain *chain;
    GHashTable *listed;  /* names of files that have a line */
    GHashTable *retired; /* Hash: segments that have a retired line */
    GArray *absent;      /* Absent */
    /* the line being looked at */
    const char *day;
    char *path;
    const char *text;
    size_t size;
    unsigned number;
    int64_t last_us; /* end of the segment before, for lines that cannot be read */
    int64_t newest;  /* seq of the newest line before anything was read: a running server goes on */
} CameraCheck;

/* `day` may be longer: a file's name begins with its day. */
static bool day_wanted(const CameraTarget *target, const char *day)
{
    return !target->only_day || strncmp(target->only_day, day, 10) == 0;
}

static bool names_fit(CameraCheck *check, const Uuid *camera, const Uuid *volume, int64_t from_us,
                      int64_t to_us)
{
    const CameraTarget *target = check->target;
    bool fit = uuid_equal(camera, &target->camera) &&
               (!target->volume || uuid_equal(volume, target->volume));
    if (!fit)
        verify_fault(check->verify, &target->camera, from_us, to_us, check->path,
                     "line %u is of another camera or volume", check->number);
    return fit;
}

static void line_take(CameraCheck *check, const LineSeal *seal, int64_t seq, const Hash *prev,
                      int64_t from_us, int64_t to_us)
{
    CheckedLine line = {.from_us = from_us, .to_us = to_us, .number = check->number};
    line.head.seq = seq;
    line.head.prev = *prev;
    line.head.seal = *seal;
    g_strlcpy(line.day, check->day, sizeof line.day);
    line.key_index =
        verify_signature(check->verify, &line.head, check->text, &check->target->camera, from_us,
                         to_us, check->path, check->number);
    g_array_append_val(check->chain->lines, line);
    check->verify->report->lines++;
}

static void absent_add(CameraCheck *check, const SegmentSeal *seal, bool bare)
{
    Absent absent = {.segment = seal->seal.hash, .from_us = seal->from_us, .to_us = seal->to_us};
    absent.bare = bare;
    memcpy(absent.file, seal->file, sizeof absent.file);
    g_array_append_val(check->absent, absent);
}

static void footage_check(CameraCheck *check, const SegmentSeal *seal)
{
    g_autofree char *path = g_build_filename(check->folder, seal->file, NULL);
    bool there = access(path, F_OK) == 0;
    if (!seal->entries || !there) {
        absent_add(check, seal, !seal->entries);
        if (there)
            verify_note(check->verify, "%s: still there, though retired", path);
        return;
    }
    Hash root = merkle_root(seal->entries, seal->entry_count);
    if (!hash_equal(&root, &seal->root))
        verify_fault(check->verify, &seal->camera, seal->from_us, seal->to_us, check->path,
                     "line %u: its leaves do not have the root that was signed", check->number);
    else if (day_wanted(check->target, check->day))
        verify_segment(check->verify, path, seal);
}

static void segment_check(CameraCheck *check, const SegmentSeal *seal)
{
    if (!names_fit(check, &seal->camera, &seal->volume, seal->from_us, seal->to_us))
        return;
    if (uuid_is_nil(&check->chain->volume))
        check->chain->volume = seal->volume;
    line_take(check, &seal->seal, seal->seq, &seal->prev, seal->from_us, seal->to_us);
    check->last_us = seal->to_us;
    if (strncmp(seal->file, check->day, 10) != 0)
        verify_fault(check->verify, &seal->camera, seal->from_us, seal->to_us, check->path,
                     "line %u stands in the folder of another day than its file", check->number);
    if (!g_hash_table_add(check->listed, g_strdup(seal->file)))
        return; /* a doubled line: its number tells */
    footage_check(check, seal);
}

static void retired_check(CameraCheck *check, const RetiredSeal *retired)
{
    if (!names_fit(check, &retired->camera, &retired->volume, retired->at_us, retired->at_us))
        return;
    line_take(check, &retired->seal, retired->seq, &retired->prev, retired->at_us, retired->at_us);
    CheckedLine *line =
        &g_array_index(check->chain->lines, CheckedLine, check->chain->lines->len - 1);
    if (check->verify->ring && line->key_index < 0)
        return; /* forged: it excuses nothing */
    g_hash_table_insert(check->retired, g_memdup2(&retired->segment, sizeof retired->segment),
                        g_strdup_printf("%s line %u", check->path, check->number));
}

static void line_check(CameraCheck *check)
{
    g_auto(SegmentSeal) seal = {0};
    RetiredSeal retired;
    if (segment_seal_parse(check->text, check->size, &seal))
        segment_check(check, &seal);
    else if (retired_seal_parse(check->text, check->size, &retired))
        retired_check(check, &retired);
    else
        verify_fault(check->verify, &check->target->camera, check->last_us, check->last_us,
                     check->path, "line %u cannot be read", check->number);
}

static void day_lines_check(CameraCheck *check, const char *day)
{
    g_autoptr(GError) trouble = NULL;
    g_autofree char *path = g_build_filename(check->folder, day, "seals.jsonl", NULL);
    check->day = day;
    check->path = path;
    if (!day_parse(day, &check->last_us) || access(path, F_OK) != 0)
        return;
    int64_t day_us = check->last_us;
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, &trouble);
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &check->text, &check->size, &trouble)) > 0) {
        check->number = jsonl_reader_number(reader);
        line_check(check);
    }
    if (got < 0)
        verify_fault(check->verify, &check->target->camera, day_us, day_us + DAY_US, path, "%s",
                     trouble->message);
    else if (jsonl_reader_torn(reader) > 0)
        verify_note(check->verify, "%s: a last line that was cut off (%zu bytes) is not looked at",
                    path, jsonl_reader_torn(reader));
}

static int by_seq(const void *a, const void *b)
{
    int64_t left = ((const CheckedLine *)a)->head.seq, right = ((const CheckedLine *)b)->head.seq;
    return (left > right) - (left < right);
}

/* Lines are taken in the order of their numbers, whatever files they stand in; but within a file
 * they must stand in that order. */
static void links_check(CameraCheck *check)
{
    GArray *lines = check->chain->lines;
    ChainLink link = {0};
    for (size_t i = 1; i < lines->len; i++) {
        const CheckedLine *before = &g_array_index(lines, CheckedLine, i - 1);
        const CheckedLine *line = &g_array_index(lines, CheckedLine, i);
        if (strcmp(before->day, line->day) == 0 && line->head.seq < before->head.seq)
            verify_fault(check->verify, &check->target->camera, line->from_us, line->to_us,
                         check->folder, "%s/seals.jsonl: line %u was moved", line->day,
                         line->number);
    }
    g_array_sort(lines, by_seq);
    int64_t before_us = lines->len > 0 ? g_array_index(lines, CheckedLine, 0).from_us : 0;
    for (size_t i = 0; i < lines->len; i++) {
        const CheckedLine *line = &g_array_index(lines, CheckedLine, i);
        if (line->head.seq > check->newest)
            break;
        g_autofree char *what = chain_link_fault(&link, &line->head, line->key_index);
        if (what)
            verify_fault(check->verify, &check->target->camera, MIN(before_us, line->from_us),
                         line->from_us, check->folder, "%s/seals.jsonl: line %u %s", line->day,
                         line->number, what);
        before_us = line->to_us;
    }
}

/* Retention may have gone on since the line was read: a second look at the line itself. */
static bool retired_meanwhile(const CameraCheck *check, const Absent *absent)
{
    g_auto(SegmentSeal) seal = {0};
    return !absent->bare &&
           seal_find(check->target->volume_folder, &check->target->camera, absent->file, &seal,
                     NULL) == 1 &&
           !seal.entries;
}

static void absent_check(CameraCheck *check)
{
    for (size_t i = 0; i < check->absent->len; i++) {
        const Absent *absent = &g_array_index(check->absent, Absent, i);
        g_autofree char *path = g_build_filename(check->folder, absent->file, NULL);
        if (g_hash_table_remove(check->retired, &absent->segment)) {
            check->verify->report->retired++;
            continue;
        }
        if (!day_wanted(check->target, absent->file))
            continue;
        if (absent->bare)
            verify_fault(check->verify, &check->target->camera, absent->from_us, absent->to_us,
                         path, "its line has lost its leaves, and no retired line says why");
        else if (!retired_meanwhile(check, absent))
            verify_fault(check->verify, &check->target->camera, absent->from_us, absent->to_us,
                         path, "the file is gone, and no retired line says why");
    }
}

/* Retired lines that are left: of a segment whose file is still there with its leaves (the server
 * was killed in between), or of none. */
static void retired_left_check(CameraCheck *check)
{
    const GArray *lines = check->chain->lines;
    for (size_t i = 0; i < lines->len; i++)
        g_hash_table_remove(check->retired, &g_array_index(lines, CheckedLine, i).head.seal.hash);
    GHashTableIter at;
    void *where;
    g_hash_table_iter_init(&at, check->retired);
    while (g_hash_table_iter_next(&at, NULL, &where))
        verify_fault(check->verify, &check->target->camera, 0, 0, check->folder,
                     "%s retires a segment that has no line", (const char *)where);
}

static void day_files_check(CameraCheck *check, const char *day)
{
    g_autofree char *folder = g_build_filename(check->folder, day, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *file = g_build_filename(day, name, NULL);
        if (g_str_has_suffix(name, ".mp4") && !g_hash_table_contains(check->listed, file))
            verify_unsealed(check->verify, check->target, file);
    }
}

/* Footage where none belongs: beside the day folders, or in folders that are none. */
static void strays_check(CameraCheck *check, const char *folder, unsigned depth)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        int64_t day_us;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".mp4"))
            verify_fault(check->verify, &check->target->camera, 0, 0, path,
                         "a file where no footage belongs");
        else if (depth < 4 && (depth > 0 || !day_parse(name, &day_us)) &&
                 g_file_test(path, G_FILE_TEST_IS_DIR) &&
                 !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            strays_check(check, path, depth + 1);
    }
}

static CheckedChain *chain_new(const CameraTarget *target)
{
    CheckedChain *chain = g_new0(CheckedChain, 1);
    chain->camera = target->camera;
    if (target->volume)
        chain->volume = *target->volume;
    chain->lines = g_array_new(FALSE, FALSE, sizeof(CheckedLine));
    return chain;
}

/* Lines up to this one are all there to be read; of later ones, written meanwhile, some are. */
static int64_t newest_seq(const CameraCheck *check, const GPtrArray *days)
{
    int64_t newest = 0;
    for (size_t i = 0; i < days->len; i++) {
        g_autofree char *path =
            g_build_filename(check->folder, g_ptr_array_index(days, i), "seals.jsonl", NULL);
        LineHead head;
        if (line_read_last(path, &head, NULL, NULL) > 0)
            newest = MAX(newest, head.seq);
    }
    return newest;
}

static void days_check(CameraCheck *check, const GPtrArray *days)
{
    check->newest = newest_seq(check, days);
    for (size_t i = 0; i < days->len; i++)
        day_lines_check(check, g_ptr_array_index(days, i));
    links_check(check);
    absent_check(check);
    retired_left_check(check);
    for (size_t i = 0; i < days->len; i++)
        if (day_wanted(check->target, g_ptr_array_index(days, i)))
            day_files_check(check, g_ptr_array_index(days, i));
    if (!check->target->only_day)
        strays_check(check, check->folder, 0);
}

void verify_camera(Verify *verify, const CameraTarget *target)
{
    char uuid[UUID_TEXT];
    CameraCheck check = {.verify = verify, .target = target};
    g_autofree char *folder =
        g_build_filename(target->volume_folder, uuid_text(&target->camera, uuid), NULL);
    g_autoptr(GHashTable) listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) retired =
        g_hash_table_new_full(hash_key_hash, hash_key_equal, g_free, g_free);
    g_autoptr(GArray) absent = g_array_new(FALSE, FALSE, sizeof(Absent));
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) days = day_names(folder, "", &trouble);
    check.folder = folder;
    check.listed = listed;
    check.retired = retired;
    check.absent = absent;
    check.chain = chain_new(target);
    g_ptr_array_add(verify->chains, check.chain);
    if (g_hash_table_add(verify->report->counted, g_memdup2(&target->camera, sizeof(Uuid))))
        verify->report->cameras++;
    if (days)
        days_check(&check, days);
    else
        verify_fault(verify, &target->camera, 0, 0, folder, "%s", trouble->message);
}
