/* What time.json says of the cameras' own clocks: as they were read near three moments. */
#include "archive/package_lines.h"

#include "base/clock.h"

static const char *const moments[PACKAGE_MOMENTS] = {
    [PACKAGE_START] = "start", [PACKAGE_END] = "end", [PACKAGE_EXPORT] = "export"};

#define OFFSET_MOST_US (INT64_C(1) << 55) /* sums with times stay far from overflow */

void package_clocks_put(GString *line, const GArray *cameras, const PackageClock *clocks)
{
    line_put_name(line, "clocks");
    g_string_append_c(line, '[');
    for (size_t i = 0; i < (size_t)cameras->len * PACKAGE_MOMENTS; i++) {
        char id[UUID_TEXT];
        const PackageClock *clock = &clocks[i];
        uuid_text(&g_array_index(cameras, Uuid, i / PACKAGE_MOMENTS), id);
        g_string_append_printf(line, "%s[\"%s\",\"%s\"", i > 0 ? "," : "", id,
                               moments[i % PACKAGE_MOMENTS]);
        if (clock->read_us != 0)
            g_string_append_printf(line,
                                   ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT,
                                   clock->offset_us, clock->doubt_us, clock->read_us);
        g_string_append_c(line, ']');
    }
    g_string_append_c(line, ']');
}

static PackageClock read_clock(LineReader *reader)
{
    char moment[LINE_KEY_TEXT];
    PackageClock clock = {0};
    line_read_array(reader, NULL);
    line_read_next(reader);
    line_read_uuid(reader, NULL);
    line_read_next(reader);
    line_read_chars(reader, NULL, moment, sizeof moment);
    int64_t *const values[] = {&clock.offset_us, &clock.doubt_us, &clock.read_us};
    size_t count = 0;
    for (; line_read_item(reader); count++) {
        int64_t value = line_read_int(reader, NULL);
        if (count < G_N_ELEMENTS(values))
            *values[count] = value;
    }
    if (count != 0 && (count != G_N_ELEMENTS(values) || clock.read_us == 0))
        reader->failed = true;
    return clock;
}

void package_clocks_read(LineReader *reader, GArray *clocks)
{
    line_read_array(reader, "clocks");
    while (line_read_item(reader)) {
        PackageClock clock = read_clock(reader);
        g_array_append_val(clocks, clock);
        if (clocks->len > PACKAGE_CAMERAS_MOST * PACKAGE_MOMENTS)
            reader->failed = true;
    }
}

bool package_clocks_plausible(const GArray *clocks, int64_t at_us)
{
    for (size_t i = 0; i < clocks->len; i++) {
        const PackageClock *clock = &g_array_index(clocks, PackageClock, i);
        bool known = clock->read_us != 0;
        if (known && (clock->read_us < 0 || clock->read_us > at_us || clock->doubt_us < 0 ||
                      clock->doubt_us > OFFSET_MOST_US || clock->offset_us > OFFSET_MOST_US ||
                      clock->offset_us < -OFFSET_MOST_US))
            return false;
    }
    return true;
}
