// The answers of /api/v1 by the names the app uses; the types themselves are made from
// src/http/api/openapi.yaml by `npm run types`.

import type { components } from './schema';

type Schemas = components['schemas'];

/** RFC 3339, UTC */
export type Time = string;

export type Role = Schemas['Role'];
export const ROLES: readonly Role[] = ['admin', 'commander', 'officer', 'village-head', 'household', 'auditor'];

export type LocationKind = Schemas['LocationKind'];
export const LOCATION_KINDS: readonly LocationKind[] = [
  'crossroads',
  'market',
  'school',
  'gate',
  'alley',
  'bridge',
  'clinic',
  'office',
  'culture-house',
  'relic',
  'other',
];

export type StreamName = 'main' | 'sub';
export type StreamState = Schemas['State'];
export type Health = Schemas['Health'];
export type Me = Schemas['Me'];
export type Location = Schemas['Location'];
export type LocationInput = Schemas['LocationInput'];
export type StreamStatus = Schemas['StreamStatus'];
export type CameraStatus = Schemas['CameraStatus'];
export type Camera = Schemas['Camera'];
export type CameraInput = Schemas['CameraInput'];
export type Transport = Schemas['Transport'];
export const TRANSPORTS: readonly Transport[] = ['auto', 'tcp', 'udp'];
export type NearCamera = Schemas['Near'];
export type Probe = Schemas['Probe'];
export type DeviceProbe = Schemas['DeviceProbe'];
export type FoundDevice = Schemas['FoundDevice'];
export type Coverage = Schemas['Coverage'];
export type Motion = Schemas['Motion'];
export type EventKind = Schemas['EventKind'];
export const EVENT_KINDS: readonly EventKind[] = ['not-recorded', 'storage', 'tamper', 'covered', 'black', 'frozen', 'moved', 'out-of-focus', 'held', 'motion'];
export type Event = Schemas['Event'];
export type EventMark = Schemas['EventMark'];
export type Bookmark = Schemas['Bookmark'];
export type Export = Schemas['Export'];
export type Package = Schemas['Package'];
export type PackageCopy = Schemas['PackageCopy'];
export type Handover = Schemas['Handover'];
export type Trace = Schemas['Trace'];
export type Sighting = Schemas['Sighting'];
export type Verdict = Schemas['Verdict'];
export type Arrival = Schemas['Arrival'];
export type Push = Schemas['Push'];
export type PushChoice = Schemas['PushChoice'];
export type Shift = Schemas['Shift'];
export type ShiftPlan = Schemas['ShiftPlan'];
export type Turn = ShiftPlan['turns'][number];
export type Notify = Schemas['Notify'];
export type User = Schemas['User'];
export type Device = Schemas['Device'];
export type DeviceCode = Schemas['DeviceCode'];
export type SessionInfo = Schemas['SessionInfo'];
export type Care = Schemas['Care'];
export type Month = Schemas['Month'];
export type Criterion = Schemas['Criterion'];
export type CriterionInput = Schemas['CriterionInput'];
export type JudgedCriterion = Month['criteria'][number];
export type MonthPlaces = Schemas['MonthPlaces'];
export type Papers = Schemas['Papers'];
export type Repair = Schemas['Repair'];
export type RepairState = Schemas['RepairState'];
export const REPAIR_STATES: readonly RepairState[] = ['open', 'ordered', 'done', 'dropped'];
export type AuditLine = Schemas['AuditLine'];
export type NumberedCopy = Schemas['NumberedCopy'];
export type AuditMark = Schemas['AuditMark'];
export type GoneMark = Schemas['GoneMark'];
export type Named = Schemas['Named'];
/** The first page also tells whom and which cameras one may ask for. */
export interface AuditPage {
  items: AuditLine[];
  next: string | null;
  people?: Named[];
  cameras?: Named[];
}
export type SiteSettings = Schemas['Site'];
export type ServerCertificate = Schemas['Certificate'];
export type SiteChange = Schemas['SiteChange'];
export type RetentionEffect = Schemas['RetentionEffect'];
export type Policy = Schemas['Policy'];
export type Begun = Schemas['SecondFactorBegun'];
export type Fingerprints = Schemas['Fingerprints'];
export type Storage = Schemas['Storage'];
export type PrivacyRegister = Schemas['PrivacyRegister'];
export type Report = Schemas['Report'];
export type ReportInput = Schemas['ReportInput'];
export type ReportChange = Schemas['ReportChange'];
export type ReportState = Report['state'];
export type ReportSource = NonNullable<ReportInput['source']>;
/** As whoever types it in may choose. */
export const REPORT_SOURCES: readonly ReportSource[] = ['officer', 'patrol', 'phone', 'vneid'];
export type View = Schemas['View'];
export type ViewInput = Schemas['ViewInput'];
export type Household = Schemas['Household'];
export type HouseholdSight = Schemas['HouseholdSight'];
export type HouseholdContact = Schemas['HouseholdContact'];
export type FootageRequest = Schemas['FootageRequest'];
export type HouseholdFile = Schemas['HouseholdFile'];
