#include "watch/motion_file.h"

#include "base/digest.h"

#include <string.h>

enum {
    MAGIC = 0x766c6d31, /* "vlm1" */
    BLOCK_HEADER_BYTES = 6,
    SUM_BYTES = 4,
    RAW_GRID = 255, /* in place of the number of runs */
    HEAD_MOVED = 0x20,
    HEAD_BLIND = 0x10,
    HEAD_ALIKE_MOST = 16,
};

void motion_file_begin(ByteWriter *to, int64_t day)
{
    write_u32(to, MAGIC);
    write_u32(to, (uint32_t)day);
}

static bool is_empty(const uint8_t grid[GRID_BYTES])
{
    static const uint8_t none[GRID_BYTES];
    return memcmp(grid, none, GRID_BYTES) == 0;
}

/* Up to 127 in one byte, else in two, the highest bit set. */
static void write_number(ByteWriter *to, int number)
{
    if (number > 127)
        write_u8(to, (uint8_t)(0x80 | number >> 8));
    write_u8(to, (uint8_t)number);
}

static void write_grid(ByteWriter *to, const uint8_t grid[GRID_BYTES])
{
    g_auto(ByteWriter) runs = {0};
    int count = 0, end = 0;
    for (int cell = 0; cell < GRID_CELLS; cell++) {
        if (!grid_has(grid, cell))
            continue;
        const int from = cell;
        while (cell < GRID_CELLS && grid_has(grid, cell))
            cell++;
        write_number(&runs, from - end);
        write_number(&runs, cell - from - 1);
        end = cell;
        count++;
    }
    const bool raw = runs.size >= GRID_BYTES;
    write_u8(to, (uint8_t)(raw ? RAW_GRID : count));
    write_bytes(to, raw ? grid : runs.data, raw ? GRID_BYTES : runs.size);
}

/* `count` seconds like `second`, of which at most 16 fit into one token. */
static void write_alike(ByteWriter *to, const MotionSecond *second, int count, uint8_t *blind)
{
    const bool moved = !is_empty(second->moved);
    const bool other_blind = memcmp(second->blind, blind, GRID_BYTES) != 0;
    const int flags = (moved ? HEAD_MOVED : 0) | (other_blind ? HEAD_BLIND : 0);
    write_u8(to, (uint8_t)((int)second->seen << 6 | flags | (count - 1)));
    if (moved)
        write_grid(to, second->moved);
    if (other_blind)
        write_grid(to, second->blind);
    memcpy(blind, second->blind, GRID_BYTES);
}

static bool is_alike(const MotionSecond *a, const MotionSecond *b)
{
    return a->seen == b->seen && memcmp(a->moved, b->moved, GRID_BYTES) == 0 &&
           memcmp(a->blind, b->blind, GRID_BYTES) == 0;
}

static void write_unseen(ByteWriter *to, int64_t count)
{
    for (; count > 0; count -= HEAD_ALIKE_MOST)
        write_u8(to, (uint8_t)(SEEN_NOT << 6 | (MIN(count, HEAD_ALIKE_MOST) - 1)));
}

void motion_file_add(ByteWriter *to, const MotionSecond *seconds, int count)
{
    const size_t start = to->size;
    uint8_t blind[GRID_BYTES] = {0};
    write_u32(to, (uint32_t)(seconds[0].second % MOTION_DAY_S));
    write_u16(to, 0);
    for (int i = 0, alike; i < count; i += alike) {
        if (i > 0)
            write_unseen(to, seconds[i].second - seconds[i - 1].second - 1);
        for (alike = 1; alike < HEAD_ALIKE_MOST && i + alike < count; alike++)
            if (!is_alike(&seconds[i], &seconds[i + alike]) ||
                seconds[i + alike].second != seconds[i].second + alike)
                break;
        write_alike(to, &seconds[i], alike, blind);
    }
    const size_t payload = to->size - start - BLOCK_HEADER_BYTES;
    to->data[start + 4] = (uint8_t)(payload >> 8);
    to->data[start + 5] = (uint8_t)payload;
    write_u32(to, crc32c(to->data + start, to->size - start));
}

static int read_number(ByteReader *from)
{
    const int first = read_u8(from);
    return first < 0x80 ? first : (first & 0x7f) << 8 | read_u8(from);
}

/* Cells `from` to `end`, whole bytes at once. */
static void set_run(uint8_t grid[GRID_BYTES], int from, int end)
{
    const int first = from >> 3, last = (end - 1) >> 3;
    const uint8_t left = (uint8_t)(0xff >> (from & 7)),
                  right = (uint8_t)(0xff00 >> ((end - 1) % 8 + 1));
    if (first == last) {
        grid[first] |= left & right;
        return;
    }
    grid[first] |= left;
    memset(grid + first + 1, 0xff, (size_t)(last - first - 1));
    grid[last] |= right;
}

static void read_grid(ByteReader *from, uint8_t grid[GRID_BYTES])
{
    memset(grid, 0, GRID_BYTES);
    const int runs = read_u8(from);
    if (runs == RAW_GRID) {
        const uint8_t *raw = read_bytes(from, GRID_BYTES);
        if (raw)
            memcpy(grid, raw, GRID_BYTES);
        return;
    }
    int cell = 0;
    for (int i = 0; i < runs && !from->failed; i++) {
        cell += read_number(from);
        const int length = read_number(from) + 1;
        if (cell + length > GRID_CELLS) {
            from->failed = true;
            return;
        }
        set_run(grid, cell, cell + length);
        cell += length;
    }
}

/* The runs of one block; false where it makes no sense. */
static bool read_runs(ByteReader *from, int64_t second, int64_t day_end, MotionRunTaken take,
                      void *data)
{
    MotionRun run = {0};
    run.second.second = second;
    while (byte_reader_left(from) > 0) {
        const uint8_t head = read_u8(from);
        run.second.seen = (MotionSeen)(head >> 6);
        run.count = (head & (HEAD_ALIKE_MOST - 1)) + 1;
        if (head & HEAD_MOVED)
            read_grid(from, run.second.moved);
        else
            memset(run.second.moved, 0, GRID_BYTES);
        if (head & HEAD_BLIND)
            read_grid(from, run.second.blind);
        if (from->failed || run.second.second + run.count > day_end)
            return false;
        if (take)
            take(data, &run);
        run.second.second += run.count;
    }
    return true;
}

size_t motion_file_read(const uint8_t *data, size_t size, int64_t day, MotionRunTaken take,
                        void *take_data)
{
    ByteReader file = byte_reader(data, size);
    if (read_u32(&file) != MAGIC || read_u32(&file) != (uint32_t)day || file.failed)
        return 0;
    size_t whole = file.at;
    while (byte_reader_left(&file) >= BLOCK_HEADER_BYTES + SUM_BYTES) {
        const uint32_t second = read_u32(&file);
        const size_t payload = read_u16(&file);
        ByteReader block = read_sub(&file, payload);
        const uint32_t sum = read_u32(&file);
        if (file.failed || second >= MOTION_DAY_S ||
            sum != crc32c(data + whole, BLOCK_HEADER_BYTES + payload) ||
            !read_runs(&block, day * MOTION_DAY_S + second, (day + 1) * MOTION_DAY_S, take,
                       take_data))
            break;
        whole = file.at;
    }
    return whole;
}
