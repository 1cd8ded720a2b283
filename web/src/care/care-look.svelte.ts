// How it stands with the cameras, asked again and again while somebody looks: on the list of cameras, and on the map.

import { api } from '../api/client';
import type { Camera, Care, RetentionEffect } from '../api/types';
import { problemText } from '../shell/problem-text';
import { site } from '../shell/site.svelte';

const LOOK_MS = 30_000;

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

  /** Looks now and from time to time, until the returned function is called. */
  begin(): () => void {
    void this.look();
    const timer = setInterval(() => void this.look(), LOOK_MS);
    return () => clearInterval(timer);
  }

  private async look() {
    try {
      const [care, room] = await Promise.all([api.get<Care>('/care'), this.withRoom ? api.get<RetentionEffect>('/site/retention') : undefined]);
      this.care = care;
      this.room = room;
      this.error = '';
    } catch (problem) {
      this.error = problemText(problem);
    }
  }
}
