#include "http/api/routes.h"

#include "http/api/handlers.h"

#include <string.h>

/* A row whose action, scope or place is left out (or ACTION_NONE) has an array of negative size. */
#define GIVEN(value, none) ((value) + 0 * sizeof(char[(value) > (none) ? 1 : -1]))
#define ROUTE(method, pattern, action, scope, place, handler)                           \
    {                                                                                   \
        method, pattern, (Action)GIVEN(action, ACTION_NONE), (ApiScope)GIVEN(scope, 0), \
            (ApiPlace)GIVEN(place, 0), handler, NULL                                    \
    }
#define UPLOAD(pattern, action, scope, may_send, handler)                                 \
    {                                                                                     \
        API_POST, pattern, (Action)GIVEN(action, ACTION_NONE), (ApiScope)GIVEN(scope, 0), \
            API_UPLOADS, handler, may_send                                                \
    }

/* clang-format off */
const ApiRoute api_routes[] = {
    ROUTE(API_POST,   "/session",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, session_create),
    ROUTE(API_DELETE, "/session",                      ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  session_end),
    ROUTE(API_POST,   "/session/challenge",            ACTION_PUBLIC,    SCOPE_WHOLE,    API_QUICK,  session_challenge),
    ROUTE(API_POST,   "/session/proof",                ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, session_prove),
    ROUTE(API_GET,    "/sessions",                     ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  sessions_get_own),
    ROUTE(API_DELETE, "/sessions",                     ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  sessions_end_others),
    ROUTE(API_DELETE, "/sessions/{id}",                ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  session_end_own),
    ROUTE(API_GET,    "/me",                           ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  me_get),
    ROUTE(API_PATCH,  "/me",                           ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, me_change),
    ROUTE(API_POST,   "/me/totp",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_begin),
    ROUTE(API_POST,   "/me/totp/confirm",              ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_confirm),
    ROUTE(API_POST,   "/me/totp/off",                  ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_off),
    ROUTE(API_POST,   "/me/recovery-codes",            ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, recovery_renew),
    ROUTE(API_GET,    "/locations",                    ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, locations_get_all),
    ROUTE(API_POST,   "/locations",                    ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, locations_add),
    ROUTE(API_GET,    "/locations/{id}",               ACTION_LIVE,      SCOPE_LOCATION, API_BLOCKS, location_get),
    ROUTE(API_PATCH,  "/locations/{id}",               ACTION_CONFIGURE, SCOPE_LOCATION, API_BLOCKS, location_change),
    ROUTE(API_DELETE, "/locations/{id}",               ACTION_CONFIGURE, SCOPE_LOCATION, API_BLOCKS, location_remove),
    ROUTE(API_GET,    "/locations/{id}/poster.svg",    ACTION_REPORTS,   SCOPE_LOCATION, API_BLOCKS, location_get_poster),
    ROUTE(API_GET,    "/map",                          ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, map_get),
    ROUTE(API_PUT,    "/map",                          ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, map_put),
    ROUTE(API_DELETE, "/map",                          ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, map_remove),
    ROUTE(API_GET,    "/cameras",                      ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, cameras_get_all),
    ROUTE(API_POST,   "/cameras",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, cameras_add),
    ROUTE(API_POST,   "/cameras/discover",             ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, cameras_find),
    ROUTE(API_POST,   "/cameras/probe",                ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, camera_try),
    ROUTE(API_GET,    "/cameras/nearest",              ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, cameras_nearest),
    ROUTE(API_GET,    "/cameras/{id}",                 ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, camera_get),
    ROUTE(API_PATCH,  "/cameras/{id}",                 ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_change),
    ROUTE(API_DELETE, "/cameras/{id}",                 ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_delete),
    ROUTE(API_GET,    "/cameras/{id}/status",          ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, camera_get_status),
    ROUTE(API_POST,   "/cameras/{id}/clock",           ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_set_clock),
    ROUTE(API_POST,   "/cameras/{id}/reference",       ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_accept_view),
    ROUTE(API_POST,   "/cameras/{id}/ptz",             ACTION_PTZ,       SCOPE_CAMERA,   API_BLOCKS, camera_steer),
    ROUTE(API_GET,    "/cameras/{id}/presets",         ACTION_PTZ,       SCOPE_CAMERA,   API_BLOCKS, camera_get_presets),
    ROUTE(API_GET,    "/cameras/{id}/coverage",        ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_coverage),
    ROUTE(API_GET,    "/cameras/{id}/arrivals",        ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, camera_get_arrivals),
    ROUTE(API_GET,    "/cameras/{id}/motion",          ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, motion_get),
    ROUTE(API_GET,    "/cameras/{id}/snapshot.jpg",    ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, footage_snapshot),
    ROUTE(API_GET,    "/cameras/{id}/thumbnail.jpg",   ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_thumbnail),
    ROUTE(API_GET,    "/cameras/{id}/clip.mp4",        ACTION_EXPORT,    SCOPE_CAMERA,   API_BLOCKS, footage_clip),
    ROUTE(API_GET,    "/cameras/{id}/playlist.m3u8",   ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_playlist),
    ROUTE(API_GET,    "/cameras/{id}/segments/{name}.mp4", ACTION_REPLAY, SCOPE_CAMERA,   API_BLOCKS, footage_segment),
    ROUTE(API_GET,    "/cameras/{id}/h264/{name}.mp4", ACTION_REPLAY,    SCOPE_CAMERA,   API_CODES,  footage_h264),
    ROUTE(API_GET,    "/cameras/{id}/masks",           ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, masks_get_all),
    ROUTE(API_POST,   "/cameras/{id}/masks",           ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, mask_draw),
    ROUTE(API_PATCH,  "/cameras/{id}/masks/{mask}",    ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, mask_change),
    ROUTE(API_POST,   "/cameras/{id}/masks/{mask}/end", ACTION_CONFIGURE, SCOPE_CAMERA,  API_BLOCKS, mask_ask_end),
    ROUTE(API_DELETE, "/cameras/{id}/masks/{mask}/end", ACTION_CONFIGURE, SCOPE_CAMERA,  API_BLOCKS, mask_keep),
    ROUTE(API_POST,   "/cameras/{id}/masks/{mask}/end/approval", ACTION_HOLD, SCOPE_CAMERA, API_BLOCKS, mask_decide_end),
    ROUTE(API_GET,    "/mask-liftings",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_liftings_get_all),
    ROUTE(API_POST,   "/mask-liftings",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_lifting_ask),
    ROUTE(API_POST,   "/mask-liftings/{id}/approval",  ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, mask_lifting_decide),
    ROUTE(API_DELETE, "/mask-liftings/{id}",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_lifting_end),
    ROUTE(API_POST,   "/access",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, access_tell),
    ROUTE(API_POST,   "/evidence",                     ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, evidence_prepare),
    ROUTE(API_GET,    "/exports",                      ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, exports_get_all),
    ROUTE(API_POST,   "/exports",                      ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, exports_add),
    ROUTE(API_GET,    "/exports/{id}",                 ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_get),
    ROUTE(API_DELETE, "/exports/{id}",                 ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_delete),
    ROUTE(API_GET,    "/exports/{id}/file",            ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_get_file),
    ROUTE(API_GET,    "/live",                         ACTION_LIVE,      SCOPE_EACH,     API_QUICK,  NULL),
    ROUTE(API_GET,    "/views",                        ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, views_get_all),
    ROUTE(API_POST,   "/views",                        ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, views_add),
    ROUTE(API_PATCH,  "/views/{id}",                   ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, view_edit),
    ROUTE(API_DELETE, "/views/{id}",                   ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, view_delete),
    ROUTE(API_GET,    "/users",                        ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, users_get_all),
    ROUTE(API_POST,   "/users",                        ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, users_add),
    ROUTE(API_PATCH,  "/users/{id}",                   ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_change),
    ROUTE(API_DELETE, "/users/{id}",                   ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_disable),
    ROUTE(API_GET,    "/users/{id}/sessions",          ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  user_get_sessions),
    ROUTE(API_DELETE, "/users/{id}/sessions",          ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  user_end_sessions),
    ROUTE(API_DELETE, "/users/{id}/sessions/{session}", ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  user_end_session),
    ROUTE(API_GET,    "/devices",                      ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  devices_get_all),
    ROUTE(API_POST,   "/devices",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, device_enrol),
    ROUTE(API_POST,   "/devices/codes",                ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_make_code),
    ROUTE(API_PATCH,  "/devices/{id}",                 ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_change),
    ROUTE(API_DELETE, "/devices/{id}",                 ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_shut_out),
    ROUTE(API_POST,   "/devices/{id}/back",            ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_let_back),
    ROUTE(API_GET,    "/policy",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, policy_get),
    ROUTE(API_PATCH,  "/policy",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, policy_change),
    ROUTE(API_GET,    "/tokens",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, tokens_get_all),
    ROUTE(API_POST,   "/tokens",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, tokens_add),
    ROUTE(API_DELETE, "/tokens/{id}",                  ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, token_delete),
    ROUTE(API_GET,    "/authority.crt",                ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, authority_get),
    ROUTE(API_GET,    "/events",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, events_get_all),
    ROUTE(API_PATCH,  "/events",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, events_change),
    ROUTE(API_PATCH,  "/events/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, event_change),
    ROUTE(API_GET,    "/events/{id}/picture.jpg",      ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, event_get_picture),
    ROUTE(API_GET,    "/bookmarks",                    ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmarks_get_all),
    ROUTE(API_POST,   "/bookmarks",                    ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmarks_add),
    ROUTE(API_PATCH,  "/bookmarks/{id}",               ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmark_edit),
    ROUTE(API_DELETE, "/bookmarks/{id}",               ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmark_delete),
    ROUTE(API_GET,    "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_get),
    ROUTE(API_PUT,    "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_take),
    ROUTE(API_DELETE, "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_back),
    ROUTE(API_POST,   "/certificate/check",            ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_try),
    ROUTE(API_GET,    "/site",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_get),
    ROUTE(API_PATCH,  "/site",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_change),
    ROUTE(API_GET,    "/site/retention",               ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_retention_effect),
    ROUTE(API_GET,    "/traces",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, traces_get_all),
    ROUTE(API_POST,   "/traces",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, traces_add),
    ROUTE(API_GET,    "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_get),
    ROUTE(API_PATCH,  "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_edit),
    ROUTE(API_DELETE, "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_delete),
    ROUTE(API_POST,   "/traces/{id}/sightings",        ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, sightings_add),
    ROUTE(API_PATCH,  "/traces/{id}/sightings/{sighting}", ACTION_REPLAY, SCOPE_EACH,    API_BLOCKS, sighting_edit),
    ROUTE(API_DELETE, "/traces/{id}/sightings/{sighting}", ACTION_REPLAY, SCOPE_EACH,    API_BLOCKS, sighting_delete),
    ROUTE(API_GET,    "/notify",                       ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_get),
    ROUTE(API_PATCH,  "/notify",                       ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_change),
    ROUTE(API_POST,   "/notify/test",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_try),
    ROUTE(API_GET,    "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_get),
    ROUTE(API_POST,   "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_add),
    ROUTE(API_PATCH,  "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_change),
    ROUTE(API_DELETE, "/me/push/{id}",                 ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_remove_one),
    ROUTE(API_POST,   "/me/push/test",                 ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_try),
    ROUTE(API_GET,    "/shifts",                       ACTION_DUTY,      SCOPE_WHOLE,    API_BLOCKS, shifts_get),
    ROUTE(API_PUT,    "/shifts/{day}",                 ACTION_SHIFTS,    SCOPE_WHOLE,    API_BLOCKS, shifts_put),
    ROUTE(API_DELETE, "/shifts/{day}",                 ACTION_SHIFTS,    SCOPE_WHOLE,    API_BLOCKS, shifts_remove),
    ROUTE(API_GET,    "/care",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, care_get),
    ROUTE(API_GET,    "/server/fingerprints",          ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, server_fingerprints),
    ROUTE(API_GET,    "/server/storage",               ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, server_storage),
    ROUTE(API_GET,    "/months/{month}",               ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, month_get),
    ROUTE(API_GET,    "/months/{month}/figures.csv",   ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, month_get_csv),
    ROUTE(API_GET,    "/months/{month}/places",        ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, month_get_places),
    ROUTE(API_PUT,    "/months/{month}/criteria/{id}", ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, month_judge),
    ROUTE(API_GET,    "/criteria",                     ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, criteria_get_all),
    ROUTE(API_POST,   "/criteria",                     ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criteria_add),
    ROUTE(API_PATCH,  "/criteria/{id}",                ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criterion_edit),
    ROUTE(API_DELETE, "/criteria/{id}",                ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criterion_delete),
    ROUTE(API_GET,    "/cameras/{id}/uptime",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_get_uptime),
    ROUTE(API_GET,    "/cameras/{id}/papers",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_get_papers),
    ROUTE(API_PATCH,  "/cameras/{id}/papers",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_change_papers),
    ROUTE(API_GET,    "/repairs",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repairs_get_all),
    ROUTE(API_POST,   "/repairs",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repairs_add),
    ROUTE(API_GET,    "/repairs/{id}",                 ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repair_get),
    ROUTE(API_PATCH,  "/repairs/{id}",                 ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repair_edit),
    ROUTE(API_GET,    "/reports",                      ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, reports_get_all),
    ROUTE(API_POST,   "/reports",                      ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, reports_tell),
    ROUTE(API_GET,    "/reports/{id}",                 ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, report_get),
    ROUTE(API_PATCH,  "/reports/{id}",                 ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, report_change),
    UPLOAD("/reports/{id}/attachments",     ACTION_REPORT,    SCOPE_EACH,     report_file_may_add, report_file_add),
    ROUTE(API_GET,    "/reports/{id}/attachments/{n}", ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, report_file_get),
    ROUTE(API_POST,   "/reports/{id}/wishes",          ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, report_wish_add),
    ROUTE(API_DELETE, "/reports/{id}/wishes/{wish}",   ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_wish_end),
    ROUTE(API_GET,    "/reports/{id}/copy.zip",        ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_copy_get),
    ROUTE(API_POST,   "/reports/{id}/erasure",         ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_erase),
    ROUTE(API_GET,    "/households",                   ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, households_get_all),
    ROUTE(API_POST,   "/households",                   ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, households_add_one),
    ROUTE(API_GET,    "/households/near",              ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, households_get_near),
    ROUTE(API_GET,    "/households/{id}",              ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, household_get),
    ROUTE(API_PATCH,  "/households/{id}",              ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_edit),
    ROUTE(API_DELETE, "/households/{id}",              ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_revoke),
    ROUTE(API_GET,    "/households/{id}/contact",      ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_get_contact),
    ROUTE(API_GET,    "/households/{id}/photo",        ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, household_get_photo),
    UPLOAD("/households/{id}/photo",        ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, household_may_put_photo, household_put_photo),
    ROUTE(API_GET,    "/cases",                        ACTION_CASE_READ, SCOPE_EACH,     API_BLOCKS, cases_get_all),
    ROUTE(API_POST,   "/cases",                        ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, cases_open),
    ROUTE(API_GET,    "/cases/{id}",                   ACTION_CASE_READ, SCOPE_EACH,     API_BLOCKS, case_get),
    ROUTE(API_PATCH,  "/cases/{id}",                   ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_change),
    ROUTE(API_POST,   "/cases/{id}/items",             ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_item_add),
    ROUTE(API_DELETE, "/cases/{id}/items/{n}",         ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_item_remove),
    ROUTE(API_POST,   "/cases/{id}/holds",             ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_hold_add),
    ROUTE(API_POST,   "/cases/{id}/holds/{hold}/approval", ACTION_HOLD,  SCOPE_EACH,     API_BLOCKS, case_hold_approve),
    ROUTE(API_POST,   "/cases/{id}/holds/{hold}/release", ACTION_CASES,  SCOPE_EACH,     API_BLOCKS, case_hold_release),
    ROUTE(API_DELETE, "/cases/{id}/holds/{hold}/release", ACTION_CASES,  SCOPE_EACH,     API_BLOCKS, case_hold_keep),
    ROUTE(API_GET,    "/public/page",                  ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, public_page_show),
    ROUTE(API_GET,    "/footage-requests",             ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_requests_get_all),
    ROUTE(API_POST,   "/footage-requests",             ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_requests_add),
    ROUTE(API_GET,    "/footage-requests/{id}",        ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_request_get),
    ROUTE(API_POST,   "/footage-requests/{id}/links",  ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_request_link),
    ROUTE(API_GET,    "/household-files/{id}",         ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, given_file_get),
    ROUTE(API_POST,   "/household-files/{id}/evidence", ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, given_file_keep),
    ROUTE(API_GET,    "/public/requests/{id}",         ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_follow),
    ROUTE(API_POST,   "/public/requests/{id}/answer",  ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_answer),
    ROUTE(API_POST,   "/public/requests/{id}/files",   ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_file_begin),
    UPLOAD("/public/requests/{id}/files/{n}", ACTION_PUBLIC,  SCOPE_WHOLE,    given_file_may_come, given_file_piece),
    ROUTE(API_DELETE, "/public/requests/{id}/files/{n}", ACTION_PUBLIC,  SCOPE_WHOLE,    API_BLOCKS, given_file_take_back),
    ROUTE(API_GET,    "/public/report-form",           ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_get),
    ROUTE(API_POST,   "/public/reports",               ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_send),
    UPLOAD("/public/reports/{number}/attachments", ACTION_PUBLIC, SCOPE_WHOLE, report_form_may_add, report_form_add),
    ROUTE(API_GET,    "/public/reports/{number}",      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_follow),
    ROUTE(API_POST,   "/public/reports/{number}/wishes", ACTION_PUBLIC,  SCOPE_WHOLE,    API_BLOCKS, report_form_wish),
    ROUTE(API_GET,    "/packages",                     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, packages_get_all),
    ROUTE(API_POST,   "/packages",                     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, packages_ask),
    ROUTE(API_GET,    "/packages/{id}",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get),
    ROUTE(API_DELETE, "/packages/{id}",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_drop),
    ROUTE(API_POST,   "/packages/{id}/approval",       ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, package_decide),
    ROUTE(API_POST,   "/packages/{id}/copies",         ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_hand),
    ROUTE(API_DELETE, "/packages/{id}/copies/{n}",     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_end_link),
    ROUTE(API_GET,    "/packages/{id}/file",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get_file),
    ROUTE(API_POST,   "/packages/{id}/usb",            ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_to_usb),
    ROUTE(API_GET,    "/handover/volumes",             ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, handover_volumes),
    ROUTE(API_GET,    "/packages/{id}/days",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get_days),
    ROUTE(API_POST,   "/public/handover",              ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, handover_follow),
    ROUTE(API_GET,    "/public/handover/{ticket}/file", ACTION_PUBLIC,   SCOPE_WHOLE,    API_BLOCKS, handover_file),
    ROUTE(API_GET,    "/audit",                        ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get),
    ROUTE(API_GET,    "/audit/marks",                  ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get_marks),
    ROUTE(API_GET,    "/audit.csv",                    ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get_csv),
    ROUTE(API_GET,    "/privacy/register",             ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, privacy_register_get),
    ROUTE(API_GET,    "/healthz",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, health_get),
    ROUTE(API_GET,    "/metrics",                      ACTION_METRICS,   SCOPE_WHOLE,    API_BLOCKS, metrics_get),
};
/* clang-format on */
const size_t api_route_count = G_N_ELEMENTS(api_routes);

const char *api_scope_text(ApiScope scope)
{
    static const char *const texts[] = {[SCOPE_WHOLE] = "whole",
                                        [SCOPE_CAMERA] = "camera",
                                        [SCOPE_LOCATION] = "location",
                                        [SCOPE_EACH] = "each"};
    return texts[scope];
}

/* One segment: `*pattern` and `*path` stand behind a '/', and are moved to the next '/' or the end.
 */
static bool segment_match(const char **pattern, const char **path, const char **value,
                          size_t *length)
{
    size_t wanted = strcspn(*pattern, "/"), got = strcspn(*path, "/");
    *length = 0;
    bool fits;
    if (**pattern == '{') {
        const char *tail = (const char *)memchr(*pattern, '}', wanted) + 1;
        size_t tail_size = (size_t)(*pattern + wanted - tail);
        fits = got > tail_size && memcmp(*path + got - tail_size, tail, tail_size) == 0;
        *value = *path;
        *length = fits ? got - tail_size : 0;
    } else {
        fits = wanted == got && memcmp(*pattern, *path, got) == 0;
    }
    *pattern += wanted;
    *path += got;
    return fits;
}

bool route_match(const char *pattern, const char *path, char *values, size_t room,
                 const char *params[API_PATH_PARAMS])
{
    size_t count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++, path++;
        const char *value;
        size_t length;
        if (!segment_match(&pattern, &path, &value, &length))
            return false;
        if (!length)
            continue;
        if (length >= room)
            return false;
        memcpy(values, value, length);
        values[length] = '\0';
        params[count++] = values;
        values += length + 1;
        room -= length + 1;
    }
    return !*pattern && !*path;
}

const char *route_path(const char *path)
{
    if (g_str_has_prefix(path, API_PREFIX "/"))
        return path + strlen(API_PREFIX);
    return strcmp(path, "/healthz") == 0 || strcmp(path, "/metrics") == 0 ? path : NULL;
}

const ApiRoute *route_find(ApiMethod method, const char *path, char *values, size_t room,
                           const char *params[API_PATH_PARAMS], unsigned *allowed)
{
    *allowed = 0;
    if (method == API_HEAD)
        method = API_GET;
    for (size_t i = 0; i < api_route_count; i++) {
        if (!route_match(api_routes[i].pattern, path, values, room, params))
            continue;
        if (api_routes[i].method == method)
            return &api_routes[i];
        *allowed |= 1u << api_routes[i].method;
    }
    return NULL;
}
