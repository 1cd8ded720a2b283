#include "scripted_onvif.h"

#include "base/thread.h"
#include "scripted_onvif_events.h"
#include "scripted_onvif_proof.h"
#include "scripted_onvif_ptz.h"

#include <arpa/inet.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20, REQUEST_MOST = 64 * 1024, DISCOVERY_PORT = 3702 };

struct ScriptedOnvif {
    const OnvifScript *script;
    char *host, *url;
    int listener, datagrams; /* datagrams -1: none */
    Thread *thread;
    atomic_bool stopping, hangs;
    atomic_uint denied, doubled;
    unsigned asked; /* questions that needed an account */
    bool by_ntp;
    pthread_mutex_t lock;
    GString *steps;        /* guarded by lock */
    ScriptedEvents events; /* guarded by lock */
};

/* ---- the clock ---- */

static int64_t clock_s(const ScriptedOnvif *device)
{
    if (device->by_ntp)
        return time(NULL);
    bool restarted = device->script->restart_s && device->asked > 0;
    return time(NULL) + (restarted ? device->script->restart_s : device->script->ahead_s);
}

/* ---- answers ---- */

static char *envelope(const OnvifScript *script, const char *body)
{
    const char *prefix = script->prefix ? script->prefix : "s";
    return g_strdup_printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s:Envelope "
                           "xmlns:%s=\"%s\"><%s:Body>%s</%s:Body></%s:Envelope>",
                           prefix, prefix,
                           script->soap11 ? "http://schemas.xmlsoap.org/soap/envelope/"
                                          : "http://www.w3.org/2003/05/soap-envelope",
                           prefix, body, prefix, prefix);
}

static char *fault(const OnvifScript *script, const char *code, const char *reason)
{
    if (script->soap11)
        return g_strdup_printf("<SOAP-ENV:Fault><faultcode>ter:%s</faultcode><faultstring>%s"
                               "</faultstring></SOAP-ENV:Fault>",
                               code, reason);
    return g_strdup_printf("<x:Fault xmlns:x=\"f\"><x:Code><x:Value>x:Sender</x:Value><x:Subcode>"
                           "<x:Value>ter:%s</x:Value></x:Subcode></x:Code><x:Reason><x:Text>%s"
                           "</x:Text></x:Reason></x:Fault>",
                           code, reason);
}

static char *told_clock(const ScriptedOnvif *device)
{
    g_autoptr(GDateTime) utc =
        g_date_time_new_from_unix_utc(clock_s(device) + device->script->told_s);
    return g_strdup_printf(
        "<r:GetSystemDateAndTimeResponse xmlns:r=\"r\"><r:SystemDateAndTime><r:DateTimeType>%s"
        "</r:DateTimeType><r:UTCDateTime><r:Time><r:Hour>%d</r:Hour><r:Minute>%d</r:Minute>"
        "<r:Second>%d</r:Second></r:Time><r:Date><r:Year>%d</r:Year><r:Month>%d</r:Month><r:Day>%d"
        "</r:Day></r:Date></r:UTCDateTime></r:SystemDateAndTime></r:GetSystemDateAndTimeResponse>",
        device->by_ntp ? "NTP" : "Manual", g_date_time_get_hour(utc), g_date_time_get_minute(utc),
        g_date_time_get_second(utc), g_date_time_get_year(utc), g_date_time_get_month(utc),
        g_date_time_get_day_of_month(utc));
}

/* "http://host:port/path" as the device tells it. */
static char *told_address(const ScriptedOnvif *device, const char *path)
{
    const char *port = strrchr(device->url, ':');
    const char *host = device->script->told_host;
    return g_strconcat("http://", host ? host : device->host, port, path, NULL);
}

static const char *media_path(const ScriptedOnvif *device)
{
    return device->script->media_path ? device->script->media_path : "/onvif/media";
}

