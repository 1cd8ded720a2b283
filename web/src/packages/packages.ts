// Evidence packages: asked for, approved by a second person, made, handed over in numbered copies.

import { api, apiUrl, file, Problem } from '../api/client';
import type { Package, PackageCopy } from '../api/types';
import type { Case, CaseItem } from '../cases/types';
import type { Area } from '../playback/area';
import { LONGEST_MS as REDACTED_LONGEST_MS, type RedactionAsked } from '../redact/boxes';
import { bytesText } from '../shell/amounts';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';

export const REASON_LEAST = 3;
export const REASON_MOST = 200;
export const BASIS_LEAST = 3;
export const BASIS_MOST = 300;
export const BASES_MOST = 12;
export const CASE_MOST = 40;
export const RECEIVER_MOST = 200;
export const WORDS_MOST = 300;
export const SPAN_MOST_MS = 31 * 86_400_000;
export const REDACTED_MOST = 8;
export const CERTIFICATES_MOST = 64;
export const LINK_DAYS_MOST = 30;
export const LINK_DOWNLOADS_MOST = 20;
const APPROVE_WITHIN_MS = 86_400_000;

export interface Who {
  id: string | undefined;
  /** has the right to approve */
  approves: boolean;
}

export const isOpen = ({ state }: Package) => state === 'asked' || state === 'waiting';

/** It waits for a second person, whoever that is. */
export const isUndecided = ({ state, approval, decided_at }: Package) => !decided_at && (state === 'asked' || (approval === 'within-24h' && (state === 'waiting' || state === 'done')));

export const isOwn = ({ asked_by }: Package, who: Who) => asked_by !== null && asked_by.id === who.id;

export const mayDecide = (one: Package, who: Who) => who.approves && isUndecided(one) && !isOwn(one, who);

/** What is not over is taken back by whoever asked; those who approve may drop what is made too. */
export const mayDrop = (one: Package, who: Who) => (isOpen(one) && (who.approves || isOwn(one, who))) || (one.state === 'done' && who.approves);

/** Until when a package that was made without approval is to be approved. */
export const approveBy = ({ asked_at }: Package) => Date.parse(asked_at) + APPROVE_WITHIN_MS;

/** A household has taken back what is in it. */
export const isTakenBack = ({ given }: Package) => given.some(({ taken_back }) => taken_back);

/** A certificate that is in it was rejected, or not approved in time: it is not approved, and does not leave. */
export const hasRefused = ({ certificates }: Package) => certificates.some(({ refused }) => refused);

/** What is in it stands, so that a second person may approve it. */
export const isApprovable = (one: Package) => !isTakenBack(one) && !hasRefused(one);

export type Group = 'decide' | 'open' | 'ready' | 'over';
export const GROUPS: readonly Group[] = ['decide', 'open', 'ready', 'over'];

export function groupOf(one: Package, who: Who): Group {
  if (mayDecide(one, who)) return 'decide';
  if (isOpen(one)) return 'open';
  return one.state === 'done' ? 'ready' : 'over';
}

/** In the order of GROUPS, without empty ones. */
export const grouped = (all: Package[], who: Who) => GROUPS.map((group) => ({ group, packages: all.filter((one) => groupOf(one, who) === group) })).filter(({ packages }) => packages.length > 0);

export function stateText(one: Package): string {
  if (one.verdict && one.may_leave) return t(`negative.verdict.${one.verdict}`);
  if (one.state === 'done' && !one.may_leave) return t(isTakenBack(one) ? 'package.state.takenBack' : hasRefused(one) ? 'package.state.refused' : 'package.state.late');
  if (one.state !== 'waiting' || !one.progress) return t(`package.state.${one.state}`);
  const { redacted, done, total } = one.progress;
  if (total === 0 && redacted > 0) return t('package.state.redacting', { percent: Math.floor(redacted * 100) });
  return total > 0 ? t('package.state.making', { done: bytesText(done), total: bytesText(total) }) : t('package.state.preparing');
}

/** A copy of some of it with parts made unrecognisable. */
export interface Redacted extends RedactionAsked {
  camera: string;
  from: number;
  to: number;
}

