/* fold.h — text as it is searched for: whoever types without the marks of Vietnamese finds what was
 * written with them, and the other way round.
 */
#pragma once

#include <stdbool.h>

/* Lower case, without marks, đ as d: "Cổng chợ Đông" → "cong cho dong". "" for what is no UTF-8.
 * Returns owned. */
char *fold_text(const char *text);

/* The words that are looked for in folded texts; NULL for NULL. Returns owned (g_strfreev). */
char **fold_words(const char *text);

/* Does each of `words` stand in the text? NULL: yes. */
bool fold_has(const char *folded, char *const *words);