static char *told_services(const ScriptedOnvif *device)
{
    g_autofree char *media = told_address(device, media_path(device));
    g_autofree char *ptz = told_address(device, "/onvif/ptz");
    g_autofree char *service = g_strdup_printf(
        "<Service><Namespace>http://www.onvif.org/ver20/ptz/wsdl</Namespace><XAddr>%s</XAddr>"
        "</Service>",
        ptz);
    g_autofree char *events = told_address(device, "/onvif/events");
    g_autofree char *notices = g_strdup_printf(
        "<Service><Namespace>http://www.onvif.org/ver10/events/wsdl</Namespace><XAddr>%s</XAddr>"
        "</Service>",
        events);
    return g_strdup_printf(
        "<GetServicesResponse>%s%s%s%s%s<Service><Namespace>http://www.onvif.org/ver10/media/wsdl"
        "</Namespace><XAddr>\n   %s\n</XAddr></Service></GetServicesResponse>",
        device->script->topic ? notices : "", device->script->ptz ? service : "",
        device->script->media1_only ? ""
                                    : "<Service><Namespace>http://www.onvif.org/ver20/media/wsdl"
                                      "</Namespace><XAddr>",
        device->script->media1_only ? "" : media,
        device->script->media1_only ? "" : "</XAddr></Service>", media);
}

static char *told_capabilities(const ScriptedOnvif *device)
{
    g_autofree char *media = told_address(device, media_path(device));
    return g_strdup_printf("<GetCapabilitiesResponse><Capabilities><Media>%s%s%s</Media>"
                           "</Capabilities></GetCapabilitiesResponse>",
                           device->script->no_media_told ? "" : "<XAddr>",
                           device->script->no_media_told ? "" : media,
                           device->script->no_media_told ? "" : "</XAddr>");
}

static void add_profile(GString *out, bool two, bool ptz, unsigned channel, const char *kind,
                        int width, int height)
{
    const char *video = two ? "VideoEncoder" : "VideoEncoderConfiguration";
    const char *source = two ? "VideoSource" : "VideoSourceConfiguration";
    g_string_append_printf(
        out,
        "<p:Profiles token=\"%s%u\"><p:Name>%s %u</p:Name>%s<p:%s><p:SourceToken>V%u"
        "</p:SourceToken></p:%s><p:%s><p:Encoding>H264</p:Encoding><p:Resolution><p:Width>%d"
        "</p:Width><p:Height>%d</p:Height></p:Resolution></p:%s>%s%s</p:Profiles>",
        kind, channel, kind, channel, two ? "<p:Configurations>" : "", source, channel, source,
        video, width, height, video,
        !ptz  ? ""
        : two ? "<p:PTZ token=\"z\"/>"
              : "<p:PTZConfiguration token=\"z\"/>",
        two ? "</p:Configurations>" : "");
}

static char *told_profiles(const ScriptedOnvif *device, bool two)
{
    GString *out = g_string_new("<p:GetProfilesResponse xmlns:p=\"p\">");
    for (unsigned i = 1; i <= MAX(device->script->channels, 1); i++) {
        add_profile(out, two, device->script->ptz, i, "sub", 640, 360);
        add_profile(out, two, device->script->ptz, i, "main", 2560, 1440);
    }
    return g_string_free(g_string_append(out, "</p:GetProfilesResponse>"), FALSE);
}

/* An internal address, the password in it, ampersands as they are, and a line break. */
static char *told_stream(const ScriptedOnvif *device, const char *request, bool two)
{
    g_autofree char *token = scripted_between(request, "<ProfileToken");
    const char *given =
        g_str_has_prefix(token, "main") ? device->script->stream : device->script->sub_stream;
    g_autofree char *uri =
        given ? g_strdup(given)
              : g_strdup_printf("rtsp://admin:" ONVIF_PASSWORD "@192.168.250.9:8554/\n%s?a=1&b=2",
                                token);
    return g_strdup_printf("<GetStreamUriResponse>%s<Uri>%s</Uri>%s</GetStreamUriResponse>",
                           two ? "" : "<MediaUri>", uri, two ? "" : "</MediaUri>");
}