/** The laws that a site offers, a line each. */
export const basesOf = (lines = ''): string[] => [...new Set(lines.split('\n').map((line) => line.trim()))].filter(Boolean);

export interface Wish {
  number: string;
  reason: string;
  /** by which law; of a certificate it is not asked */
  basis: string;
  cameras: string[];
  from: number;
  to: number;
  /** of a certificate that nothing moved: drawn on the pictures of some of its cameras */
  regions?: Record<string, Area>;
  redacted: Redacted[];
  /** ids of files that households gave */
  given: string[];
  /** ids of negative certificates of the case that go along; null: as the server thinks, all of them */
  certificates: string[] | null;
  /** some of its cameras have masks, and it is said that originals show what lies under them */
  masked: boolean;
  unmasked: boolean;
}

export type Lack = 'case' | 'reason' | 'basis' | 'cameras' | 'span' | 'unmasked';

/** What is missing or wrong, the first of it. */
export function lackOf({ number, reason, basis, cameras, from, to, given, regions, masked, unmasked }: Wish, now: number): Lack | '' {
  if (cameras.length === 0 && given.length === 0) return 'cameras';
  if (!(from < to) || to - from > SPAN_MOST_MS || from >= now || to > now) return 'span';
  if (!number.trim()) return 'case';
  if (reason.trim().length < REASON_LEAST) return 'reason';
  if (!regions && basis.trim().length < BASIS_LEAST) return 'basis';
  return masked && !unmasked ? 'unmasked' : '';
}

/** Corners as the server takes them, of the cameras that are asked about. */
export const cornersOf = (cameras: string[], regions: Record<string, Area>) =>
  cameras.flatMap((camera) => {
    const area = regions[camera];
    return area ? [{ camera, corners: [area.left, area.top, area.right, area.bottom] }] : [];
  });

const spanOf = ({ from, to }: { from: number; to: number }) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** A redacted copy is of the whole span, which is not too long for one. */
export const mayRedact = (from: number, to: number) => from < to && to - from <= REDACTED_LONGEST_MS;

/** Those that still are of a camera and of the span that is asked for. */
export const standing = (all: Redacted[], cameras: string[], from: number, to: number) => all.filter((one) => cameras.includes(one.camera) && one.from >= from && one.to <= to);

export const askPackage = ({ number, reason, basis, cameras, from, to, redacted, given, certificates, regions, unmasked }: Wish, key: string) =>
  api.post<Package>('/packages', {
    case: number.trim(),
    reason: reason.trim(),
    cameras,
    ...spanOf({ from, to }),
    key,
    ...(redacted.length > 0 ? { redact: redacted.map((one) => ({ ...one, ...spanOf(one) })) } : {}),
    ...(given.length > 0 ? { given } : {}),
    ...(certificates ? { certificates } : {}),
    ...(unmasked ? { unmasked } : {}),
    ...(regions ? { certificate: { regions: cornersOf(cameras, regions) } } : { basis: basis.trim().replace(/\s+/g, ' ') }),
  });

