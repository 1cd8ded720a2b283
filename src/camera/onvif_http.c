#include "camera/onvif_http.h"

#include "base/error.h"
#include "media/xml.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

enum { CONNECT_MS = 2000 };

struct OnvifHttp {
    CURL *curl;
    struct curl_slist *headers;
};

static void init_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        g_error("libcurl cannot be initialised");
}

OnvifHttp *onvif_http_new(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    OnvifHttp *http = g_new0(OnvifHttp, 1);
    http->curl = curl_easy_init();
    if (!http->curl)
        g_error("no memory for an HTTP connection");
    http->headers = curl_slist_append(NULL, "Content-Type: application/soap+xml; charset=utf-8");
    http->headers = curl_slist_append(http->headers, "Expect:"); /* few cameras know 100 */
    return http;
}

void onvif_http_free(OnvifHttp *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    curl_slist_free_all(http->headers);
    g_free(http);
}

void onvif_reply_clear(OnvifReply *reply)
{
    if (reply->body)
        g_byte_array_unref(reply->body);
    *reply = (OnvifReply){0};
}

static size_t on_body(char *data, size_t size, size_t count, void *user_data)
{
    OnvifReply *reply = user_data;
    if (reply->body->len + size * count > XML_BYTES_MAX)
        return 0;
    g_byte_array_append(reply->body, (const uint8_t *)data, (guint)(size * count));
    return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *user_data)
{
    OnvifReply *reply = user_data;
    const char *name = "www-authenticate:";
    size_t length = strlen(name), whole = size * count;
    if (whole > 5 && g_ascii_strncasecmp(data, "HTTP/", 5) == 0) {
        reply->digest_wanted = false; /* another answer begins */
        g_byte_array_set_size(reply->body, 0);
    }
    if (whole > length && g_ascii_strncasecmp(data, name, length) == 0) {
        g_autofree char *value = g_strndup(data + length, whole - length);
        g_autofree char *lower = g_ascii_strdown(value, -1);
        reply->digest_wanted = reply->digest_wanted || strstr(lower, "digest");
    }
    return whole;
}

static void set_up(CURL *curl, const char *url, const char *body, int64_t timeout_us,
                   OnvifReply *reply)
{
    long timeout_ms = (long)MAX(timeout_us / 1000, 1);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, MIN(timeout_ms, (long)CONNECT_MS));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "vonglau/" VONGLAU_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, reply);
}

static bool tell(CURLcode code, const OnvifAddress *address, GError **error)
{
    g_autofree char *where = address->port
                                 ? g_strdup_printf("%s port %u", address->host, address->port)
                                 : g_strdup(address->host);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return err_set(error, ERR_TIMEOUT, "%s did not answer in time", where);
    case CURLE_COULDNT_RESOLVE_HOST:
        return err_set(error, ERR_UNAVAILABLE, "the name %s is not known on this network",
                       address->host);
    case CURLE_COULDNT_CONNECT:
        return err_set(error, ERR_UNAVAILABLE, "nothing answers at %s", where);
    case CURLE_WRITE_ERROR:
        return err_set(error, ERR_PROTOCOL, "the answer of %s is too long", where);
    default:
        return err_set(error, ERR_UNAVAILABLE, "%s: %s", where, curl_easy_strerror(code));
    }
}

bool onvif_http_post(OnvifHttp *http, const OnvifAddress *address, const char *user,
                     const char *password, const char *body, int64_t timeout_us, OnvifReply *reply,
                     GError **error)
{
    g_autofree char *url = onvif_address_text(address);
    *reply = (OnvifReply){.body = g_byte_array_new()};
    curl_easy_reset(http->curl); /* keeps the connection */
    set_up(http->curl, url, body, timeout_us, reply);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, http->headers);
    if (user) {
        curl_easy_setopt(http->curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
        curl_easy_setopt(http->curl, CURLOPT_USERNAME, user);
        curl_easy_setopt(http->curl, CURLOPT_PASSWORD, password ? password : "");
    }
    CURLcode code = curl_easy_perform(http->curl);
    if (code != CURLE_OK) {
        onvif_reply_clear(reply);
        return tell(code, address, error);
    }
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    reply->status = (int)status;
    return true;
}
