/* nearest.h — finds the word that was probably meant. */
#pragma once

/* Of `words` (ending in NULL) the one nearest to `typed`, when few slips lie between them; else
 * NULL. */
const char *nearest_word(const char *typed, const char *const *words);
