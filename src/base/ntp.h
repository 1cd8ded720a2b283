/* ntp.h — NTP's time, 32.32 seconds since 1900, and µs since the Unix epoch (RFC 5905 §6).
 *
 * The era, which turns in 2036, is not written; read are the years 1968 to 2104.
 */
#pragma once

#include <stdint.h>

#define NTP_UNIX_EPOCH_S INT64_C(2208988800)

/* Rounded up, so that ntp_to_us() rounds down to the same microsecond. `time_us` from 1970 on. */
static inline uint64_t ntp_from_us(int64_t time_us)
{
    uint64_t seconds = (uint64_t)(time_us / 1000000 + NTP_UNIX_EPOCH_S);
    uint64_t fraction = (((uint64_t)(time_us % 1000000) << 32) + 999999) / 1000000;
    return seconds << 32 | fraction;
}

static inline int64_t ntp_to_us(uint64_t ntp)
{
    int64_t seconds = (int64_t)(ntp >> 32);
    if (seconds < INT64_C(0x80000000))
        seconds += INT64_C(0x100000000);
    return (seconds - NTP_UNIX_EPOCH_S) * 1000000 + (int64_t)(((ntp & UINT32_MAX) * 1000000) >> 32);
}
