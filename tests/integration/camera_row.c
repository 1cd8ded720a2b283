#include "camera_row.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "scripted_picture.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

enum {
    STOPPING_US = 150 * 1000, /* what is sent while the server stops may be lost */
    TIME_OFF_US = 50 * 1000,  /* of most pictures */
    MOST_OF_A_HUNDRED = 95,
    OFF_MOST_US = 500 * 1000, /* of any */
};

static const Picture *picture_at(const Footage *footage, guint index)
{
    return &g_array_index(footage->pictures, Picture, index);
}

/* ---- what was asked and told ---- */

static void assert_requests(const PlayedRow *played)
{
    const CameraRow *row = played->row;
    g_autofree char *requests = scripted_camera_requests(played->camera);
    if (row->never && strstr(requests, row->never))
        fail_msg("‘%s’ was asked:\n%s", row->never, requests);
    if (row->ever && !strstr(requests, row->ever))
        fail_msg("‘%s’ was not asked:\n%s", row->ever, requests);
    if (strstr(requests, "Require:")) /* the back channel is never asked for (D9) */
        fail_msg("something is required:\n%s", requests);
    unsigned wanted = MAX(row->connections, 1u), made = scripted_camera_connections(played->camera);
    if (!row->code && made != wanted)
        fail_msg("%u connections were made in place of %u:\n%s", made, wanted, requests);
}

static void assert_told(const PlayedRow *played)
{
    assert_string_equal(text_in(played->status, "cause_code"), played->row->code);
    const char *cause = text_in(played->status, "cause");
    if (!strstr(cause, played->row->cause))
        fail_msg("‘%s’ does not say ‘%s’", cause, played->row->cause);
}

static void assert_notes(const CameraRow *row, const Json *stream)
{
    const Json *notes = json_object_get(stream, "notes");
    g_autofree char *text = json_line(notes);
    if (!row->note) {
        assert_string_equal(text, "[]");
        return;
    }
    bool found = false;
    size_t index;
    Json *note;
    json_array_foreach(notes, index, note) found |=
        g_str_has_prefix(json_string_value(note), row->note);
    if (!found)
        fail_msg("the notes are %s", text);
}

static void assert_stream(const PlayedRow *played)
{
    const CameraRow *row = played->row;
    const Json *stream = json_object_get(played->status, "main");
    g_autofree char *by_sps = scripted_rfc6381();
    assert_string_equal(text_in(stream, row->codec ? "codec" : "rfc6381"),
                        row->codec ? row->codec : by_sps);
    if (row->way)
        assert_string_equal(text_in(stream, "transport"), row->way);
    if (row->sound)
        assert_string_equal(text_in(stream, "audio"), row->sound);
    const Json *left_out = json_object_get(stream, "sound_left_out");
    g_autofree char *told =
        json_is_object(left_out)
            ? g_strjoin(" ", text_in(left_out, "codec"), text_in(left_out, "cause_code"), NULL)
            : NULL;
    assert_string_equal(told ? told : "none", row->left_out ? row->left_out : "none");
    if (row->member)
        assert_in_range(json_integer_value(json_object_get(stream, row->member)), row->least,
                        row->most);
    assert_notes(row, stream);
}

static void assert_gaps(const PlayedRow *played)
{
    const CameraRow *row = played->row;
    const Json *spans = json_object_get(played->coverage, "spans"),
               *gaps = json_object_get(played->coverage, "gaps");
    const char *first = text_in(json_array_get(spans, 0), "from");
    unsigned found = 0;
    size_t index;
    Json *gap;
    json_array_foreach(gaps, index, gap)
    {
        if (strcmp(text_in(gap, "from"), first) < 0)
            continue;
        int64_t from_us = 0, to_us = 0;
        assert_true(time_parse(text_in(gap, "from"), &from_us));
        assert_true(time_parse(text_in(gap, "to"), &to_us));
        int ms = (int)((to_us - from_us) / 1000);
        if (g_strcmp0(text_in(gap, "cause"), row->gap) != 0 || ms < row->gap_least_ms ||
            ms > row->gap_most_ms)
            fail_msg("a gap as %s of %d ms", text_in(gap, "cause"), ms);
        found++;
    }
    assert_int_equal(found, row->gap != NULL);
}

/* ---- the footage ---- */

