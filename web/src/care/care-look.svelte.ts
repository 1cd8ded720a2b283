// How it stands with the cameras, asked again and again while somebody looks: on the list of cameras, and on the map.

import { api } from '../api/client';
import type { Camera, Care, RetentionEffect } from '../api/types';
import { problemText } from '../shell/problem-text';
import { site } from '../shell/site.svelte';

const LOOK_MS = 30_000;
/** What the disks have room for is reckoned over all footage, and changes slowly. */
const ROOM_MS = 600_000;

export class CareLook {
  care = $state.raw<Care>();
  room = $state.raw<RetentionEffect>();
  error = $state('');

  /** `room`: what the disks have room for is asked too. */
  constructor(private readonly withRoom = false) {}

  /** The trouble that goes on for longest, and its camera; none of the latter where it is the server's own. */
  get fault(): { kind: NonNullable<Care['oldest_fault']>['kind']; fromMs: number; camera: Camera | undefined } | null {
    const found = this.care?.oldest_fault;
    if (!found) return null;
    return { kind: found.kind, fromMs: Date.parse(found.from), camera: found.camera ? site.camera(found.camera) : undefined };
  }

  /** Looks now and from time to time, while the page is seen, until the returned function is called. */
  begin(): () => void {
    void this.look();
    if (this.withRoom) void this.measure();
    const timers = [setInterval(() => document.hidden || void this.look(), LOOK_MS)];
    if (this.withRoom) timers.push(setInterval(() => document.hidden || void this.measure(), ROOM_MS));
    return () => timers.forEach(clearInterval);
  }

  private async look() {
    try {
      this.care = await api.get<Care>('/care');
      this.error = '';
    } catch (problem) {
      this.error = problemText(problem);
    }
  }

  /** Without it the summary has one line less. */
  private async measure() {
    this.room = await api.get<RetentionEffect>('/site/retention').catch(() => undefined);
  }
}
