#include "config/nearest.h"

#include <glib.h>
#include <string.h>

enum { WORD_MOST = 40 };

/* Optimal string alignment distance: letters added, dropped, changed, or two swapped. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MOST + 1];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > WORD_MOST || length_b > WORD_MOST)
        return WORD_MOST;
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            row[j] = MIN(MIN(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = MIN(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[length_a % 3][length_b];
}

const char *nearest_word(const char *typed, const char *const *words)
{
    const char *nearest = NULL;
    size_t least = strlen(typed) <= 4 ? 2 : 3;
    for (; *words; words++) {
        size_t slips = distance(typed, *words);
        if (slips < least || (slips == least && !nearest && least > 2)) {
            least = slips;
            nearest = *words;
        }
    }
    return nearest;
}