/* As footage_assert_in_order(), but a row that fails leaves the others to be looked at. */
static void assert_marks(const CameraRow *row, const Footage *footage)
{
    bool whole = row->lost_most == 0 && row->connections <= 1; /* what is held back, too */
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = picture_at(footage, i);
        if (!g_str_equal(picture->camera, row->name))
            fail_msg("picture %u of %u has the mark ‘%s’", i, footage->pictures->len,
                     picture->camera);
        if (i && (whole ? picture->number != (picture - 1)->number + 1
                        : picture->number <= (picture - 1)->number))
            fail_msg("picture %u follows %u", (unsigned)picture->number,
                     (unsigned)(picture - 1)->number);
    }
}

static void assert_pictures(const PlayedRow *played, const Footage *footage)
{
    const CameraRow *row = played->row;
    g_autoptr(Json) sent = scripted_camera_sent(played->camera);
    if (footage->pictures->len == 0) {
        g_autofree char *status = json_line(played->status);
        fail_msg("nothing was recorded: %s", status);
    }
    int64_t first_us = json_integer_value(json_object_get(json_array_get(sent, 0), "sent_us"));
    assert_true(first_us - played->added_us >= row->seconds * SECOND_US);
    assert_marks(row, footage);
    int64_t lost_us = 0, until_us = played->stopped_us - STOPPING_US,
            from_us = picture_at(footage, 0)->sent_us;
    unsigned all = footage_missing(footage, sent, 0, until_us, &lost_us),
             lost = footage_missing(footage, sent, from_us, until_us, &lost_us), late = all - lost;
    print_message("%u pictures, %u late, %u lost, %u files, ", footage->pictures->len, late, lost,
                  footage->files->len);
    if (late > row->late_most)
        fail_msg("%u pictures were sent before the first one recorded", late);
    if (lost < row->lost_least || lost > row->lost_most)
        fail_msg("%u pictures of %zu were lost, the first %.1f s after the start, %.1f s before "
                 "the end",
                 lost, json_array_size(sent), (double)(lost_us - first_us) / SECOND_US,
                 (double)(played->stopped_us - lost_us) / SECOND_US);
    for (guint i = 0; row->slices && i < footage->pictures->len; i++)
        assert_int_equal(picture_at(footage, i)->slices, row->slices);
    unsigned files_least = MAX(row->files_least, 1u);
    assert_in_range(footage->files->len, files_least, files_least + 1);
}

/* ---- times ---- */

static int compare(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;
    return first < second ? -1 : first > second;
}

/* When picture 0 was due: pictures are sent in time or late, by a busy machine, never early. */
static int64_t first_due_us(const Footage *footage)
{
    int64_t due_us = INT64_MAX;
    for (guint i = 0; i < footage->pictures->len; i++) {
        const Picture *picture = picture_at(footage, i);
        due_us = MIN(due_us, picture->sent_us - (int64_t)picture->number * SECOND_US / SCRIPT_FPS);
    }
    return due_us;
}

/* How far its time is from when it was due, as its stamp tells, or was sent, as its arrival does.
 */
static int64_t off_us(const CameraRow *row, const Picture *picture, int64_t first_us)
{
    int64_t due_us = first_us + (int64_t)picture->number * SECOND_US / SCRIPT_FPS,
            told_us = picture->capture_us - row->shift_ms * INT64_C(1000);
    return MIN(llabs(told_us - due_us), llabs(told_us - picture->sent_us));
}

static void assert_times(const CameraRow *row, const Footage *footage)
{
    if (row->timed_from >= footage->pictures->len)
        fail_msg("only %u pictures", footage->pictures->len);
    g_autoptr(GArray) off = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t first_us = first_due_us(footage);
    for (guint i = row->timed_from; i < footage->pictures->len; i++) {
        int64_t one = off_us(row, picture_at(footage, i), first_us);
        g_array_append_val(off, one);
    }
    g_array_sort(off, compare);
    int64_t most = g_array_index(off, int64_t, (off->len - 1) * MOST_OF_A_HUNDRED / 100),
            worst = g_array_index(off, int64_t, off->len - 1);
    print_message("times off by %.1f ms in %d of 100, %.1f ms at most\n", (double)most / 1000,
                  MOST_OF_A_HUNDRED, (double)worst / 1000);
    if (most > TIME_OFF_US || worst > OFF_MOST_US)
        fail_msg("times are off by %.1f ms, %.1f ms at most", (double)most / 1000,
                 (double)worst / 1000);
}

void camera_row_assert(const char *data, const PlayedRow *played)
{
    if (played->row->code) {
        assert_told(played);
    } else {
        g_auto(Footage) footage = footage_read(data, played->id);
        assert_pictures(played, &footage);
        assert_times(played->row, &footage);
        assert_gaps(played);
        assert_stream(played);
        if (played->row->listen)
            played->row->listen(played->row, &footage);
    }
    assert_requests(played);
}
