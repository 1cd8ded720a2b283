/* handlers.h — the handlers that routes.c names; one file a resource. */
#pragma once

#include "http/api/call.h"

bool session_create(ApiCall *call, GError **error);
bool session_end(ApiCall *call, GError **error);
bool me_get(ApiCall *call, GError **error);
bool me_change(ApiCall *call, GError **error);

bool sessions_get_own(ApiCall *call, GError **error);
bool sessions_end_others(ApiCall *call, GError **error);
bool session_end_own(ApiCall *call, GError **error);
bool user_get_sessions(ApiCall *call, GError **error);
bool user_end_sessions(ApiCall *call, GError **error);
bool user_end_session(ApiCall *call, GError **error);

bool devices_get_all(ApiCall *call, GError **error);
bool device_enrol(ApiCall *call, GError **error);
bool device_make_code(ApiCall *call, GError **error);
bool device_change(ApiCall *call, GError **error);
bool device_shut_out(ApiCall *call, GError **error);
bool device_let_back(ApiCall *call, GError **error);
bool session_challenge(ApiCall *call, GError **error);
bool session_prove(ApiCall *call, GError **error);

bool totp_begin(ApiCall *call, GError **error);
bool totp_confirm(ApiCall *call, GError **error);
bool totp_off(ApiCall *call, GError **error);
bool recovery_renew(ApiCall *call, GError **error);
bool policy_get(ApiCall *call, GError **error);
bool policy_change(ApiCall *call, GError **error);
/* Somebody who is signed in guesses passwords: answers 429 and frees `trouble`; false: it tells of
 * something else. */
bool answer_guessing(ApiCall *call, GError *trouble);

bool locations_get_all(ApiCall *call, GError **error);
bool locations_add(ApiCall *call, GError **error);
bool location_get(ApiCall *call, GError **error);
bool location_change(ApiCall *call, GError **error);
bool location_remove(ApiCall *call, GError **error);
bool location_get_poster(ApiCall *call, GError **error);

bool map_get(ApiCall *call, GError **error);
bool map_put(ApiCall *call, GError **error);
bool map_remove(ApiCall *call, GError **error);

bool cameras_get_all(ApiCall *call, GError **error);
bool cameras_add(ApiCall *call, GError **error);
bool cameras_nearest(ApiCall *call, GError **error);
bool camera_get(ApiCall *call, GError **error);
bool camera_change(ApiCall *call, GError **error);
bool camera_delete(ApiCall *call, GError **error);
bool camera_get_status(ApiCall *call, GError **error);
bool camera_try(ApiCall *call, GError **error);
bool cameras_find(ApiCall *call, GError **error);
bool live_playlist(ApiCall *call, GError **error);
bool live_part(ApiCall *call, GError **error);
bool cameras_import(ApiCall *call, GError **error);
bool cameras_import_try(ApiCall *call, GError **error);

bool camera_set_clock(ApiCall *call, GError **error);
bool camera_steer(ApiCall *call, GError **error);
bool camera_get_presets(ApiCall *call, GError **error);

bool camera_accept_view(ApiCall *call, GError **error);

bool access_tell(ApiCall *call, GError **error);
bool evidence_prepare(ApiCall *call, GError **error);

bool motion_get(ApiCall *call, GError **error);

bool footage_coverage(ApiCall *call, GError **error);
bool footage_snapshot(ApiCall *call, GError **error);
bool footage_thumbnail(ApiCall *call, GError **error);
bool footage_clip(ApiCall *call, GError **error);
bool footage_playlist(ApiCall *call, GError **error);
bool footage_segment(ApiCall *call, GError **error);
bool footage_h264(ApiCall *call, GError **error);

bool exports_get_all(ApiCall *call, GError **error);
bool exports_add(ApiCall *call, GError **error);
bool export_get(ApiCall *call, GError **error);
bool export_delete(ApiCall *call, GError **error);
bool export_get_file(ApiCall *call, GError **error);

