/* Cameras whose time stamps are strange (CAMERAS.md R11–R15, R18, and bursts), all recorded at once
 * by one server: each picture stands in the footage at the time when it was taken. */
#include "camera_rows.h"

#include <string.h>

enum {
    PLAY_MS = 26000,
    TICKS = 90000 / SCRIPT_FPS,
    HELD_FROM = 60, /* pictures after PLAY, of a stall in the middle */
    HELD = 3 * SCRIPT_FPS,
    SLOW_SEEN = 13 * SCRIPT_FPS, /* pictures until a clock is known to lie */
    FAST_SEEN = 8 * SCRIPT_FPS,
    SENDER_REPORT = 200,
    UNTIL_1970_S = 2208988800, /* since 1900 */
};

/* ---- time stamps ---- */

static void stamp(const GArray *packets, uint32_t timestamp)
{
    for (guint i = 0; i < packets->len; i++)
        g_array_index(packets, ScriptPacket, i).timestamp = timestamp;
}

static uint32_t true_stamp(const ScriptPicture *picture)
{
    return (uint32_t)(picture->number * TICKS);
}

/* Decoded as 0 3 1 2 6 4 5 …: two B-pictures before each P-picture. */
static void reorder(const ScriptPicture *picture, GArray *packets)
{
    unsigned i = (unsigned)(picture->number % SCRIPT_KEY_EVERY), shown = i;
    if (i > 0 && i <= 12)
        shown = i % 3 == 1 ? i + 2 : i - 1;
    stamp(packets, true_stamp(picture) + (shown - i) * TICKS);
}

static void stamp_pairs_alike(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, true_stamp(picture) - (uint32_t)(picture->number % 2) * TICKS);
}

static void stamp_back_by_one(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, true_stamp(picture) - (uint32_t)(picture->number % 2) * (TICKS + 1));
}

static void stamp_zero(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, 0);
}

static void stamp_from_play(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, picture->since_play * TICKS);
}

static void stamp_hours_off(const ScriptPicture *picture, GArray *packets)
{
    if (picture->number % 30 == 7)
        stamp(packets, true_stamp(picture) + 5 * 3600 * 90000u);
}

static void stamp_seconds_off(const ScriptPicture *picture, GArray *packets)
{
    if (picture->number % 30 == 7)
        stamp(packets, true_stamp(picture) + 2 * 90000u);
}

/* Three seconds back, again and again. */
static void rewind_stamps(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, (uint32_t)(picture->number % 45) * TICKS);
}

/* Hours ahead once, and on from there. */
static void leap_for_good(const ScriptPicture *picture, GArray *packets)
{
    if (picture->since_play >= 100)
        stamp(packets, true_stamp(picture) + 3 * 3600 * 90000u);
}

static void wrap(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, true_stamp(picture) - 100 * TICKS);
}

static void run_slowly(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, (uint32_t)picture->number * 3600);
}

static void run_fast(const ScriptPicture *picture, GArray *packets)
{
    stamp(packets, (uint32_t)picture->number * 9000);
}

static void begin_with_an_old_one(const ScriptPicture *picture, GArray *packets)
{
    if (picture->since_play == 0)
        stamp(packets, true_stamp(picture) - 3 * 90000);
}

/* ---- when it is sent ---- */

/* Pictures held back by one camera, of one connection. */
typedef struct Held {
    ByteWriter bytes;
    size_t ends[2 * HELD];
    unsigned first, count;
} Held;

static void hold(Held *held, ByteWriter *bytes)
{
    write_bytes(&held->bytes, bytes->data, bytes->size);
    held->ends[held->count++] = held->bytes.size;
    byte_writer_clear(bytes);
}

static void release(Held *held, ByteWriter *bytes, unsigned most)
{
    unsigned until = MIN(held->first + most, held->count);
    size_t from = held->first ? held->ends[held->first - 1] : 0;
    if (until == held->first)
        return;
    write_bytes(bytes, held->bytes.data + from, held->ends[until - 1] - from);
    held->first = until;
}

static void send_at_once(Held *held, unsigned from, const ScriptPicture *picture, ByteWriter *bytes)
{
    if (picture->since_play < from || picture->since_play > from + HELD)
        return;
    hold(held, bytes);
    if (picture->since_play == from + HELD)
        release(held, bytes, held->count);
}

static void stall_then_burst(const ScriptPicture *picture, ByteWriter *bytes)
{
    static Held held;
    send_at_once(&held, HELD_FROM, picture, bytes);
}

