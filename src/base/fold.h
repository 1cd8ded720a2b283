/* fold.h — text as it is searched for: whoever types without the marks of Vietnamese finds what was
 * written with them, and the other way round.
 */
#pragma once

/* Lower case, without marks, đ as d: "Cổng chợ Đông" → "cong cho dong". "" for what is no UTF-8.
 * Returns owned. */
char *fold_text(const char *text);