bool packages_get_all(ApiCall *call, GError **error);
bool packages_ask(ApiCall *call, GError **error);
bool package_get(ApiCall *call, GError **error);
bool package_take_back(ApiCall *call, GError **error);
bool package_remove(ApiCall *call, GError **error);
bool package_decide(ApiCall *call, GError **error);
bool package_hand(ApiCall *call, GError **error);
bool package_end_link(ApiCall *call, GError **error);
bool package_get_file(ApiCall *call, GError **error);
bool package_to_usb(ApiCall *call, GError **error);
bool handover_volumes(ApiCall *call, GError **error);
bool package_get_days(ApiCall *call, GError **error);
bool handover_follow(ApiCall *call, GError **error);
bool handover_file(ApiCall *call, GError **error);

bool users_get_all(ApiCall *call, GError **error);
bool users_add(ApiCall *call, GError **error);
bool user_change(ApiCall *call, GError **error);
bool user_disable(ApiCall *call, GError **error);

bool tokens_get_all(ApiCall *call, GError **error);
bool tokens_add(ApiCall *call, GError **error);
bool token_delete(ApiCall *call, GError **error);

bool views_get_all(ApiCall *call, GError **error);
bool views_add(ApiCall *call, GError **error);
bool view_edit(ApiCall *call, GError **error);
bool view_delete(ApiCall *call, GError **error);

bool authority_get(ApiCall *call, GError **error);

bool certificate_get(ApiCall *call, GError **error);
bool certificate_try(ApiCall *call, GError **error);
bool certificate_take(ApiCall *call, GError **error);
bool certificate_back(ApiCall *call, GError **error);

bool site_get(ApiCall *call, GError **error);
bool site_change(ApiCall *call, GError **error);
bool site_retention_effect(ApiCall *call, GError **error);

bool notify_get(ApiCall *call, GError **error);
bool notify_change(ApiCall *call, GError **error);
bool notify_try(ApiCall *call, GError **error);

bool push_get(ApiCall *call, GError **error);
bool push_add(ApiCall *call, GError **error);
bool push_change(ApiCall *call, GError **error);
bool push_remove_one(ApiCall *call, GError **error);
bool push_try(ApiCall *call, GError **error);

bool shifts_get(ApiCall *call, GError **error);
bool shifts_put(ApiCall *call, GError **error);
bool shifts_remove(ApiCall *call, GError **error);

bool events_get_all(ApiCall *call, GError **error);
bool events_change(ApiCall *call, GError **error);
bool event_change(ApiCall *call, GError **error);
bool event_get_picture(ApiCall *call, GError **error);

bool bookmarks_get_all(ApiCall *call, GError **error);
bool bookmarks_add(ApiCall *call, GError **error);
bool bookmark_edit(ApiCall *call, GError **error);
bool bookmark_delete(ApiCall *call, GError **error);

bool camera_get_arrivals(ApiCall *call, GError **error);

bool traces_get_all(ApiCall *call, GError **error);
bool traces_add(ApiCall *call, GError **error);
bool trace_get(ApiCall *call, GError **error);
bool trace_edit(ApiCall *call, GError **error);
bool trace_delete(ApiCall *call, GError **error);
bool sightings_add(ApiCall *call, GError **error);
bool sighting_edit(ApiCall *call, GError **error);
bool sighting_delete(ApiCall *call, GError **error);

bool care_get(ApiCall *call, GError **error);
bool public_page_show(ApiCall *call, GError **error);
bool privacy_register_get(ApiCall *call, GError **error);
bool server_fingerprints(ApiCall *call, GError **error);
bool server_storage(ApiCall *call, GError **error);
bool month_get(ApiCall *call, GError **error);
bool month_get_csv(ApiCall *call, GError **error);
bool criteria_get_all(ApiCall *call, GError **error);
bool criteria_add(ApiCall *call, GError **error);
bool criterion_edit(ApiCall *call, GError **error);
bool criterion_delete(ApiCall *call, GError **error);
bool month_judge(ApiCall *call, GError **error);
bool month_get_places(ApiCall *call, GError **error);
bool camera_get_uptime(ApiCall *call, GError **error);
bool camera_get_papers(ApiCall *call, GError **error);
bool camera_change_papers(ApiCall *call, GError **error);

