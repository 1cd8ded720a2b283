/* soap.h — SOAP 1.2 envelopes with a WS-Security UsernameToken, and what comes back in 1.1 or 1.2.
 *
 * OASIS WSS UsernameToken Profile 1.0 §3.1: the password goes as
 * Base64(SHA-1(nonce + created + password)), never in the clear. `created` must be near the
 * device's own clock, which is why that is asked first (onvif_device.h).
 */
#pragma once

#include "media/xml.h"

#include <stdbool.h>

enum { SOAP_NONCE_BYTES = 16 };

typedef struct SoapToken {
    const char *user, *password;     /* borrowed; the password may be "" */
    uint8_t nonce[SOAP_NONCE_BYTES]; /* random, another one in each message */
    int64_t created_us;              /* by the clock of the device */
} SoapToken;

/* An envelope around `body` (XML text). `header` is XML text of further header blocks, NULL: none;
 * `token` NULL: without credentials. One Security header at most: devices refuse two. Returns
 * owned. */
char *soap_write(const SoapToken *token, const char *header, const char *body);

/* `text` to be put between tags or into an attribute. Returns owned. */
char *soap_escape(const char *text);

typedef struct SoapAnswer {
    Xml *xml;               /* owned */
    const XmlNode *content; /* first element of the body; NULL when it is a fault, or is empty */
    char *fault; /* owned; what the device says is wrong, for people; NULL when nothing is */
    bool denied; /* the fault is about who asks: not authorised */
} SoapAnswer;

/* Reads an answer; faults come with any HTTP status, 200 included. False with ERR_PROTOCOL when it
 * is no SOAP. */
bool soap_read(const void *data, size_t size, SoapAnswer *answer, GError **error);
void soap_answer_clear(SoapAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SoapAnswer, soap_answer_clear)
