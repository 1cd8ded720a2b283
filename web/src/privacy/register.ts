// The register of data protection as people read it. Nothing here knows the page.

import type { PrivacyRegister } from '../api/types';
import { t, tCode } from '../texts/texts.svelte';

export type Kept = PrivacyRegister['kinds'][number];

const days = (n: number) => (n === 0 ? t('register.forEver') : t('register.days', { n }));

/** How long data of a kind are kept, a sentence each. */
export function keptText(one: Kept): string[] {
  if (one.kind === 'footage' || one.kind === 'audio' || one.kind === 'event-pictures') {
    const span = one.keep_days_least !== undefined && one.keep_days_most !== undefined && one.keep_days_least !== one.keep_days_most;
    return [days(one.keep_days ?? 0), ...(span ? [t('register.spanOfCameras', { least: one.keep_days_least!, most: one.keep_days_most! })] : []), ...(one.kind === 'footage' ? [t('register.held')] : [])];
  }
  if (one.kind === 'reports') return [t('register.answered', { keep: days(one.keep_days ?? 0) }), t('register.rejected', { keep: days(one.keep_rejected_days ?? 0) })];
  if (one.kind === 'household-files') return [t('register.keep.household-files', { keep: days(one.keep_days ?? 0) })];
  return [t(`register.keep.${one.kind}`)];
}

/** Who may what with it: "Xem trực tiếp: quản trị, chỉ huy". */
export function rightsText(one: Kept): string[] {
  return one.rights.map(({ right, roles }) => `${tCode('register.right', right, right)}: ${roles.map((role) => t(`role.${role}`)).join(', ')}`);
}
