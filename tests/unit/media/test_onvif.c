#include "base/clock.h"
#include "base/error.h"
#include "base/time_text.h"
#include "media/onvif_address.h"
#include "media/onvif_device.h"
#include "media/onvif_discovery.h"
#include "media/onvif_media.h"
#include "media/soap.h"
#include "unit.h"

#include <string.h>

#define S "http://www.w3.org/2003/05/soap-envelope"
#define SCHEMA "http://www.onvif.org/ver10/schema"

/* The same answer as three kinds of firmware write it. */
static const char *const envelopes[] = {
    "<?xml version=\"1.0\"?>\n<env:Envelope xmlns:env=\"" S "\" xmlns:tds=\"" ONVIF_DEVICE_NS
    "\" xmlns:tt=\"" SCHEMA "\"><env:Header/><env:Body>%s</env:Body></env:Envelope>",
    "<s:Envelope xmlns:s=\"" S "\"><s:Body xmlns:tds=\"" ONVIF_DEVICE_NS "\" xmlns:tt=\"" SCHEMA
    "\">%s</s:Body></s:Envelope>",
    "\r\n<?xml version=\"1.0\" encoding=\"utf-8\" ?><SOAP-ENV:Envelope "
    "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:tds=\"" ONVIF_DEVICE_NS
    "\" xmlns:tt=\"" SCHEMA "\"><SOAP-ENV:Body>%s</SOAP-ENV:Body></SOAP-ENV:Envelope>",
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static SoapAnswer answer(unsigned kind, const char *body)
{
    SoapAnswer read;
    g_autofree char *text = g_strdup_printf(envelopes[kind], body);
    assert_true(soap_read(text, strlen(text), &read, NULL));
    return read;
}

static void assert_refused(const char *text)
{
    SoapAnswer read;
    g_autoptr(GError) error = NULL;
    assert_false(soap_read(text, strlen(text), &read, &error));
    assert_true(g_error_matches(error, ERR, ERR_PROTOCOL));
}

/* ---- envelopes ---- */

/* By `printf '%s' … | openssl dgst -sha1 -binary | base64`. */
static void the_password_goes_as_a_digest_of_nonce_time_and_itself(void **state)
{
    SoapToken token = {"admin", "userpassword", {0}, 0};
    memcpy(token.nonce, "0123456789abcdef", SOAP_NONCE_BYTES);
    assert_true(time_parse("2010-09-16T07:50:45.000Z", &token.created_us));
    g_autofree char *text = soap_write(&token, NULL, "<Ask/>");
    assert_non_null(strstr(text, ">L1jHiuKAWVe4/mWu5yDkQgrOkiA=<"));
    assert_non_null(strstr(text, ">MDEyMzQ1Njc4OWFiY2RlZg==<"));
    assert_non_null(strstr(text, ">2010-09-16T07:50:45.000Z<"));
    assert_null(strstr(text, "userpassword"));
    const char *one = strstr(text, "<wsse:Security");
    assert_null(strstr(one + 1, "<wsse:Security"));
}

static void names_with_signs_of_xml_stay_whole(void **state)
{
    SoapToken token = {"a<b>&\"c", "x", {0}, 0};
    g_autofree char *text = soap_write(&token, NULL, "<Ask/>");
    g_autoptr(Xml) xml = xml_parse(text, strlen(text), NULL);
    g_autofree char *user = xml_text(xml_root(xml), "Header/Security/UsernameToken/Username");
    assert_string_equal(user, "a<b>&\"c");
}

static void a_fault_of_any_firmware_tells_who_may_not(void **state)
{
    static const char *const faults[] = {
        "<s:Fault xmlns:s=\"" S "\"><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value "
        "xmlns:ter=\"http://www.onvif.org/ver10/error\">ter:NotAuthorized</s:Value></s:Subcode>"
        "</s:Code><s:Reason><s:Text xml:lang=\"en\">Sender not\r\n  authorized</s:Text></s:Reason>"
        "</s:Fault>",
        "<x:Fault xmlns:x=\"y\"><faultcode>wsse:FailedAuthentication</faultcode>"
        "<faultstring>The security token could not be authenticated</faultstring></x:Fault>",
        "<Fault><Code><Value>Receiver</Value></Code><Reason><Text>Authority failure</Text></Reason>"
        "</Fault>",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_auto(SoapAnswer) read = answer(i, faults[i]);
        assert_true(read.denied);
        assert_null(read.content);
        assert_null(strchr(read.fault, '\n'));
    }
    g_auto(SoapAnswer) other = answer(0, "<env:Fault><env:Code><env:Value>env:Sender</env:Value>"
                                         "<env:Subcode><env:Value>ter:ActionNotSupported"
                                         "</env:Value></env:Subcode></env:Code></env:Fault>");
    assert_false(other.denied);
    assert_string_equal(other.fault, "ter:ActionNotSupported");
}

static void what_is_no_soap_is_refused(void **state)
{
    assert_refused("");
    assert_refused("<html><body>login</body></html>");
    assert_refused("<Envelope/>");
    assert_refused("<s:Envelope xmlns:s=\"" S "\"><s:Body><a></s:Body></s:Envelope>");
    g_autofree char *deep = g_strnfill(4000, '<');
    assert_refused(deep);
}

static void entities_are_neither_declared_nor_loaded(void **state)
{
    assert_refused("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                   "<Envelope><Body><x>&b;</x></Body></Envelope>");
    assert_refused("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
                   "<Envelope><Body><x>&f;</x></Body></Envelope>");
    assert_refused("<Envelope><Body><x>&undeclared;</x></Body></Envelope>");
}

static void an_address_with_a_bare_ampersand_is_understood(void **state)
{
    g_auto(SoapAnswer) read =
        answer(1, "<GetStreamUriResponse><MediaUri><Uri>rtsp://10.0.0.9/cam?channel=1&subtype=0"
                  "&#38;x=&lt;</Uri></MediaUri></GetStreamUriResponse>");
    g_autofree char *uri = onvif_uri_read(read.content);
    assert_string_equal(uri, "rtsp://10.0.0.9/cam?channel=1&subtype=0&x=<");
}

/* ---- the device service ---- */

static void the_clock_is_read_whatever_the_prefixes(void **state)
{
    for (unsigned kind = 0; kind < G_N_ELEMENTS(envelopes); kind++) {
        g_auto(SoapAnswer) read =
            answer(kind, "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
                         "<tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>"
                         " 7\n</tt:Hour><tt:Minute>27</tt:Minute><tt:Second>39</tt:Second>"
                         "</tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>11</tt:Month>"
                         "<tt:Day>24</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
                         "</tds:GetSystemDateAndTimeResponse>");
        OnvifClock clock;
        char text[TIME_TEXT];
        assert_true(onvif_clock_read(read.content, &clock));
        assert_string_equal(time_text(clock.utc_us, text), "2026-11-24T07:27:39.000Z");
        assert_int_equal(clock.local_us, 0);
        assert_true(clock.ntp);
    }
}

static void a_clock_without_a_time_is_no_clock(void **state)
{
    OnvifClock clock;
    g_auto(SoapAnswer) none =
        answer(0, "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>"
                  "<tt:Time><tt:Hour>25</tt:Hour><tt:Minute>0</tt:Minute></tt:Time><tt:Date>"
                  "<tt:Year>2026</tt:Year><tt:Month>2</tt:Month><tt:Day>31</tt:Day></tt:Date>"
                  "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>");
    assert_false(onvif_clock_read(none.content, &clock));
    assert_false(onvif_clock_read(NULL, &clock));
}

static void services_are_found_by_either_question(void **state)
{
    g_auto(SoapAnswer) new = answer(
        0, "<tds:GetServicesResponse><tds:Service><tds:Namespace>"
           "http://www.onvif.org/ver20/media/wsdl</tds:Namespace><tds:XAddr>\n http://0.0.0.0:8080"
           "/onvif/media2 </tds:XAddr></tds:Service><tds:Service><tds:Namespace>"
           "http://www.onvif.org/ver10/events/wsdl</tds:Namespace><tds:XAddr>http://10.0.0.9:1024"
           "/event</tds:XAddr></tds:Service></tds:GetServicesResponse>");
    g_auto(OnvifServices) services = {0};
    assert_true(onvif_services_read(new.content, &services));
    assert_string_equal(services.media2, "http://0.0.0.0:8080/onvif/media2");
    assert_string_equal(services.events, "http://10.0.0.9:1024/event");
    assert_null(services.media);

    g_auto(SoapAnswer) old =
        answer(2, "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>"
                  "http://10.0.0.9/onvif/media</tt:XAddr></tt:Media><tt:PTZ><tt:XAddr/></tt:PTZ>"
                  "</tds:Capabilities></tds:GetCapabilitiesResponse>");
    g_auto(OnvifServices) capabilities = {0};
    assert_true(onvif_services_read(old.content, &capabilities));
    assert_string_equal(capabilities.media, "http://10.0.0.9/onvif/media");
    assert_null(capabilities.ptz);
}

static void a_device_tells_who_it_is(void **state)
{
    g_auto(SoapAnswer) read =
        answer(1, "<tds:GetDeviceInformationResponse><tds:Manufacturer>TP-Link</tds:Manufacturer>"
                  "<tds:Model>Tapo\n C320WS</tds:Model></tds:GetDeviceInformationResponse>");
    g_auto(OnvifDevice) device = {0};
    assert_true(onvif_device_read(read.content, &device));
    assert_string_equal(device.make, "TP-Link");
    assert_string_equal(device.model, "Tapo C320WS");
    assert_string_equal(device.serial, "");
}

/* ---- profiles ---- */

#define ENCODER(encoding, width, height)                                                 \
    "<tt:Encoding>" encoding "</tt:Encoding><tt:Resolution><tt:Width>" width             \
    "</tt:Width><tt:Height>" height "</tt:Height></tt:Resolution><tt:RateControl>"       \
    "<tt:FrameRateLimit>12.5</tt:FrameRateLimit><tt:BitrateLimit>2048</tt:BitrateLimit>" \
    "</tt:RateControl>"
#define PROFILE(token, source, encoding, width, height)                             \
    "<trt:Profiles token=\"" token "\" fixed=\"true\"><tt:Name>" token "</tt:Name>" \
    "<tt:VideoSourceConfiguration><tt:SourceToken>" source "</tt:SourceToken>"      \
    "</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration>" ENCODER(         \
        encoding, width, height) "</tt:VideoEncoderConfiguration></trt:Profiles>"

static void main_and_sub_stream_are_proposed_by_size(void **state)
{
    g_auto(SoapAnswer) read = answer(
        0,
        "<trt:GetProfilesResponse xmlns:trt=\"m\">"
        "<trt:Profiles token=\"\"/>" PROFILE("jpeg", "1", "JPEG", "4000", "3000")
            PROFILE("sub", "1", "H264", "640", "360") PROFILE("main", "1", "H265", "2560", "1440")
                PROFILE("mid", "1", "H264", "1280", "720")
                    PROFILE("other", "2", "H264", "3840", "2160") "</trt:GetProfilesResponse>");
    g_autoptr(GPtrArray) profiles = onvif_profiles_read(read.content);
    assert_int_equal(profiles->len, 5);
    const OnvifProfile *large, *small;
    onvif_propose(profiles, "1", &large, &small);
    assert_string_equal(large->token, "main");
    assert_string_equal(small->token, "sub");
    assert_true(large->fps == 12.5);
    assert_int_equal(large->kbps, 2048);
    onvif_propose(profiles, "2", &large, &small);
    assert_string_equal(large->token, "other");
    assert_null(small);
    onvif_propose(profiles, "3", &large, &small);
    assert_null(large);
}

static void profiles_of_media2_are_read_as_well(void **state)
{
    g_auto(SoapAnswer) read = answer(
        2,
        "<tr2:GetProfilesResponse xmlns:tr2=\"m\"><tr2:Profiles token=\"P1\"><tr2:Name>one"
        "</tr2:Name><tr2:Configurations><tr2:VideoSource><tt:SourceToken>V1</tt:SourceToken>"
        "</tr2:VideoSource><tr2:VideoEncoder>" ENCODER(
            "H265", "1920",
            "1080") "</tr2:VideoEncoder><tr2:PTZ token=\"z\"/></tr2:Configurations></tr2:Profiles>"
                    "</tr2:GetProfilesResponse>");
    g_autoptr(GPtrArray) profiles = onvif_profiles_read(read.content);
    assert_int_equal(profiles->len, 1);
    const OnvifProfile *profile = profiles->pdata[0];
    assert_string_equal(profile->source, "V1");
    assert_string_equal(profile->encoding, "H265");
    assert_int_equal(profile->height, 1080);
    assert_true(profile->ptz);
}

static void the_stream_of_a_profile_is_asked_for_in_the_words_of_the_service(void **state)
{
    g_autofree char *one = onvif_ask_stream(ONVIF_MEDIA_1, "a&b");
    assert_non_null(strstr(one, "ver10/media"));
    assert_non_null(strstr(one, ">RTP-Unicast<"));
    assert_non_null(strstr(one, ">a&amp;b<"));
    g_autofree char *two = onvif_ask_stream(ONVIF_MEDIA_2, "a");
    assert_non_null(strstr(two, "ver20/media"));
    assert_null(strstr(two, "StreamSetup"));
}

/* ---- addresses ---- */

static void addresses_are_read_as_people_write_them(void **state)
{
    static const struct {
        const char *text, *address;
    } rows[] = {
        {"192.168.1.20", "http://192.168.1.20"},
        {" cam-3.local:8000 ", "http://cam-3.local:8000"},
        {"https://10.0.0.9/", "https://10.0.0.9"},
        {"HTTP://10.0.0.9:2020/onvif/x?a=b", "http://10.0.0.9:2020/onvif/x?a=b"},
        {"http://admin:p@ss@10.0.0.9:80", "http://10.0.0.9:80"},
        {"fe80::1", "http://[fe80::1]"},
        {"http://[2001:db8::7]:8080/onvif", "http://[2001:db8::7]:8080/onvif"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(OnvifAddress) address = onvif_address_parse(rows[i].text, NULL);
        assert_non_null(address);
        g_autofree char *text = onvif_address_text(address);
        assert_string_equal(text, rows[i].address);
    }
    g_autoptr(OnvifAddress) secret = onvif_address_parse("http://admin:p@ss@10.0.0.9:80", NULL);
    assert_string_equal(secret->user, "admin");
    assert_string_equal(secret->password, "p@ss");
}

static void what_is_no_address_is_refused_without_telling_a_password(void **state)
{
    static const char *const texts[] = {"",          "ftp://10.0.0.9", "http://",
                                        "two words", "file:///etc",    "http://admin:hidden@",
                                        "-rf",       "10.0.0.9:99999", "rtsp://10.0.0.9/1",
                                        "a\r\nb: c"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(onvif_address_parse(texts[i], &error));
        assert_true(g_error_matches(error, ERR, ERR_INVALID));
        assert_null(strstr(error->message, "hidden"));
    }
}

static void services_are_spoken_to_where_the_device_was_found(void **state)
{
    static const struct {
        const char *told, *device, *address;
    } rows[] = {
        {"http://0.0.0.0:8080/onvif/media", "http://10.1.1.5", "http://10.1.1.5:8080/onvif/media"},
        {"http://192.168.0.9/onvif/ptz", "http://10.1.1.5:8000", "http://10.1.1.5/onvif/ptz"},
        {"/onvif/media", "http://10.1.1.5:2020/x", "http://10.1.1.5:2020/onvif/media"},
        {"http://10.1.1.5/m", "https://10.1.1.5:8443", "https://10.1.1.5:8443/m"},
        {"http://10.1.1.5:80/on\n vif", "http://10.1.1.5", "http://10.1.1.5:80/onvif"},
        {"gopher://x", "http://10.1.1.5", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(OnvifAddress) device = onvif_address_parse(rows[i].device, NULL);
        g_autoptr(OnvifAddress) service = onvif_address_of_service(rows[i].told, device);
        g_autofree char *text = service ? onvif_address_text(service) : NULL;
        if (rows[i].address)
            assert_string_equal(text, rows[i].address);
        else
            assert_null(text);
    }
}

static void streams_lead_to_the_device_and_hold_no_password(void **state)
{
    g_autoptr(OnvifAddress) device = onvif_address_parse("http://10.1.1.5:8000", NULL);
    g_autofree char *stream =
        onvif_stream_address("rtsp://admin:p@ss@192.168.0.9:8554/ch1?a=\n1", device);
    assert_string_equal(stream, "rtsp://10.1.1.5:8554/ch1?a=1");
    assert_null(onvif_stream_address("http://192.168.0.9/x", device));
}

/* ---- discovery ---- */

#define MATCHES(inner)                                                             \
    "<d:ProbeMatches xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" " \
    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\">" inner "</d:ProbeMatches>"

static void a_device_that_answers_is_told_by_its_scopes(void **state)
{
    g_autofree char *text = g_strdup_printf(
        envelopes[2],
        MATCHES("<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address>"
                "</a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>"
                "onvif://www.onvif.org/type/x\nonvif://www.onvif.org/name/C%E1%BB%95ng%20ch%E1%BB"
                "%A3 onvif://www.onvif.org/hardware/IPC-1 onvif://www.onvif.org/mfr/Dahua "
                "onvif://www.onvif.org/location/b%0aad</d:Scopes><d:XAddrs>"
                "http://[fe80::2]/onvif/device_service http://192.168.1.8/onvif/device_service"
                "</d:XAddrs></d:ProbeMatch>"
                "<d:ProbeMatch><d:Types>pr:Printer</d:Types><d:XAddrs>http://192.168.1.9/p"
                "</d:XAddrs></d:ProbeMatch>"));
    g_autoptr(GPtrArray) matches = onvif_matches_read(text, strlen(text));
    assert_int_equal(matches->len, 1);
    const OnvifMatch *match = matches->pdata[0];
    assert_string_equal(match->endpoint, "urn:uuid:1");
    assert_string_equal(match->address, "http://192.168.1.8/onvif/device_service");
    assert_string_equal(match->name, "Cổng chợ");
    assert_string_equal(match->model, "IPC-1");
    assert_string_equal(match->make, "Dahua");
    assert_string_equal(match->location, "");
}

static void a_datagram_of_something_else_holds_no_device(void **state)
{
    g_autoptr(GPtrArray) none = onvif_matches_read("\x01\x02", 2);
    assert_int_equal(none->len, 0);
    g_autofree char *probe = onvif_probe_write("urn:uuid:2", false);
    g_autoptr(GPtrArray) own = onvif_matches_read(probe, strlen(probe));
    assert_int_equal(own->len, 0);
    assert_non_null(strstr(probe, "dn:NetworkVideoTransmitter"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_password_goes_as_a_digest_of_nonce_time_and_itself),
        cmocka_unit_test(names_with_signs_of_xml_stay_whole),
        cmocka_unit_test(a_fault_of_any_firmware_tells_who_may_not),
        cmocka_unit_test(what_is_no_soap_is_refused),
        cmocka_unit_test(entities_are_neither_declared_nor_loaded),
        cmocka_unit_test(an_address_with_a_bare_ampersand_is_understood),
        cmocka_unit_test(the_clock_is_read_whatever_the_prefixes),
        cmocka_unit_test(a_clock_without_a_time_is_no_clock),
        cmocka_unit_test(services_are_found_by_either_question),
        cmocka_unit_test(a_device_tells_who_it_is),
        cmocka_unit_test(main_and_sub_stream_are_proposed_by_size),
        cmocka_unit_test(profiles_of_media2_are_read_as_well),
        cmocka_unit_test(the_stream_of_a_profile_is_asked_for_in_the_words_of_the_service),
        cmocka_unit_test(addresses_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_address_is_refused_without_telling_a_password),
        cmocka_unit_test(services_are_spoken_to_where_the_device_was_found),
        cmocka_unit_test(streams_lead_to_the_device_and_hold_no_password),
        cmocka_unit_test(a_device_that_answers_is_told_by_its_scopes),
        cmocka_unit_test(a_datagram_of_something_else_holds_no_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