static char *told_media(const ScriptedOnvif *device, const char *request)
{
    bool two = strstr(request, "ver20/media") != NULL;
    if (strstr(request, "<GetProfiles "))
        return told_profiles(device, two);
    if (strstr(request, "<GetStreamUri "))
        return told_stream(device, request, two);
    if (strstr(request, "<GetSnapshotUri "))
        return g_strdup("<GetSnapshotUriResponse><MediaUri><Uri>http://192.168.250.9/snap.jpg"
                        "</Uri></MediaUri></GetSnapshotUriResponse>");
    return NULL;
}

/* Owned. */
static char *set_clock(ScriptedOnvif *device, const char *request)
{
    if (strstr(request, "<SetNTP ")) {
        g_autofree char *four = scripted_between(request, "<IPv4Address ");
        g_autofree char *name = scripted_between(request, "<DNSname ");
        pthread_mutex_lock(&device->lock);
        g_string_append_printf(device->steps, "ntp %s%s\n", four, name);
        pthread_mutex_unlock(&device->lock);
        return g_strdup("<SetNTPResponse/>");
    }
    device->by_ntp = strstr(request, "<DateTimeType>NTP</DateTimeType>") != NULL;
    return g_strdup("<SetSystemDateAndTimeResponse/>");
}

static char *told_device(ScriptedOnvif *device, const char *request)
{
    if (strstr(request, "<SetNTP ") || strstr(request, "<SetSystemDateAndTime "))
        return set_clock(device, request);
    if (strstr(request, "<GetSystemDateAndTime "))
        return told_clock(device);
    if (strstr(request, "<GetServices ") && !device->script->no_services)
        return told_services(device);
    if (strstr(request, "<GetCapabilities "))
        return told_capabilities(device);
    if (strstr(request, "<GetDeviceInformation "))
        return g_strdup("<GetDeviceInformationResponse><Manufacturer>Vọng</Manufacturer><Model>"
                        "Lâu 1</Model><FirmwareVersion>2.0</FirmwareVersion><SerialNumber>7"
                        "</SerialNumber></GetDeviceInformationResponse>");
    return NULL;
}

typedef enum Right { RIGHT_GIVEN, RIGHT_DENIED, RIGHT_CHALLENGED } Right;

static Right judge(ScriptedOnvif *device, const char *request)
{
    const OnvifScript *script = device->script;
    bool token = strstr(request, "<wsse:Security") != NULL;
    if (token && strstr(request, "Authorization:"))
        atomic_fetch_add(&device->doubled, 1);
    if (script->no_token || (strstr(request, "<GetSystemDateAndTime ") && !script->clock_denied))
        return RIGHT_GIVEN;
    if (script->http_digest ? scripted_digest_holds(request)
                            : token && scripted_token_holds(request, clock_s(device))) {
        device->asked++;
        return RIGHT_GIVEN;
    }
    if (token || strstr(request, "Authorization:"))
        atomic_fetch_add(&device->denied, 1);
    return script->http_digest ? RIGHT_CHALLENGED : RIGHT_DENIED;
}

static char *told_ptz(ScriptedOnvif *device, const char *request)
{
    pthread_mutex_lock(&device->lock);
    char *told = scripted_onvif_ptz(device->script, request, device->steps);
    pthread_mutex_unlock(&device->lock);
    return told;
}

static char *told_events(ScriptedOnvif *device, const char *request)
{
    g_autofree char *point = told_address(device, "/onvif/point?id=");
    pthread_mutex_lock(&device->lock);
    char *told = device->script->topic ? scripted_onvif_events(device->script, &device->events,
                                                               request, clock_s(device), point)
                                       : NULL;
    pthread_mutex_unlock(&device->lock);
    return told;
}

