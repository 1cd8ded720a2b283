#include "config/schedule.h"

#include <string.h>

enum {
    AROUND_DEFAULT_S = 10,
    AROUND_LEAST_S = 2,
    AROUND_MOST_S = 30,
    LOOK_MINUTES = 60,
    QUOTED_MOST = 24,
};

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* What stands at `at`, for a message: up to where the entry ends. */
static bool refuse(GError **error, const char *at, const char *wanted)
{
    size_t length = MIN(strcspn(at, ";"), QUOTED_MOST);
    g_autofree char *quoted = g_utf8_make_valid(at, (gssize)length);
    g_strstrip(quoted);
    return err_set(error, ERR_INVALID, "‘schedule’: %s is not understood: %s",
                   *quoted ? quoted : "the end of the text", wanted);
}

static void skip_spaces(const char **at)
{
    *at += strspn(*at, " \t");
}

static bool take_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (g_ascii_strncasecmp(*at, word, length) != 0 || g_ascii_isalnum((*at)[length]))
        return false;
    *at += length;
    return true;
}

static bool take_day(const char **at, unsigned *day, GError **error)
{
    for (*day = 0; *day < G_N_ELEMENTS(days); ++*day)
        if (take_word(at, days[*day]))
            return true;
    return refuse(error, *at, "a day is mon, tue, wed, thu, fri, sat or sun, or daily for all");
}

/* "mon-fri,sun": a bit a day. */
static bool take_days(const char **at, unsigned *set, GError **error)
{
    *set = 0;
    if (take_word(at, "daily")) {
        *set = (1u << G_N_ELEMENTS(days)) - 1;
        return true;
    }
    do {
        unsigned first, last;
        if (!take_day(at, &first, error))
            return false;
        last = first;
        if (**at == '-') {
            ++*at;
            if (!take_day(at, &last, error))
                return false;
        }
        for (unsigned day = first;; day = (day + 1) % (unsigned)G_N_ELEMENTS(days)) {
            *set |= 1u << day;
            if (day == last)
                break;
        }
    } while (**at == ',' && (++*at, true));
    return true;
}

static bool take_two_digits(const char **at, unsigned most, unsigned *value)
{
    if (!g_ascii_isdigit((*at)[0]) || !g_ascii_isdigit((*at)[1]))
        return false;
    *value = (unsigned)((*at)[0] - '0') * 10 + (unsigned)((*at)[1] - '0');
    *at += 2;
    return *value <= most;
}

/* "06:30", in minutes; 24:00 is the end of the day. */
static bool take_time(const char **at, unsigned *minutes)
{
    unsigned hour, minute;
    if (!take_two_digits(at, 24, &hour) || **at != ':')
        return false;
    ++*at;
    if (!take_two_digits(at, 59, &minute))
        return false;
    *minutes = hour * 60 + minute;
    return *minutes <= DAY_MINUTES;
}

static void open_minutes(Schedule *schedule, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned minute = (first + i) % SCHEDULE_WEEK_MINUTES;
        schedule->minutes[minute / 8] |= (uint8_t)(1u << minute % 8);
    }
}

/* "06:00-11:00,13:00-22:00" on each of the days. */
static bool take_times(const char **at, Schedule *schedule, unsigned set, GError **error)
{
    do {
        const char *begin = *at;
        unsigned from, to;
        if (!take_time(at, &from) || **at != '-' || (++*at, !take_time(at, &to)) || from == to ||
            from == DAY_MINUTES)
            return refuse(error, begin, "times are written 06:00-22:00, and the day ends at 24:00");
        unsigned count = to > from ? to - from : to + DAY_MINUTES - from;
        for (unsigned day = 0; day < G_N_ELEMENTS(days); day++)
            if (set & 1u << day)
                open_minutes(schedule, day * DAY_MINUTES + from, count);
    } while (**at == ',' && (++*at, true));
    return true;
}

static bool take_hours(const char *at, Schedule *schedule, GError **error)
{
    schedule->kind = SCHEDULE_HOURS;
    for (;;) {
        unsigned set;
        if (!take_days(&at, &set, error))
            return false;
        if (*at != ' ' && *at != '\t')
            return refuse(error, at, "between days and times stands a space: mon-fri 06:00-22:00");
        skip_spaces(&at);
        if (!take_times(&at, schedule, set, error))
            return false;
        skip_spaces(&at);
        if (!*at)
            return true;
        if (*at != ';')
            return refuse(error, at, "entries are parted by ‘;’");
        at++;
        skip_spaces(&at);
        if (!*at)
            return true;
    }
}

/* "", "20s". */
static bool take_around(const char *at, Schedule *schedule, GError **error)
{
    guint64 seconds = AROUND_DEFAULT_S;
    schedule->kind = SCHEDULE_EVENT;
    skip_spaces(&at);
    if (*at) {
        char *end = NULL;
        seconds = g_ascii_isdigit(*at) ? g_ascii_strtoull(at, &end, 10) : 0;
        if (seconds < AROUND_LEAST_S || seconds > AROUND_MOST_S || strcmp(end, "s") != 0)
            return refuse(error, at, "how much is recorded around an event is 2s to 30s");
    }
    schedule->around_us = (int64_t)seconds * SECOND_US;
    return true;
}

bool schedule_parse(const char *text, Schedule *schedule, GError **error)
{
    *schedule = (Schedule){.kind = SCHEDULE_ALWAYS};
    g_autofree char *clean = g_strstrip(g_strdup(text ? text : ""));
    const char *at = clean;
    if (strlen(clean) > SCHEDULE_TEXT_MOST)
        return err_set(error, ERR_INVALID, "‘schedule’ must be at most %d bytes",
                       SCHEDULE_TEXT_MOST);
    if (!*clean || g_ascii_strcasecmp(clean, "always") == 0)
        return true;
    return take_word(&at, "event") ? take_around(at, schedule, error)
                                   : take_hours(at, schedule, error);
}

static bool minute_is_open(const Schedule *schedule, int64_t minute)
{
    unsigned at = (unsigned)((minute % SCHEDULE_WEEK_MINUTES + SCHEDULE_WEEK_MINUTES) %
                             SCHEDULE_WEEK_MINUTES);
    return schedule->minutes[at / 8] & 1u << at % 8;
}

bool schedule_is_open(const Schedule *schedule, GTimeZone *zone, int64_t at_us, int64_t *from_us,
                      int64_t *until_us)
{
    *from_us = INT64_MIN;
    *until_us = INT64_MAX;
    if (schedule->kind != SCHEDULE_HOURS)
        return true;
    int64_t second = at_us / SECOND_US;
    gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second);
    int64_t local = second + g_time_zone_get_offset(zone, interval);
    /* 1970-01-01 was a Thursday. */
    int64_t minute = local / 60 + INT64_C(3) * DAY_MINUTES;
    int64_t begin_us = (second - local % 60) * SECOND_US;
    bool open = minute_is_open(schedule, minute);
    int64_t before = 0, after = 1;
    while (before < LOOK_MINUTES && minute_is_open(schedule, minute - before - 1) == open)
        before++;
    while (after < LOOK_MINUTES && minute_is_open(schedule, minute + after) == open)
        after++;
    *from_us = begin_us - before * MINUTE_US;
    *until_us = begin_us + after * MINUTE_US;
    return open;
}
