#include "camera/onvif_client.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "camera/onvif_http.h"

#include <sodium.h>
#include <stdlib.h>

enum { OFFSETS_MOST = 3 };
#define ASK_US (5 * SECOND_US)        /* one question */
#define SAME_US (5 * SECOND_US)       /* offsets nearer than this are one */
#define ZONE_STEP_US (15 * MINUTE_US) /* all time zones are multiples of it */
#define ZONE_SLACK_US MINUTE_US       /* by which a clock may be off besides */
#define ZONE_MOST_US (14 * HOUR_US)

struct OnvifClient {
    OnvifHttp *http;
    OnvifAddress *device;
    char *user, *password;
    char *header; /* NULL: none */
    int64_t deadline_us;
    OnvifClock clock;
    int64_t clock_took_us; /* to read it */
    int64_t clock_at_us;   /* when it was read, by our wall clock; 0: it tells none */
    int64_t offset_us;     /* to sign with */
    bool http_digest;      /* what the device wants in place of WS-Security */
    bool proven, refused;  /* a proof held; proofs were refused, before any held */
};

typedef enum Proof { PROOF_NONE, PROOF_TOKEN, PROOF_HTTP } Proof;
typedef enum Outcome { OUTCOME_ANSWER, OUTCOME_DENIED, OUTCOME_CHALLENGED, OUTCOME_FAILED } Outcome;

OnvifClient *onvif_client_new(const OnvifAddress *device, const char *user, const char *password,
                              int64_t deadline_us)
{
    OnvifClient *client = g_new(OnvifClient, 1);
    *client = (OnvifClient){.http = onvif_http_new(),
                            .device = onvif_address_copy(device),
                            .user = user && *user ? g_strdup(user) : NULL,
                            .password = g_strdup(password ? password : ""),
                            .deadline_us = deadline_us};
    if (!*client->device->path) {
        g_free(client->device->path);
        client->device->path = g_strdup(ONVIF_DEVICE_PATH);
    }
    return client;
}

void onvif_client_free(OnvifClient *client)
{
    if (!client)
        return;
    onvif_http_free(client->http);
    onvif_address_free(client->device);
    g_free(client->header);
    g_free(client->user);
    secret_free(client->password);
    g_free(client);
}

void onvif_client_until(OnvifClient *client, int64_t deadline_us)
{
    client->deadline_us = deadline_us;
}

void onvif_client_set_header(OnvifClient *client, const char *header)
{
    g_free(client->header);
    client->header = g_strdup(header);
}

const OnvifAddress *onvif_client_device(const OnvifClient *client)
{
    return client->device;
}

/* ---- one message there and back ---- */

static char *write_message(const OnvifClient *client, Proof proof, const char *body)
{
    if (proof != PROOF_TOKEN)
        return soap_write(NULL, client->header, body);
    SoapToken token = {client->user, client->password, {0}, clock_wall_us() + client->offset_us};
    randombytes_buf(token.nonce, sizeof token.nonce);
    return soap_write(&token, client->header, body);
}

static Outcome judge(const OnvifReply *reply, SoapAnswer *answer, GError **error)
{
    bool soap = soap_read(reply->body->data, reply->body->len, answer, NULL);
    if (reply->status == 401) {
        if (soap)
            soap_answer_clear(answer);
        return reply->digest_wanted ? OUTCOME_CHALLENGED : OUTCOME_DENIED;
    }
    if (!soap) {
        err_set(error, ERR_PROTOCOL, "what answers there is no ONVIF (HTTP status %d)",
                reply->status);
        return OUTCOME_FAILED;
    }
    if (!answer->fault)
        return OUTCOME_ANSWER;
    Outcome outcome = answer->denied ? OUTCOME_DENIED : OUTCOME_FAILED;
    if (outcome == OUTCOME_FAILED)
        err_set(error, ERR_UNSUPPORTED, "the camera says: %s", answer->fault);
    soap_answer_clear(answer);
    return outcome;
}

static Outcome exchange(OnvifClient *client, const OnvifAddress *service, Proof proof,
                        const char *body, SoapAnswer *answer, GError **error)
{
    int64_t left_us = client->deadline_us - clock_mono_us();
    if (left_us <= 0) {
        err_set(error, ERR_TIMEOUT, "%s is too slow: not all was answered in time",
                client->device->host);
        return OUTCOME_FAILED;
    }
    g_autofree char *message = write_message(client, proof, body);
    g_auto(OnvifReply) reply = {0};
    if (!onvif_http_post(client->http, service ? service : client->device,
                         proof == PROOF_HTTP ? client->user : NULL, client->password, message,
                         MIN(left_us, ASK_US), &reply, error))
        return OUTCOME_FAILED;
    return judge(&reply, answer, error);
}

/* ---- the clock ---- */