static char *http(int status, const char *more, const char *body)
{
    return g_strdup_printf("HTTP/1.1 %d x\r\nContent-Type: application/soap+xml\r\n%s"
                           "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                           status, more, strlen(body), body);
}

static char *answer(ScriptedOnvif *device, const char *request)
{
    const OnvifScript *script = device->script;
    if (script->is_html)
        return http(200, "", "<html><body>login</body></html>");
    if (script->redirects)
        return http(302, "Location: file:///etc/hostname\r\n", "");
    Right right = judge(device, request);
    if (right == RIGHT_CHALLENGED)
        return http(401, "WWW-Authenticate: Digest realm=\"device\", nonce=\"once\"\r\n", "");
    g_autofree char *path = g_strdup_printf("POST %s HTTP", media_path(device));
    g_autofree char *told =
        right == RIGHT_DENIED ? fault(script, "NotAuthorized", "Sender not\r\nAuthorized")
        : g_str_has_prefix(request, path) ? told_media(device, request)
        : g_str_has_prefix(request, "POST /onvif/events HTTP") ||
                g_str_has_prefix(request, "POST /onvif/point?")
            ? told_events(device, request)
        : g_str_has_prefix(request, "POST /onvif/ptz HTTP") ? told_ptz(device, request)
        : g_str_has_prefix(request, "POST /onvif/device_service HTTP")
            ? told_device(device, request)
            : NULL;
    bool good = told && right == RIGHT_GIVEN;
    if (!told)
        told = fault(script, "ActionNotSupported", "Optional Action Not Implemented");
    g_autofree char *text = envelope(script, told);
    return http(good ? 200 : script->fault_status ? script->fault_status : 400, "", text);
}

/* ---- sockets ---- */

/* A whole request; NULL when the client has gone. */
static char *read_request(int fd)
{
    g_autoptr(GString) came = g_string_new(NULL);
    while (came->len < REQUEST_MOST) {
        const char *end = strstr(came->str, "\r\n\r\n");
        const char *length = strstr(came->str, "Content-Length:");
        if (end && length &&
            came->len >= (size_t)(end + 4 - came->str) + strtoul(length + 15, NULL, 10))
            return g_string_free(g_steal_pointer(&came), FALSE);
        char part[4096];
        ssize_t size = recv(fd, part, sizeof part, 0);
        if (size <= 0)
            return NULL;
        g_string_append_len(came, part, size);
    }
    return NULL;
}

static void send_all(int fd, const char *text)
{
    for (size_t at = 0, size = strlen(text); at < size;) {
        ssize_t part = send(fd, text + at, size - at, MSG_NOSIGNAL);
        if (part <= 0)
            return;
        at += (size_t)part;
    }
}

static void send_without_end(int fd)
{
    char blanks[4096];
    memset(blanks, ' ', sizeof blanks);
    send_all(fd, "HTTP/1.1 200 x\r\nContent-Type: application/soap+xml\r\n\r\n");
    while (send(fd, blanks, sizeof blanks, MSG_NOSIGNAL) > 0) {
    }
}

static void serve_one(ScriptedOnvif *device)
{
    int fd = accept4(device->listener, NULL, NULL, SOCK_CLOEXEC);
    struct timeval patience = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    g_autofree char *request = fd < 0 ? NULL : read_request(fd);
    if (request && device->script->is_long) {
        send_without_end(fd);
    } else if (request) {
        g_autofree char *text = answer(device, request);
        send_all(fd, text);
    }
    if (fd >= 0)
        close(fd);
}

static void answer_datagram(ScriptedOnvif *device)
{
    char came[8192];
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t size =
        recvfrom(device->datagrams, came, sizeof came - 1, 0, (struct sockaddr *)&from, &length);
    if (size <= 0)
        return;
    came[size] = '\0';
    if (!strstr(came, "Probe"))
        return;
    g_autofree char *address = told_address(device, "/onvif/device_service");
    g_autofree char *body = g_strdup_printf(
        "<d:ProbeMatches xmlns:d=\"d\" xmlns:a=\"a\"><d:ProbeMatch><a:EndpointReference><a:Address>"
        "urn:uuid:7</a:Address></a:EndpointReference><d:Scopes>onvif://www.onvif.org/name/"
        "C%%E1%%BB%%95ng onvif://www.onvif.org/hardware/L1</d:Scopes><d:XAddrs>%s</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches>",
        address);
    g_autofree char *text = envelope(device->script, body);
    sendto(device->datagrams, text, strlen(text), 0, (struct sockaddr *)&from, length);
}

static void run(void *data)
{
    ScriptedOnvif *device = data;
    while (!atomic_load(&device->stopping)) {
        struct pollfd both[2] = {{device->listener, POLLIN, 0}, {device->datagrams, POLLIN, 0}};
        if (poll(both, 2, PATIENCE_MS) <= 0)
            continue;
        if (both[0].revents && !atomic_load(&device->hangs))
            serve_one(device);
        else if (both[0].revents)
            usleep(PATIENCE_MS * 1000);
        if (both[1].revents)
            answer_datagram(device);
    }
}

static int bound(const char *host, int type, uint16_t port, uint16_t *got)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t length = sizeof own;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    g_assert(inet_pton(AF_INET, host, &own.sin_addr) == 1);
    g_assert(fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof own) == 0 &&
             getsockname(fd, (struct sockaddr *)&own, &length) == 0);
    *got = ntohs(own.sin_port);
    return fd;
}

