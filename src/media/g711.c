#include "media/g711.h"

enum {
    A_LAW_INVERTED = 0x55, /* even bits, §3.3 table 1a note 2 */
    MU_LAW_BIAS = 0x84,
    MU_LAW_NEGATIVE_ZERO = 0x7f,
    SIGN = 0x80,
};

static int a_law_linear(uint8_t byte)
{
    unsigned code = byte ^ A_LAW_INVERTED, exponent = code >> 4 & 7;
    int magnitude = (int)((code & 15) << 4 | 8);
    if (exponent)
        magnitude = (magnitude + 0x100) << (exponent - 1);
    return code & SIGN ? magnitude : -magnitude;
}

static int mu_law_linear(uint8_t byte)
{
    if (byte == MU_LAW_NEGATIVE_ZERO)
        return -4;
    unsigned code = byte ^ 0xffu, exponent = code >> 4 & 7;
    int magnitude = (int)(((code & 15) << 3) + MU_LAW_BIAS) << exponent;
    magnitude -= MU_LAW_BIAS;
    return code & SIGN ? -magnitude : magnitude;
}

int g711_linear(G711Law law, uint8_t byte)
{
    return law == G711_A_LAW ? a_law_linear(byte) : mu_law_linear(byte);
}