static bool read_clock(OnvifClient *client, GError **error)
{
    int64_t begin_us = clock_wall_us();
    g_auto(SoapAnswer) answer = {0};
    Outcome outcome = exchange(client, NULL, PROOF_NONE, ONVIF_ASK_CLOCK, &answer, error);
    if (client->user && (outcome == OUTCOME_DENIED || outcome == OUTCOME_CHALLENGED)) {
        begin_us = clock_wall_us();
        outcome = exchange(client, NULL, outcome == OUTCOME_CHALLENGED ? PROOF_HTTP : PROOF_TOKEN,
                           ONVIF_ASK_CLOCK, &answer, error);
    }
    if (outcome == OUTCOME_FAILED && !g_error_matches(*error, ERR, ERR_UNSUPPORTED))
        return false;
    g_clear_error(error); /* a device that keeps its clock to itself is still one */
    client->clock_at_us = 0;
    if (outcome == OUTCOME_ANSWER && onvif_clock_read(answer.content, &client->clock)) {
        client->clock_took_us = clock_wall_us() - begin_us;
        client->clock_at_us = begin_us + client->clock_took_us / 2;
    }
    return true;
}

/* What may have to be added to our clock, likeliest first. */
static unsigned possible_offsets(const OnvifClient *client, int64_t offsets[OFFSETS_MOST])
{
    const OnvifClock *clock = &client->clock;
    unsigned count = 0;
    if (!client->clock_at_us) {
        offsets[count++] = 0;
        return count;
    }
    int64_t told_us = (clock->utc_us ? clock->utc_us : clock->local_us) - client->clock_at_us;
    int64_t zone_us =
        (told_us + (told_us < 0 ? -ZONE_STEP_US : ZONE_STEP_US) / 2) / ZONE_STEP_US * ZONE_STEP_US;
    offsets[count++] = told_us;
    if (zone_us && llabs(zone_us) <= ZONE_MOST_US && llabs(told_us - zone_us) < ZONE_SLACK_US)
        offsets[count++] = told_us - zone_us; /* local time told as UTC */
    if (clock->utc_us && clock->local_us && llabs(clock->local_us - clock->utc_us) > SAME_US)
        offsets[count++] = clock->local_us - client->clock_at_us; /* compared as local time */
    return count;
}

bool onvif_client_connect(OnvifClient *client, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    int64_t offsets[OFFSETS_MOST];
    if (!read_clock(client, &trouble)) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    possible_offsets(client, offsets);
    client->offset_us = offsets[0];
    return true;
}

bool onvif_client_clock(const OnvifClient *client, int64_t *offset_us, bool *ntp)
{
    *offset_us = client->clock.utc_us - client->clock_at_us;
    *ntp = client->clock.ntp;
    return client->clock_at_us && client->clock.utc_us;
}

int64_t onvif_client_clock_doubt_us(const OnvifClient *client)
{
    return SECOND_US + MAX(0, client->clock_took_us) / 2;
}

/* ---- questions ---- */

/* Signed by other readings of the clock than the one that was refused. */
static Outcome sign_anew(OnvifClient *client, const OnvifAddress *service, const char *body,
                         SoapAnswer *answer, GError **error)
{
    int64_t refused_us = client->offset_us, offsets[OFFSETS_MOST];
    g_autoptr(GError) ignored = NULL;
    if (!read_clock(client, &ignored))
        return OUTCOME_DENIED;
    unsigned count = possible_offsets(client, offsets);
    Outcome outcome = OUTCOME_DENIED;
    for (unsigned i = 0; i < count && outcome == OUTCOME_DENIED; i++) {
        if (llabs(offsets[i] - refused_us) < SAME_US)
            continue;
        client->offset_us = offsets[i];
        outcome = exchange(client, service, PROOF_TOKEN, body, answer, error);
    }
    if (outcome == OUTCOME_DENIED)
        client->offset_us = offsets[0];
    return outcome;
}

static bool deny(const OnvifClient *client, GError **error)
{
    if (client->user)
        return err_set(error, ERR_DENIED,
                       "%s refuses user or password; ONVIF accounts are often set up apart, in the "
                       "camera's own settings",
                       client->device->host);
    return err_set(error, ERR_DENIED, "%s wants a user and a password", client->device->host);
}

bool onvif_client_ask(OnvifClient *client, const OnvifAddress *service, const char *body,
                      SoapAnswer *answer, GError **error)
{
    Proof proof = !client->user ? PROOF_NONE : client->http_digest ? PROOF_HTTP : PROOF_TOKEN;
    *answer = (SoapAnswer){0};
    if (client->refused) /* no more guesses */
        return deny(client, error);
    Outcome outcome = exchange(client, service, proof, body, answer, error);
    if (outcome == OUTCOME_DENIED && proof == PROOF_TOKEN)
        outcome = sign_anew(client, service, body, answer, error);
    if (outcome == OUTCOME_CHALLENGED && proof == PROOF_TOKEN) {
        outcome = exchange(client, service, PROOF_HTTP, body, answer, error);
        client->http_digest = outcome == OUTCOME_ANSWER;
    }
    client->proven = client->proven || outcome == OUTCOME_ANSWER;
    if (outcome != OUTCOME_DENIED && outcome != OUTCOME_CHALLENGED)
        return outcome == OUTCOME_ANSWER;
    client->refused = client->user && !client->proven;
    return deny(client, error);
}
