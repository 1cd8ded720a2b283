#include "delays.h"

Delays *delays_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(int64_t));
}

void delays_add(Delays *delays, int64_t us)
{
    g_array_append_val(delays, us);
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The smallest that `percent` of all do not exceed. */
static json_int_t percentile(const Delays *delays, guint percent)
{
    guint rank = (delays->len * percent + 99) / 100;
    return delays->len ? g_array_index(delays, int64_t, MAX(rank, 1) - 1) : -1;
}

Json *delays_json(Delays *delays)
{
    g_array_sort(delays, compare);
    return json_pack("{s:i, s:I, s:I, s:I}", "count", (int)delays->len, "p50_us",
                     percentile(delays, 50), "p99_us", percentile(delays, 99), "max_us",
                     percentile(delays, 100));
}
