#include "http/api/routes.h"

#include "http/api/access.h"
#include "http/api/handlers.h"

#include <string.h>

/* A row whose action, scope, place or pictures are left out (or ACTION_NONE) has an array of
 * negative size. */
#define GIVEN(value, none) ((value) + 0 * sizeof(char[(value) > (none) ? 1 : -1]))
#define ROUTE(method, pattern, action, scope, place, handler, pictures)                 \
    {                                                                                   \
        method, pattern, (Action)GIVEN(action, ACTION_NONE), (ApiScope)GIVEN(scope, 0), \
            (ApiPlace)GIVEN(place, 0), handler, NULL, (ApiPictures)GIVEN(pictures, 0)   \
    }
#define UPLOAD(pattern, action, scope, may_send, handler)                                 \
    {                                                                                     \
        API_POST, pattern, (Action)GIVEN(action, ACTION_NONE), (ApiScope)GIVEN(scope, 0), \
            API_UPLOADS, handler, may_send, PICTURES_NONE                                 \
    }

/* clang-format off */
const ApiRoute api_routes[] = {
    ROUTE(API_POST,   "/session",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, session_create, PICTURES_NONE),
    ROUTE(API_DELETE, "/session",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, session_end, PICTURES_NONE),
    ROUTE(API_POST,   "/session/challenge",            ACTION_PUBLIC,    SCOPE_WHOLE,    API_QUICK,  session_challenge, PICTURES_NONE),
    ROUTE(API_POST,   "/session/proof",                ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, session_prove, PICTURES_NONE),
    ROUTE(API_GET,    "/sessions",                     ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  sessions_get_own, PICTURES_NONE),
    ROUTE(API_DELETE, "/sessions",                     ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, sessions_end_others, PICTURES_NONE),
    ROUTE(API_DELETE, "/sessions/{id}",                ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, session_end_own, PICTURES_NONE),
    ROUTE(API_GET,    "/me",                           ACTION_OWN,       SCOPE_WHOLE,    API_QUICK,  me_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/me",                           ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, me_change, PICTURES_NONE),
    ROUTE(API_POST,   "/me/totp",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_begin, PICTURES_NONE),
    ROUTE(API_POST,   "/me/totp/confirm",              ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_confirm, PICTURES_NONE),
    ROUTE(API_POST,   "/me/totp/off",                  ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, totp_off, PICTURES_NONE),
    ROUTE(API_POST,   "/me/recovery-codes",            ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, recovery_renew, PICTURES_NONE),
    ROUTE(API_GET,    "/locations",                    ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, locations_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/locations",                    ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, locations_add, PICTURES_NONE),
    ROUTE(API_GET,    "/locations/{id}",               ACTION_LIVE,      SCOPE_LOCATION, API_BLOCKS, location_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/locations/{id}",               ACTION_CONFIGURE, SCOPE_LOCATION, API_BLOCKS, location_change, PICTURES_NONE),
    ROUTE(API_DELETE, "/locations/{id}",               ACTION_CONFIGURE, SCOPE_LOCATION, API_BLOCKS, location_remove, PICTURES_NONE),
    ROUTE(API_GET,    "/locations/{id}/poster.svg",    ACTION_REPORTS,   SCOPE_LOCATION, API_BLOCKS, location_get_poster, PICTURES_NONE),
    ROUTE(API_GET,    "/map",                          ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, map_get, PICTURES_NONE),
    ROUTE(API_PUT,    "/map",                          ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, map_put, PICTURES_NONE),
    ROUTE(API_DELETE, "/map",                          ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, map_remove, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras",                      ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, cameras_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, cameras_add, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/discover",             ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, cameras_find, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/probe",                ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, camera_try, PICTURES_COVERED),
    ROUTE(API_POST,   "/cameras/import",               ACTION_CONFIGURE, SCOPE_WHOLE,    API_TABLES, cameras_import, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/import/probe",         ACTION_CONFIGURE, SCOPE_WHOLE,    API_TABLES, cameras_import_try, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/nearest",              ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, cameras_nearest, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}",                 ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, camera_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/cameras/{id}",                 ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_change, PICTURES_NONE),
    ROUTE(API_DELETE, "/cameras/{id}",                 ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/status",          ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, camera_get_status, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/clock",           ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_set_clock, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/reference",       ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_accept_view, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/ptz",             ACTION_PTZ,       SCOPE_CAMERA,   API_BLOCKS, camera_steer, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/presets",         ACTION_PTZ,       SCOPE_CAMERA,   API_BLOCKS, camera_get_presets, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/coverage",        ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_coverage, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/arrivals",        ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, camera_get_arrivals, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/motion",          ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, motion_get, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/live.m3u8",       ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, live_playlist, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/live/{name}.mp4", ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, live_part, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/snapshot.jpg",    ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, footage_snapshot, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/thumbnail.jpg",   ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_thumbnail, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/clip.mp4",        ACTION_EXPORT,    SCOPE_CAMERA,   API_BLOCKS, footage_clip, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/playlist.m3u8",   ACTION_REPLAY,    SCOPE_CAMERA,   API_BLOCKS, footage_playlist, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/segments/{name}.mp4", ACTION_REPLAY, SCOPE_CAMERA,   API_BLOCKS, footage_segment, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/h264/{name}.mp4", ACTION_REPLAY,    SCOPE_CAMERA,   API_CODES,  footage_h264, PICTURES_COVERED),
    ROUTE(API_GET,    "/cameras/{id}/masks",           ACTION_LIVE,      SCOPE_CAMERA,   API_BLOCKS, masks_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/masks",           ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, mask_draw, PICTURES_NONE),
    ROUTE(API_PATCH,  "/cameras/{id}/masks/{mask}",    ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, mask_change, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/masks/{mask}/end", ACTION_CONFIGURE, SCOPE_CAMERA,  API_BLOCKS, mask_ask_end, PICTURES_NONE),
    ROUTE(API_DELETE, "/cameras/{id}/masks/{mask}/end", ACTION_CONFIGURE, SCOPE_CAMERA,  API_BLOCKS, mask_keep, PICTURES_NONE),
    ROUTE(API_POST,   "/cameras/{id}/masks/{mask}/end/approval", ACTION_HOLD, SCOPE_CAMERA, API_BLOCKS, mask_decide_end, PICTURES_NONE),
    ROUTE(API_GET,    "/mask-liftings",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_liftings_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/mask-liftings",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_lifting_ask, PICTURES_NONE),
    ROUTE(API_POST,   "/mask-liftings/{id}/approval",  ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, mask_lifting_decide, PICTURES_NONE),
    ROUTE(API_DELETE, "/mask-liftings/{id}",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, mask_lifting_end, PICTURES_NONE),
    ROUTE(API_GET,    "/changes",                      ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, pending_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/changes/{id}/approval",        ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, pending_decide, PICTURES_NONE),
    ROUTE(API_DELETE, "/changes/{id}",                 ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, pending_withdraw, PICTURES_NONE),
    ROUTE(API_POST,   "/access",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, access_tell, PICTURES_NONE),
    ROUTE(API_POST,   "/evidence",                     ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, evidence_prepare, PICTURES_NONE),
    ROUTE(API_GET,    "/exports",                      ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, exports_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/exports",                      ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, exports_add, PICTURES_COVERED),
    ROUTE(API_GET,    "/exports/{id}",                 ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_get, PICTURES_NONE),
    ROUTE(API_DELETE, "/exports/{id}",                 ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/exports/{id}/file",            ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, export_get_file, PICTURES_COVERED),
    ROUTE(API_GET,    "/live",                         ACTION_LIVE,      SCOPE_EACH,     API_QUICK,  NULL, PICTURES_COVERED),
    ROUTE(API_GET,    "/views",                        ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, views_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/views",                        ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, views_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/views/{id}",                   ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, view_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/views/{id}",                   ACTION_LIVE,      SCOPE_EACH,     API_BLOCKS, view_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/users",                        ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, users_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/users",                        ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, users_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/users/{id}",                   ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_change, PICTURES_NONE),
    ROUTE(API_DELETE, "/users/{id}",                   ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_disable, PICTURES_NONE),
    ROUTE(API_GET,    "/users/{id}/sessions",          ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  user_get_sessions, PICTURES_NONE),
    ROUTE(API_DELETE, "/users/{id}/sessions",          ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_end_sessions, PICTURES_NONE),
    ROUTE(API_DELETE, "/users/{id}/sessions/{session}", ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, user_end_session, PICTURES_NONE),
    ROUTE(API_GET,    "/devices",                      ACTION_USERS,     SCOPE_WHOLE,    API_QUICK,  devices_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/devices",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, device_enrol, PICTURES_NONE),
    ROUTE(API_POST,   "/devices/codes",                ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_make_code, PICTURES_NONE),
    ROUTE(API_PATCH,  "/devices/{id}",                 ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_change, PICTURES_NONE),
    ROUTE(API_DELETE, "/devices/{id}",                 ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_shut_out, PICTURES_NONE),
    ROUTE(API_POST,   "/devices/{id}/back",            ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, device_let_back, PICTURES_NONE),
    ROUTE(API_GET,    "/policy",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, policy_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/policy",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, policy_change, PICTURES_NONE),
    ROUTE(API_GET,    "/tokens",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, tokens_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/tokens",                       ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, tokens_add, PICTURES_NONE),
    ROUTE(API_DELETE, "/tokens/{id}",                  ACTION_USERS,     SCOPE_WHOLE,    API_BLOCKS, token_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/authority.crt",                ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, authority_get, PICTURES_NONE),
    ROUTE(API_GET,    "/events",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, events_get_all, PICTURES_NONE),
    ROUTE(API_PATCH,  "/events",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, events_change, PICTURES_NONE),
    ROUTE(API_PATCH,  "/events/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, event_change, PICTURES_NONE),
    ROUTE(API_GET,    "/events/{id}/picture.jpg",      ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, event_get_picture, PICTURES_COVERED),
    ROUTE(API_GET,    "/bookmarks",                    ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmarks_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/bookmarks",                    ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmarks_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/bookmarks/{id}",               ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmark_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/bookmarks/{id}",               ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, bookmark_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_get, PICTURES_NONE),
    ROUTE(API_PUT,    "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_take, PICTURES_NONE),
    ROUTE(API_DELETE, "/certificate",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_back, PICTURES_NONE),
    ROUTE(API_POST,   "/certificate/check",            ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, certificate_try, PICTURES_NONE),
    ROUTE(API_GET,    "/site",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/site",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_change, PICTURES_NONE),
    ROUTE(API_GET,    "/site/retention",               ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, site_retention_effect, PICTURES_NONE),
    ROUTE(API_GET,    "/traces",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, traces_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/traces",                       ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, traces_add, PICTURES_NONE),
    ROUTE(API_GET,    "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/traces/{id}",                  ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, trace_delete, PICTURES_NONE),
    ROUTE(API_POST,   "/traces/{id}/sightings",        ACTION_REPLAY,    SCOPE_EACH,     API_BLOCKS, sightings_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/traces/{id}/sightings/{sighting}", ACTION_REPLAY, SCOPE_EACH,    API_BLOCKS, sighting_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/traces/{id}/sightings/{sighting}", ACTION_REPLAY, SCOPE_EACH,    API_BLOCKS, sighting_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/notify",                       ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/notify",                       ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_change, PICTURES_NONE),
    ROUTE(API_POST,   "/notify/test",                  ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, notify_try, PICTURES_NONE),
    ROUTE(API_GET,    "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_get, PICTURES_NONE),
    ROUTE(API_POST,   "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/me/push",                      ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_change, PICTURES_NONE),
    ROUTE(API_DELETE, "/me/push/{id}",                 ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_remove_one, PICTURES_NONE),
    ROUTE(API_POST,   "/me/push/test",                 ACTION_OWN,       SCOPE_WHOLE,    API_BLOCKS, push_try, PICTURES_NONE),
    ROUTE(API_GET,    "/shifts",                       ACTION_DUTY,      SCOPE_WHOLE,    API_BLOCKS, shifts_get, PICTURES_NONE),
    ROUTE(API_PUT,    "/shifts/{day}",                 ACTION_SHIFTS,    SCOPE_WHOLE,    API_BLOCKS, shifts_put, PICTURES_NONE),
    ROUTE(API_DELETE, "/shifts/{day}",                 ACTION_SHIFTS,    SCOPE_WHOLE,    API_BLOCKS, shifts_remove, PICTURES_NONE),
    ROUTE(API_GET,    "/care",                         ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, care_get, PICTURES_NONE),
    ROUTE(API_GET,    "/server/fingerprints",          ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, server_fingerprints, PICTURES_NONE),
    ROUTE(API_GET,    "/server/storage",               ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, server_storage, PICTURES_NONE),
    ROUTE(API_GET,    "/months/{month}",               ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, month_get, PICTURES_NONE),
    ROUTE(API_GET,    "/months/{month}/figures.csv",   ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, month_get_csv, PICTURES_NONE),
    ROUTE(API_GET,    "/months/{month}/places",        ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, month_get_places, PICTURES_NONE),
    ROUTE(API_PUT,    "/months/{month}/criteria/{id}", ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, month_judge, PICTURES_NONE),
    ROUTE(API_GET,    "/criteria",                     ACTION_FIGURES,   SCOPE_WHOLE,    API_BLOCKS, criteria_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/criteria",                     ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criteria_add, PICTURES_NONE),
    ROUTE(API_PATCH,  "/criteria/{id}",                ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criterion_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/criteria/{id}",                ACTION_CRITERIA,  SCOPE_WHOLE,    API_BLOCKS, criterion_delete, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/uptime",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_get_uptime, PICTURES_NONE),
    ROUTE(API_GET,    "/cameras/{id}/papers",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_get_papers, PICTURES_NONE),
    ROUTE(API_PATCH,  "/cameras/{id}/papers",          ACTION_CONFIGURE, SCOPE_CAMERA,   API_BLOCKS, camera_change_papers, PICTURES_NONE),
    ROUTE(API_GET,    "/repairs",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repairs_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/repairs",                      ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repairs_add, PICTURES_NONE),
    ROUTE(API_GET,    "/repairs/{id}",                 ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repair_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/repairs/{id}",                 ACTION_CONFIGURE, SCOPE_WHOLE,    API_BLOCKS, repair_edit, PICTURES_NONE),
    ROUTE(API_GET,    "/reports",                      ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, reports_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/reports",                      ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, reports_tell, PICTURES_NONE),
    ROUTE(API_GET,    "/reports/{id}",                 ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, report_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/reports/{id}",                 ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, report_change, PICTURES_NONE),
    UPLOAD("/reports/{id}/attachments",     ACTION_REPORT,    SCOPE_EACH,     report_file_may_add, report_file_add),
    ROUTE(API_GET,    "/reports/{id}/attachments/{n}", ACTION_REPORT,    SCOPE_EACH,     API_BLOCKS, report_file_get, PICTURES_SENT),
    ROUTE(API_POST,   "/reports/{id}/wishes",          ACTION_REPORTS,   SCOPE_EACH,     API_BLOCKS, report_wish_add, PICTURES_NONE),
    ROUTE(API_DELETE, "/reports/{id}/wishes/{wish}",   ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_wish_end, PICTURES_NONE),
    ROUTE(API_GET,    "/reports/{id}/copy.zip",        ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_copy_get, PICTURES_SENT),
    ROUTE(API_POST,   "/reports/{id}/erasure",         ACTION_PRIVACY,   SCOPE_EACH,     API_BLOCKS, report_erase, PICTURES_NONE),
    ROUTE(API_GET,    "/households",                   ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, households_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/households",                   ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, households_add_one, PICTURES_NONE),
    ROUTE(API_GET,    "/households/near",              ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, households_get_near, PICTURES_NONE),
    ROUTE(API_GET,    "/households/{id}",              ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, household_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/households/{id}",              ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_edit, PICTURES_NONE),
    ROUTE(API_DELETE, "/households/{id}",              ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_revoke, PICTURES_NONE),
    ROUTE(API_GET,    "/households/{id}/contact",      ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, API_BLOCKS, household_get_contact, PICTURES_NONE),
    ROUTE(API_GET,    "/households/{id}/photo",        ACTION_HOUSEHOLDS, SCOPE_EACH,    API_BLOCKS, household_get_photo, PICTURES_SENT),
    UPLOAD("/households/{id}/photo",        ACTION_HOUSEHOLD_PEOPLE, SCOPE_EACH, household_may_put_photo, household_put_photo),
    ROUTE(API_GET,    "/cases",                        ACTION_CASE_READ, SCOPE_EACH,     API_BLOCKS, cases_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/cases",                        ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, cases_open, PICTURES_NONE),
    ROUTE(API_GET,    "/cases/{id}",                   ACTION_CASE_READ, SCOPE_EACH,     API_BLOCKS, case_get, PICTURES_NONE),
    ROUTE(API_PATCH,  "/cases/{id}",                   ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_change, PICTURES_NONE),
    ROUTE(API_POST,   "/cases/{id}/items",             ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_item_add, PICTURES_NONE),
    ROUTE(API_DELETE, "/cases/{id}/items/{n}",         ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_item_remove, PICTURES_NONE),
    ROUTE(API_POST,   "/cases/{id}/holds",             ACTION_CASES,     SCOPE_EACH,     API_BLOCKS, case_hold_add, PICTURES_NONE),
    ROUTE(API_POST,   "/cases/{id}/holds/{hold}/approval", ACTION_HOLD,  SCOPE_EACH,     API_BLOCKS, case_hold_approve, PICTURES_NONE),
    ROUTE(API_POST,   "/cases/{id}/holds/{hold}/release", ACTION_CASES,  SCOPE_EACH,     API_BLOCKS, case_hold_release, PICTURES_NONE),
    ROUTE(API_DELETE, "/cases/{id}/holds/{hold}/release", ACTION_CASES,  SCOPE_EACH,     API_BLOCKS, case_hold_keep, PICTURES_NONE),
    ROUTE(API_GET,    "/public/page",                  ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, public_page_show, PICTURES_NONE),
    ROUTE(API_GET,    "/footage-requests",             ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_requests_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/footage-requests",             ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_requests_add, PICTURES_NONE),
    ROUTE(API_GET,    "/footage-requests/{id}",        ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_request_get, PICTURES_NONE),
    ROUTE(API_POST,   "/footage-requests/{id}/withdrawal", ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_request_withdraw, PICTURES_NONE),
    ROUTE(API_POST,   "/footage-requests/{id}/links",  ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, footage_request_link, PICTURES_NONE),
    ROUTE(API_GET,    "/household-files/{id}",         ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, given_file_get, PICTURES_SENT),
    ROUTE(API_POST,   "/household-files/{id}/evidence", ACTION_HOUSEHOLD_ASK, SCOPE_EACH, API_BLOCKS, given_file_keep, PICTURES_NONE),
    ROUTE(API_GET,    "/public/requests/{id}",         ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_follow, PICTURES_NONE),
    ROUTE(API_POST,   "/public/requests/{id}/answer",  ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_answer, PICTURES_NONE),
    ROUTE(API_POST,   "/public/requests/{id}/files",   ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, given_file_begin, PICTURES_NONE),
    UPLOAD("/public/requests/{id}/files/{n}", ACTION_PUBLIC,  SCOPE_WHOLE,    given_file_may_come, given_file_piece),
    ROUTE(API_DELETE, "/public/requests/{id}/files/{n}", ACTION_PUBLIC,  SCOPE_WHOLE,    API_BLOCKS, given_file_take_back, PICTURES_NONE),
    ROUTE(API_GET,    "/public/report-form",           ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_get, PICTURES_NONE),
    ROUTE(API_POST,   "/public/reports",               ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_send, PICTURES_NONE),
    UPLOAD("/public/reports/{number}/attachments", ACTION_PUBLIC, SCOPE_WHOLE, report_form_may_add, report_form_add),
    ROUTE(API_GET,    "/public/reports/{number}",      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, report_form_follow, PICTURES_NONE),
    ROUTE(API_POST,   "/public/reports/{number}/wishes", ACTION_PUBLIC,  SCOPE_WHOLE,    API_BLOCKS, report_form_wish, PICTURES_NONE),
    ROUTE(API_GET,    "/packages",                     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, packages_get_all, PICTURES_NONE),
    ROUTE(API_POST,   "/packages",                     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, packages_ask, PICTURES_COVERED),
    ROUTE(API_GET,    "/packages/{id}",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get, PICTURES_NONE),
    ROUTE(API_DELETE, "/packages/{id}",                ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_take_back, PICTURES_NONE),
    ROUTE(API_POST,   "/packages/{id}/removal",        ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, package_remove, PICTURES_NONE),
    ROUTE(API_POST,   "/packages/{id}/approval",       ACTION_HOLD,      SCOPE_EACH,     API_BLOCKS, package_decide, PICTURES_NONE),
    ROUTE(API_POST,   "/packages/{id}/copies",         ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_hand, PICTURES_NONE),
    ROUTE(API_DELETE, "/packages/{id}/copies/{n}",     ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_end_link, PICTURES_NONE),
    ROUTE(API_GET,    "/packages/{id}/file",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get_file, PICTURES_APPROVED),
    ROUTE(API_POST,   "/packages/{id}/usb",            ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_to_usb, PICTURES_NONE),
    ROUTE(API_GET,    "/handover/volumes",             ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, handover_volumes, PICTURES_NONE),
    ROUTE(API_GET,    "/packages/{id}/days",           ACTION_EXPORT,    SCOPE_EACH,     API_BLOCKS, package_get_days, PICTURES_NONE),
    ROUTE(API_POST,   "/public/handover",              ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, handover_follow, PICTURES_NONE),
    ROUTE(API_GET,    "/public/handover/{ticket}/file", ACTION_PUBLIC,   SCOPE_WHOLE,    API_BLOCKS, handover_file, PICTURES_APPROVED),
    ROUTE(API_GET,    "/audit",                        ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get, PICTURES_NONE),
    ROUTE(API_GET,    "/audit/marks",                  ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get_marks, PICTURES_NONE),
    ROUTE(API_GET,    "/audit/copies",                 ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get_copies, PICTURES_NONE),
    ROUTE(API_PUT,    "/audit/marks/{id}",             ACTION_JUDGE,     SCOPE_WHOLE,    API_BLOCKS, audit_judge_mark, PICTURES_NONE),
    ROUTE(API_GET,    "/audit.csv",                    ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, audit_get_csv, PICTURES_NONE),
    ROUTE(API_GET,    "/privacy/register",             ACTION_AUDIT,     SCOPE_WHOLE,    API_BLOCKS, privacy_register_get, PICTURES_NONE),
    ROUTE(API_GET,    "/healthz",                      ACTION_PUBLIC,    SCOPE_WHOLE,    API_BLOCKS, health_get, PICTURES_NONE),
    ROUTE(API_GET,    "/metrics",                      ACTION_METRICS,   SCOPE_WHOLE,    API_BLOCKS, metrics_get, PICTURES_NONE),
};
/* clang-format on */
const size_t api_route_count = G_N_ELEMENTS(api_routes);

bool route_forgets_masks(const ApiRoute *route, const ApiCall *call)
{
    const ApiResponse *response = call->response;
    if (response->status >= 400 || route->pictures == PICTURES_SENT ||
        route->pictures == PICTURES_APPROVED)
        return false;
    return route->pictures == PICTURES_COVERED ? !call->masked : access_is_picture(response);
}

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
