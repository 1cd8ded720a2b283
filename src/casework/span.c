#include "casework/span.h"

#include "base/clock.h"

bool span_check(const char *what, int64_t from_us, int64_t to_us, int64_t now_us, GError **error)
{
    if (from_us < 0 || to_us < from_us)
        return err_set(error, ERR_INVALID, "‘from’ must not be after ‘to’");
    if (to_us - from_us > DAY_US)
        return err_set(error, ERR_INVALID, "from ‘from’ to ‘to’ may be at most 24 hours");
    return to_us <= now_us + SPAN_CLOCKS_APART_US ||
           err_set(error, ERR_INVALID, "%s cannot lie in the future", what);
}