static void burst_at_first(const ScriptPicture *picture, ByteWriter *bytes)
{
    static Held held;
    send_at_once(&held, 0, picture, bytes);
}

/* Old pictures at first, twice as fast as they were taken, until all have been sent. */
static void catch_up(const ScriptPicture *picture, ByteWriter *bytes)
{
    static Held held;
    if (picture->since_play >= 2 * HELD)
        return;
    hold(&held, bytes);
    if (picture->since_play >= HELD)
        release(&held, bytes, 2);
    if (picture->since_play == 2 * HELD - 1)
        release(&held, bytes, held.count);
}

/* ---- reports ---- */

/* Once a second a sender report that maps `timestamp` to `ntp_s` seconds since 1900. */
static void report(const ScriptPicture *picture, ByteWriter *bytes, uint32_t ntp_s,
                   uint32_t timestamp)
{
    if (!picture->key)
        return;
    write_u8(bytes, '$');
    write_u8(bytes, 1);
    write_u16(bytes, 28);
    write_u8(bytes, 0x80);
    write_u8(bytes, SENDER_REPORT);
    write_u16(bytes, 6);
    write_u32(bytes, 1);
    write_u32(bytes, ntp_s);
    write_u32(bytes, 0);
    write_u32(bytes, timestamp);
    write_u32(bytes, 100);
    write_u32(bytes, 100);
}

static void report_1970(const ScriptPicture *picture, ByteWriter *bytes)
{
    report(picture, bytes, UNTIL_1970_S + (uint32_t)picture->number / SCRIPT_FPS,
           true_stamp(picture));
}

static void report_another_zone(const ScriptPicture *picture, ByteWriter *bytes)
{
    report(picture, bytes, UNTIL_1970_S + (uint32_t)(picture->sent_us / 1000000) + 7 * 3600,
           true_stamp(picture));
}

/* 2 s to and fro, as SNTP sets the camera's clock, and stamps that were never sent. */
static void report_steps(const ScriptPicture *picture, ByteWriter *bytes)
{
    uint32_t step = picture->number / SCRIPT_KEY_EVERY % 2 ? 2 : 0;
    report(picture, bytes, UNTIL_1970_S + (uint32_t)(picture->sent_us / 1000000) + step,
           true_stamp(picture) + step * 77777);
}

/* ---- rows ---- */

static const CameraRow rows[] = {
    {"R11-b", "B-pictures", {.packets = reorder}, .shift_ms = -133},
    {"R12-pairs", "two pictures each have one stamp", {.packets = stamp_pairs_alike}},
    {"R12-back", "each second stamp goes back by one tick", {.packets = stamp_back_by_one}},
    {"R12-zero", "all stamps are zero", {.packets = stamp_zero}},
    {"R12-reconnect",
     "stamps begin at 0 after a reconnect",
     {.packets = stamp_from_play},
     .is_reboot = true,
     .gap = "camera-offline",
     .gap_least_ms = 800,
     .gap_most_ms = 5000,
     .connections = 2},
    {"R12-hours", "every 2 s a stamp is off by hours", {.packets = stamp_hours_off}},
    {"R12-seconds", "every 2 s a stamp is off by 2 s", {.packets = stamp_seconds_off}},
    {"R12-rewind", "stamps go back by 3 s again and again", {.packets = rewind_stamps}},
    {"R12-leap", "stamps leap by hours, for good", {.packets = leap_for_good}},
    {"R13-wrap", "stamps wrap", {.packets = wrap}},
    {"R14-slow",
     "the clock runs 40 % too slowly",
     {.packets = run_slowly},
     .timed_from = SLOW_SEEN},
    {"R14-fast", "the clock runs 50 % too fast", {.packets = run_fast}, .timed_from = FAST_SEEN},
    {"R15-1970", "reports tell 1970", {.bytes = report_1970}},
    {"R15-zone", "reports tell local time as UTC", {.bytes = report_another_zone}},
    {"R15-steps", "reports step to and fro", {.bytes = report_steps}},
    {"R18-old",
     "the first picture is 3 s old",
     {.packets = begin_with_an_old_one},
     .timed_from = 1},
    {"R18-burst", "three seconds of old pictures come at once at first", {.bytes = burst_at_first}},
    {"R18-catch-up", "old pictures come at twice the pace at first", {.bytes = catch_up}},
    {"stall-burst", "a stall of 3 s, then all pictures at once", {.bytes = stall_then_burst}},
};

int main(int argc, char **argv)
{
    return camera_rows_run("cameras and time", rows, G_N_ELEMENTS(rows), PLAY_MS,
                           argc > 1 ? argv[1] : NULL);
}