/** How many are asked for at a time. */
export const PAGE = 50;
export const listPackages = (cursor: string, signal?: AbortSignal) =>
  api.get<{ items: Package[]; next: string | null }>(`/packages?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, signal);

export const getPackage = (id: string, signal?: AbortSignal) => api.get<Package>(`/packages/${encodeURIComponent(id)}`, signal);
export const decidePackage = (id: string, approve: boolean, words = '') => api.post<Package>(`/packages/${id}/approval`, { approve, ...(words ? { words } : {}) });
export const dropPackage = (id: string) => api.delete<Package>(`/packages/${id}`);

/** One that is made, for a reason, which the log keeps. */
export const removePackage = (id: string, reason: string) => api.post<Package>(`/packages/${id}/removal`, { reason });
export const endLink = (id: string, n: number) => api.delete<Package>(`/packages/${id}/copies/${n}`);
export const fileUrl = (id: string, n: number) => apiUrl(`/packages/${id}/file`, { copy: n });

/** What leads copies of a package up to the roots of their days, saved as a file of a few kB for whoever has one. */
export async function saveDayProofs({ id, number }: Pick<Package, 'id' | 'number'>): Promise<void> {
  const address = URL.createObjectURL((await file(apiUrl(`/packages/${id}/days`))).blob);
  const link = Object.assign(document.createElement('a'), { href: address, download: `${number}-days.jsonl` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export interface Handed {
  n: number;
  package: Package;
  link?: string;
}

/** The same `key` is the same copy: it was handed over already, and its answer was lost. */
export const handOver = (id: string, receiver: string, link: { days: number; downloads: number } | null, key: string) =>
  api.post<Handed>(`/packages/${id}/copies`, { receiver: receiver.trim(), medium: link ? 'link' : 'download', key, ...(link ? { link } : {}) });

/** A stick at the server. */
export interface Stick {
  name: string;
  free: number;
  total: number;
}
export const sticks = () => api.get<{ items: Stick[] }>('/handover/volumes').then(({ items }) => items);
/** Begins the copy; `usb` of the package tells how far it is. */
export const copyToStick = (id: string, volume: string, receiver: string, seal: string) =>
  api.post<Package>(`/packages/${id}/usb`, { volume, receiver: receiver.trim(), ...(seal.trim() ? { seal: seal.trim() } : {}) });

/** Is what was typed for a link within its bounds? */
export const linkFits = ({ days, downloads }: { days: number; downloads: number }) =>
  Number.isInteger(days) && days >= 1 && days <= LINK_DAYS_MOST && Number.isInteger(downloads) && downloads >= 1 && downloads <= LINK_DOWNLOADS_MOST;

export const isLink = ({ medium }: PackageCopy) => medium === 'link';

export function refusalText(error: unknown): string {
  const known = { 'own-package': 'package.own', 'no-such-case': 'package.refused.no-such-case', 'case-over': 'package.refused.case-over', 'taken-back': 'package.takenBack', 'certificate-gone': 'package.refused.certificate-gone' } as const;
  const code = error instanceof Problem ? error.code : '';
  return code in known ? t(known[code as keyof typeof known]) : problemText(error);
}

/** The page that asks for a package of this footage, for the case of this number. */
export function askAddress(cameras: string[], from: number, to: number, number = '', negative = false): string {
  const about = { cameras: cameras.join(','), from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...(number ? { case: number } : {}) };
  return `/packages/new?${new URLSearchParams({ ...about, ...(negative ? { negative: '1' } : {}) })}`;
}

/** Packages of a case; more than a page of them nobody asks for. */
export const packagesOf = (number: string) => api.get<{ items: Package[] }>(`/packages?limit=200&case=${encodeURIComponent(number)}`).then(({ items }) => items);

/** Negative certificates of a case that may be handed over, oldest first; as many of the newest as go along. */
export const certificatesOf = (number: string) =>
  number ? packagesOf(number).then((all) => all.filter(({ certificate, may_leave }) => certificate && may_leave).slice(0, CERTIFICATES_MOST).reverse()) : Promise.resolve([]);

/** What households gave for a case and was kept as evidence. */
export const givenOf = (number: string) =>
  number
    ? api.get<Case>(`/cases/${encodeURIComponent(number)}`).then(({ items = [] }) => items.filter((one): one is CaseItem & { file: string } => one.kind === 'household-file' && one.file !== undefined))
    : Promise.resolve([]);

export interface Footage {
  cameras: string[];
  from: number;
  to: number;
}

/** What was found for a case: its cameras, from the first moment to the last; without any, when the case happened. */
export function footageOf({ items = [], from, to }: Pick<Case, 'items' | 'from' | 'to'>): Footage {
  const found = items.filter(({ kind, camera, from: begin, to: end }) => kind === 'footage' && camera && begin && end);
  if (found.length === 0) return { cameras: [], from: Date.parse(from), to: Date.parse(to) };
  return {
    cameras: [...new Set(found.map(({ camera }) => camera!))],
    from: Math.min(...found.map((one) => Date.parse(one.from!))),
    to: Math.max(...found.map((one) => Date.parse(one.to!))),
  };
}