ScriptedOnvif *scripted_onvif_new(const char *host, const OnvifScript *script, bool discovery)
{
    ScriptedOnvif *device = g_new0(ScriptedOnvif, 1);
    uint16_t port, udp;
    device->script = script;
    device->steps = g_string_new(NULL);
    device->events.waiting = g_string_new(NULL);
    pthread_mutex_init(&device->lock, NULL);
    device->host = g_strdup(host);
    device->listener = bound(host, SOCK_STREAM, 0, &port);
    g_assert(listen(device->listener, 16) == 0);
    device->datagrams = discovery ? bound(host, SOCK_DGRAM, DISCOVERY_PORT, &udp) : -1;
    device->url = g_strdup_printf("http://%s:%u", host, port);
    device->thread = thread_start("onvif", run, device);
    return device;
}

void scripted_onvif_free(ScriptedOnvif *device)
{
    if (!device)
        return;
    atomic_store(&device->stopping, true);
    thread_join(device->thread);
    close(device->listener);
    if (device->datagrams >= 0)
        close(device->datagrams);
    g_string_free(device->steps, TRUE);
    g_string_free(device->events.waiting, TRUE);
    pthread_mutex_destroy(&device->lock);
    g_free(device->host);
    g_free(device->url);
    g_free(device);
}

const char *scripted_onvif_url(const ScriptedOnvif *device)
{
    return device->url;
}

char *scripted_onvif_steps(ScriptedOnvif *device)
{
    pthread_mutex_lock(&device->lock);
    char *steps = g_strdup(device->steps->str);
    pthread_mutex_unlock(&device->lock);
    return steps;
}

void scripted_onvif_say(ScriptedOnvif *device, bool active)
{
    pthread_mutex_lock(&device->lock);
    scripted_events_say(device->script, &device->events, active);
    pthread_mutex_unlock(&device->lock);
}

void scripted_onvif_forget(ScriptedOnvif *device)
{
    pthread_mutex_lock(&device->lock);
    device->events.point = 0;
    pthread_mutex_unlock(&device->lock);
}

void scripted_onvif_hang(ScriptedOnvif *device, bool hangs)
{
    atomic_store(&device->hangs, hangs);
}

void scripted_onvif_counts(ScriptedOnvif *device, unsigned *made, unsigned *pulls, unsigned *early)
{
    pthread_mutex_lock(&device->lock);
    *made = device->events.made;
    *pulls = device->events.pulls;
    *early = device->events.early;
    pthread_mutex_unlock(&device->lock);
}

unsigned scripted_onvif_denied(const ScriptedOnvif *device)
{
    return atomic_load(&device->denied);
}

unsigned scripted_onvif_doubled(const ScriptedOnvif *device)
{
    return atomic_load(&device->doubled);
}
