#include "media/soap.h"

#include "base/error.h"
#include "base/time_text.h"

#include <openssl/evp.h>
#include <string.h>

#define WSS "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"

enum { SHA1_BYTES = 20, FAULT_CHARACTERS_MOST = 160 };

char *soap_escape(const char *text)
{
    return g_markup_escape_text(text, -1);
}

static void sha1_of(const SoapToken *token, const char *created, uint8_t digest[SHA1_BYTES])
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    unsigned size = 0;
    if (!hash || !EVP_DigestInit_ex(hash, EVP_sha1(), NULL) ||
        !EVP_DigestUpdate(hash, token->nonce, SOAP_NONCE_BYTES) ||
        !EVP_DigestUpdate(hash, created, strlen(created)) ||
        !EVP_DigestUpdate(hash, token->password, strlen(token->password)) ||
        !EVP_DigestFinal_ex(hash, digest, &size))
        g_error("OpenSSL offers no SHA-1");
    EVP_MD_CTX_free(hash);
}

static void write_token(GString *out, const SoapToken *token)
{
    char created[TIME_TEXT];
    uint8_t digest[SHA1_BYTES];
    time_text(token->created_us, created);
    sha1_of(token, created, digest);
    g_autofree char *user = soap_escape(token->user);
    g_autofree char *proof = g_base64_encode(digest, sizeof digest);
    g_autofree char *nonce = g_base64_encode(token->nonce, sizeof token->nonce);
    g_string_append_printf(
        out,
        "<wsse:Security s:mustUnderstand=\"1\" xmlns:wsse=\"" WSS "wssecurity-secext-1.0.xsd\" "
        "xmlns:wsu=\"" WSS "wssecurity-utility-1.0.xsd\"><wsse:UsernameToken>"
        "<wsse:Username>%s</wsse:Username>"
        "<wsse:Password Type=\"" WSS "username-token-profile-1.0#PasswordDigest\">%s"
        "</wsse:Password>"
        "<wsse:Nonce EncodingType=\"" WSS "soap-message-security-1.0#Base64Binary\">%s"
        "</wsse:Nonce><wsu:Created>%s</wsu:Created></wsse:UsernameToken></wsse:Security>",
        user, proof, nonce, created);
}

char *soap_write(const SoapToken *token, const char *header, const char *body)
{
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                                "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">");
    if (token || header) {
        g_string_append(out, "<s:Header>");
        if (token)
            write_token(out, token);
        g_string_append(out, header ? header : "");
        g_string_append(out, "</s:Header>");
    }
    g_string_append_printf(out, "<s:Body>%s</s:Body></s:Envelope>", body);
    return g_string_free(out, FALSE);
}

/* ---- faults ---- */

/* Does the code, less its prefix, say that who asks may not? */
static bool code_denies(const char *code)
{
    static const char *const codes[] = {"NotAuthorized", "FailedAuthentication", "FailedCheck",
                                        "InvalidSecurity", "InvalidSecurityToken"};
    const char *colon = strrchr(code, ':');
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (g_ascii_strcasecmp(colon ? colon + 1 : code, codes[i]) == 0)
            return true;
    return false;
}

static bool reason_denies(const char *reason)
{
    g_autofree char *lower = g_ascii_strdown(reason, -1);
    return strstr(lower, "not authorized") || strstr(lower, "unauthorized") ||
           strstr(lower, "authority failure");
}

static void read_fault(const XmlNode *fault, SoapAnswer *answer)
{
    g_autofree char *reason = xml_text(fault, "Reason/Text");
    if (!reason)
        reason = xml_text(fault, "faultstring");
    g_autofree char *code = xml_text(fault, "faultcode"); /* SOAP 1.1 §4.4 */
    answer->denied = (code && code_denies(code)) || (reason && reason_denies(reason));
    for (const XmlNode *at = xml_at(fault, "Code"); at; at = xml_at(at, "Subcode")) {
        g_free(code); /* the innermost says most */
        code = xml_text(at, "Value");
        answer->denied = answer->denied || (code && code_denies(code));
    }
    if (reason && !*reason)
        g_clear_pointer(&reason, g_free);
    const char *told = reason ? reason : code && *code ? code : "a fault without a reason";
    answer->fault = g_utf8_substring(told, 0, MIN(g_utf8_strlen(told, -1), FAULT_CHARACTERS_MOST));
}

bool soap_read(const void *data, size_t size, SoapAnswer *answer, GError **error)
{
    *answer = (SoapAnswer){.xml = xml_parse(data, size, error)};
    if (!answer->xml)
        return false;
    const XmlNode *root = xml_root(answer->xml), *body = xml_at(root, "Body");
    if (strcmp(xml_name(root), "Envelope") != 0 || !body) {
        soap_answer_clear(answer);
        return err_set(error, ERR_PROTOCOL, "the answer is XML, but no SOAP");
    }
    const XmlNode *fault = xml_at(body, "Fault");
    if (fault)
        read_fault(fault, answer);
    else
        answer->content = xml_first(body);
    return true;
}

void soap_answer_clear(SoapAnswer *answer)
{
    xml_free(answer->xml);
    g_free(answer->fault);
    *answer = (SoapAnswer){0};
}
