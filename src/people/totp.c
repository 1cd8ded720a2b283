#include "people/totp.h"

#include "base/digest.h"
#include "base/secret.h"

#include <glib.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_BYTES = 20, RECOVERY_BYTES = 10, RECOVERY_CHARACTERS = 16 };

/* `size` random bytes, a multiple of five: base32 that needs no padding. */
static char *random_base32(size_t size)
{
    unsigned char bytes[SECRET_BYTES];
    g_assert(size <= sizeof bytes && size % 5 == 0);
    randombytes_buf(bytes, size);
    char *text = NULL;
    if (oath_base32_encode((const char *)bytes, size, &text, NULL) != OATH_OK)
        g_error("out of memory");
    sodium_memzero(bytes, sizeof bytes);
    char *copy = g_strdup(text);
    sodium_memzero(text, strlen(text));
    free(text); /* liboath's own */
    return copy;
}

char *totp_secret_new(void)
{
    return random_base32(SECRET_BYTES);
}

char *totp_uri(const char *secret, const char *issuer, const char *name)
{
    g_autofree char *from = g_uri_escape_string(issuer, NULL, FALSE);
    g_autofree char *who = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d"
                           "&period=%d",
                           from, who, secret, from, TOTP_DIGITS, TOTP_STEP_S);
}

static bool is_code_of(const char *key, size_t size, const char *code, int64_t step)
{
    char right[TOTP_DIGITS + 1];
    return step >= 0 &&
           oath_hotp_generate(key, size, (uint64_t)step, TOTP_DIGITS, false,
                              OATH_HOTP_DYNAMIC_TRUNCATION, right) == OATH_OK &&
           sodium_memcmp(right, code, TOTP_DIGITS) == 0;
}

bool totp_take(const char *secret, const char *code, int64_t now_s, int64_t *step)
{
    char *key = NULL;
    size_t size = 0;
    if (strlen(code) != TOTP_DIGITS ||
        oath_base32_decode(secret, strlen(secret), &key, &size) != OATH_OK)
        return false;
    int64_t now = now_s / TOTP_STEP_S, found = -1;
    for (int64_t at = MAX(now - 1, *step + 1); at <= now + 1; at++)
        if (found < 0 && is_code_of(key, size, code, at))
            found = at;
    sodium_memzero(key, size);
    free(key);
    if (found >= 0)
        *step = found;
    return found >= 0;
}

char *code_fold(const char *typed)
{
    GString *folded = g_string_new(NULL);
    for (const char *at = typed; *at; at++)
        if (!g_ascii_isspace(*at) && *at != '-')
            g_string_append_c(folded, g_ascii_toupper(*at));
    return g_string_free(folded, FALSE);
}

bool code_is_totp(const char *folded)
{
    return strlen(folded) == TOTP_DIGITS && strspn(folded, "0123456789") == TOTP_DIGITS;
}

static void hash_code(const char *folded, char hex[SHA256_HEX])
{
    uint8_t digest[SHA256_BYTES];
    sha256(folded, strlen(folded), digest);
    hex_encode(digest, sizeof digest, hex);
}

char **recovery_new(char **hashes)
{
    GString *stored = g_string_new(NULL);
    char **shown = g_new0(char *, RECOVERY_CODES + 1);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char hex[SHA256_HEX];
        secret_auto char *code = random_base32(RECOVERY_BYTES);
        hash_code(code, hex);
        g_string_append_printf(stored, "%s%s", i ? " " : "", hex);
        shown[i] = g_strdup_printf("%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
    }
    *hashes = g_string_free(stored, FALSE);
    return shown;
}

char *recovery_take(const char *hashes, const char *folded)
{
    char hex[SHA256_HEX];
    if (!hashes || strlen(folded) != RECOVERY_CHARACTERS)
        return NULL;
    hash_code(folded, hex);
    g_auto(GStrv) all = g_strsplit(hashes, " ", -1);
    g_autoptr(GString) left = g_string_new(NULL);
    bool found = false;
    for (char **one = all; *one; one++) {
        if (strcmp(*one, hex) == 0)
            found = true;
        else
            g_string_append_printf(left, "%s%s", left->len ? " " : "", *one);
    }
    return found ? g_strdup(left->str) : NULL;
}

unsigned recovery_left(const char *hashes)
{
    g_auto(GStrv) all = g_strsplit(hashes && *hashes ? hashes : "", " ", -1);
    return g_strv_length(all);
}
