/* What is typed to sign in, before anyone is known: names and codes. The first byte chooses. */
#include "people/lockout.h"
#include "people/people_state.h"
#include "people/totp.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name that is taken is the same when it is typed as it is stored. */
static void look_at_name(const char *text)
{
    g_autoptr(GError) error = NULL;
    if (!g_utf8_validate(text, -1, NULL)) /* JSON is */
        return;
    g_autofree char *folded = people_fold_name(text, &error);
    if (!folded) {
        g_assert(error && g_utf8_validate(error->message, -1, NULL));
        return;
    }
    g_assert(g_utf8_validate(folded, -1, NULL) && strlen(folded) < sizeof((Account *)NULL)->name);
    g_assert(!strpbrk(folded, " \"'<>/\\\n%"));
}

static void look_at_code(const char *text)
{
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* RFC 6238, appendix B */
    static const char hashes[] = "00aa 11bb";
    g_autofree char *folded = code_fold(text);
    g_autofree char *again = code_fold(folded);
    int64_t step = -1;
    g_assert(strcmp(folded, again) == 0);
    if (totp_take(secret, folded, 59, &step))
        g_assert(code_is_totp(folded) && step >= 0 && step <= 2 &&
                 !totp_take(secret, folded, 59, &step));
    step = -1;
    (void)totp_take(folded, "123456", 59, &step);
    g_assert(!recovery_take(hashes, folded));
}

static void look_at_address(const char *text)
{
    g_autofree char *place = lockout_place(text);
    g_assert(place[0] == '@');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        look_at_name(text);
        break;
    case 1:
        look_at_code(text);
        break;
    default:
        look_at_address(text);
        break;
    }
    return 0;
}
