// The server's rule for passwords, told before it is asked.

export const PASSWORD_LEAST = 10;

export type PasswordFault = '' | 'short' | 'different';

export function passwordFault(password: string, again: string): PasswordFault {
  if ([...password].length < PASSWORD_LEAST) return 'short';
  return password === again ? '' : 'different';
}
