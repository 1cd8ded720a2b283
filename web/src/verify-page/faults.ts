// What is wrong, where, as codes: the words are in the texts, and in English those of `vonglau verify`.

export type Params = Record<string, string | number>;

export interface Fault {
  /** verify.fault.<code> says it */
  code: string;
  params: Params;
  /** the file within the package; '': the package itself */
  file: string;
  /** id; '': of none */
  camera: string;
  /** microseconds; both 0: no time can be named */
  from: number;
  to: number;
}

export interface Where {
  file?: string;
  camera?: string;
  from?: number;
  to?: number;
}

/** Who puts so many faults into a package is told no more of them. */
export const FAULTS_MOST = 5000;

/** The check ended early: nothing behind it would say more. */
export class TooManyFaults extends Error {}

export class Faults {
  readonly all: Fault[] = [];

  add(code: string, where: Where = {}, params: Params = {}): void {
    if (this.all.length === FAULTS_MOST) throw new TooManyFaults();
    this.all.push({ code, params, file: '', camera: '', from: 0, to: 0, ...where });
  }

  get count(): number {
    return this.all.length;
  }
}
