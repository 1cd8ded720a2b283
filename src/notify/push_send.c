#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "notify/push_state.h"

#include <curl/curl.h>
#include <openssl/rand.h>
#include <string.h>

enum { CONNECT_MS = 5000, WHOLE_MS = 10000 };

/* How long a service keeps what a phone without a network cannot get; a token's life, under a day
 * (RFC 8292 §2). */
enum { KEEP_S = 4 * 3600, TOKEN_S = 12 * 3600 };

static size_t drop_body(char *data, size_t size, size_t count, void *user_data)
{
    return size * count;
}

static int give_up(void *data, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                   curl_off_t up)
{
    const Push *push = data;
    return atomic_load(&push->closing);
}

static GBytes *seal(const PushRow *row, const Json *message, GError **error)
{
    PushReader reader;
    uint8_t salt[PUSH_SALT_BYTES];
    memcpy(reader.point, row->point, sizeof reader.point);
    memcpy(reader.auth, row->auth, sizeof reader.auth);
    if (RAND_bytes(salt, sizeof salt) != 1)
        g_error("no randomness");
    g_autofree char *text = json_line(message);
    g_autoptr(PushKey) once = push_key_new();
    return push_seal(&reader, once, salt, text, MIN(strlen(text), PUSH_PLAIN_MOST), error);
}

static struct curl_slist *headers(const Push *push, const char *service)
{
    secret_auto char *token =
        push_token(push->key, service, push->contact, clock_wall_us() / SECOND_US + TOKEN_S);
    secret_auto char *authorization = g_strconcat("Authorization: ", token, NULL);
    g_autofree char *keep = g_strdup_printf("TTL: %d", KEEP_S);
    struct curl_slist *list = curl_slist_append(NULL, authorization);
    list = curl_slist_append(list, keep);
    list = curl_slist_append(list, "Urgency: high");
    list = curl_slist_append(list, "Content-Encoding: aes128gcm");
    list = curl_slist_append(list, "Content-Type: application/octet-stream");
    return curl_slist_append(list, "Expect:");
}

static void set_up(CURL *curl, Push *push, const char *endpoint, GBytes *body)
{
    gsize size;
    curl_easy_setopt(curl, CURLOPT_URL, endpoint);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L); /* the endpoint was checked, no other */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "vonglau/" VONGLAU_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, g_bytes_get_data(body, &size));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)g_bytes_get_size(body));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, push);
}

PushEnd push_post(Push *push, const PushRow *row, const char *service, const Json *message,
                  GError **error)
{
    g_autoptr(GBytes) body = seal(row, message, error);
    if (!body)
        return PUSH_GONE;
    CURL *curl = curl_easy_init();
    if (!curl)
        g_error("no memory for an HTTP connection");
    struct curl_slist *list = headers(push, service);
    set_up(curl, push, row->endpoint, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
    if (code == CURLE_OK && status >= 200 && status <= 299)
        return PUSH_TAKEN;
    if (code != CURLE_OK)
        err_set(error, ERR_UNAVAILABLE, "%s: %s", service, curl_easy_strerror(code));
    else
        err_set(error, ERR_PROTOCOL, "%s answers with status %ld", service, status);
    return status == 404 || status == 410 ? PUSH_GONE : PUSH_FAILED; /* RFC 8030 §7.3 */
}
