/* g711.h — A-law and µ-law (ITU-T G.711): one byte a sample. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum G711Law { G711_A_LAW, G711_MU_LAW } G711Law;

/* The linear value of a byte on a 16-bit scale (tables 1a and 2a, first to last column). Each byte
 * has a value of its own, so that the bytes can be told from the values: µ-law has two zeros, and
 * the negative one (0x7f) is -4, half a step from both its neighbours. */
int g711_linear(G711Law law, uint8_t byte);
