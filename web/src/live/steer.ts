// Holds a camera in motion while a key or a button is held: the same command again and again, one
// at a time, and a stop at the end. The server stops it by itself when no more commands come.

export interface Speeds {
  pan?: number;
  tilt?: number;
  zoom?: number;
}

export type Command = Speeds & { ms?: number; stop?: true };

/** again so often, and so long it goes on without: a slow line must not make it stutter */
export const AGAIN_MS = 500;
export const GOES_ON_MS = 1500;

export class Steer {
  private held: Speeds | null = null;
  private busy = false;

  constructor(
    private readonly send: (command: Command) => Promise<unknown>,
    private readonly failed: (problem: unknown) => void,
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  hold(speeds: Speeds): void {
    this.held = speeds;
    if (!this.busy) void this.run();
  }

  release(): void {
    this.held = null;
  }

  /** While held: moves. Then, whatever was told meanwhile: stops once. */
  private async run(): Promise<void> {
    this.busy = true;
    try {
      while (this.held) {
        const speeds = this.held;
        await this.send({ ...speeds, ms: GOES_ON_MS });
        for (let passed = 0; passed < AGAIN_MS && this.held === speeds; passed += 50) await this.wait(50);
      }
      await this.send({ stop: true });
    } catch (problem) {
      this.held = null;
      this.failed(problem);
    } finally {
      this.busy = false;
    }
    if (this.held) void this.run();
  }
}
