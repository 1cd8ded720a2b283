/* onvif_client.h — asks an ONVIF device, and proves who asks in whatever way it takes.
 *
 * WS-Security's digest holds by the device's clock alone, so that is asked first; when the device
 * refuses, its clock is read anew (it may have started again), and what it tells to be UTC is taken
 * for local time too. A device that wants HTTP Digest gets that, and then no WS-Security header
 * beside it. At most four proofs go out for a wrong password: devices lock out who guesses.
 *
 * Blocks: pool threads only, one at a time.
 */
#pragma once

#include "media/onvif_address.h"
#include "media/onvif_device.h"
#include "media/soap.h"

typedef struct OnvifClient OnvifClient;

/* Nothing is sent yet. `user` NULL: without credentials. All calls together take until
 * `deadline_us` (clock_mono_us()) at most. Returns owned. */
OnvifClient *onvif_client_new(const OnvifAddress *device, const char *user, const char *password,
                              int64_t deadline_us);
void onvif_client_free(OnvifClient *client); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OnvifClient, onvif_client_free)

/* Asks the clock. To be called first: it tells whether there is an ONVIF device at all. False with
 * ERR_UNAVAILABLE or ERR_TIMEOUT when nobody answers, ERR_PROTOCOL when something else does. */
bool onvif_client_connect(OnvifClient *client, GError **error);

/* Device clock minus ours, in microseconds, to a second; false when the device tells no time. */
bool onvif_client_clock(const OnvifClient *client, int64_t *offset_us, bool *ntp);

/* By how much that may be wrong, either way: it is told in whole seconds, and came over a network.
 */
int64_t onvif_client_clock_doubt_us(const OnvifClient *client);

const OnvifAddress *onvif_client_device(const OnvifClient *client);

/* One question to `service` (NULL: the device service). False with ERR_DENIED when who asks may
 * not, ERR_UNSUPPORTED when the device answers with a fault, else as onvif_client_connect(). */
bool onvif_client_ask(OnvifClient *client, const OnvifAddress *service, const char *body,
                      SoapAnswer *answer, GError **error);

/* Another deadline for the calls to come. */
void onvif_client_until(OnvifClient *client, int64_t deadline_us);

/* Further header blocks of the questions to come, XML text, copied; NULL: none. */
void onvif_client_set_header(OnvifClient *client, const char *header);