bool repairs_get_all(ApiCall *call, GError **error);
bool repairs_add(ApiCall *call, GError **error);
bool repair_get(ApiCall *call, GError **error);
bool repair_edit(ApiCall *call, GError **error);

bool masks_get_all(ApiCall *call, GError **error);
bool mask_draw(ApiCall *call, GError **error);
bool mask_change(ApiCall *call, GError **error);
bool mask_ask_end(ApiCall *call, GError **error);
bool mask_keep(ApiCall *call, GError **error);
bool mask_decide_end(ApiCall *call, GError **error);
bool mask_liftings_get_all(ApiCall *call, GError **error);
bool mask_lifting_ask(ApiCall *call, GError **error);
bool mask_lifting_decide(ApiCall *call, GError **error);
bool mask_lifting_end(ApiCall *call, GError **error);

bool pending_get_all(ApiCall *call, GError **error);
bool pending_decide(ApiCall *call, GError **error);
bool pending_withdraw(ApiCall *call, GError **error);

bool reports_get_all(ApiCall *call, GError **error);
bool reports_tell(ApiCall *call, GError **error);
bool report_get(ApiCall *call, GError **error);
bool report_change(ApiCall *call, GError **error);
bool report_file_may_add(ApiCall *call, GError **error);
bool report_file_add(ApiCall *call, GError **error);
bool report_file_get(ApiCall *call, GError **error);
bool report_form_may_add(ApiCall *call, GError **error);
bool report_form_add(ApiCall *call, GError **error);
bool report_form_get(ApiCall *call, GError **error);
bool report_form_send(ApiCall *call, GError **error);
bool report_form_follow(ApiCall *call, GError **error);
bool report_form_wish(ApiCall *call, GError **error);
bool report_wish_add(ApiCall *call, GError **error);
bool report_wish_end(ApiCall *call, GError **error);
bool report_copy_get(ApiCall *call, GError **error);
bool report_erase(ApiCall *call, GError **error);

bool households_get_all(ApiCall *call, GError **error);
bool households_add_one(ApiCall *call, GError **error);
bool households_get_near(ApiCall *call, GError **error);
bool household_get(ApiCall *call, GError **error);
bool household_edit(ApiCall *call, GError **error);
bool household_revoke(ApiCall *call, GError **error);
bool household_get_contact(ApiCall *call, GError **error);
bool household_get_photo(ApiCall *call, GError **error);
bool household_may_put_photo(ApiCall *call, GError **error);
bool household_put_photo(ApiCall *call, GError **error);
bool cases_get_all(ApiCall *call, GError **error);
bool cases_open(ApiCall *call, GError **error);
bool case_get(ApiCall *call, GError **error);
bool case_change(ApiCall *call, GError **error);
bool case_item_add(ApiCall *call, GError **error);
bool case_item_remove(ApiCall *call, GError **error);
bool case_hold_add(ApiCall *call, GError **error);
bool case_hold_approve(ApiCall *call, GError **error);
bool case_hold_release(ApiCall *call, GError **error);
bool case_hold_keep(ApiCall *call, GError **error);

bool footage_requests_get_all(ApiCall *call, GError **error);
bool footage_requests_add(ApiCall *call, GError **error);
bool footage_request_get(ApiCall *call, GError **error);
bool footage_request_withdraw(ApiCall *call, GError **error);
bool footage_request_link(ApiCall *call, GError **error);
bool given_file_get(ApiCall *call, GError **error);
bool given_file_keep(ApiCall *call, GError **error);
bool given_follow(ApiCall *call, GError **error);
bool given_answer(ApiCall *call, GError **error);
bool given_file_begin(ApiCall *call, GError **error);
bool given_file_may_come(ApiCall *call, GError **error);
bool given_file_piece(ApiCall *call, GError **error);
bool given_file_take_back(ApiCall *call, GError **error);

bool audit_get(ApiCall *call, GError **error);
bool audit_get_csv(ApiCall *call, GError **error);
bool audit_get_marks(ApiCall *call, GError **error);
bool audit_get_copies(ApiCall *call, GError **error);
bool audit_judge_mark(ApiCall *call, GError **error);
bool health_get(ApiCall *call, GError **error);
bool metrics_get(ApiCall *call, GError **error);
