import { DomainError } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { SignInSessions } from './sign-in-sessions.ts';

/** Values that outlive a restart, on a disk that may be full. */
class Disk {
  readonly values = new Map<string, string>();
  isFull = false;
  // oxlint-disable-next-line typescript/no-explicit-any -- only the values of a snapshot are read
  readonly snapshot: any = { values: this.values };
  async setValue(key: string, value: string): Promise<void> {
    if (this.isFull) throw new DomainError('cannot-commit', 'full');
    this.values.set(key, value);
  }
}

const claim = { terminal: 'term_x', epoch: 1 };

describe('the sign-ins of a terminal', () => {
  it('follow each other, each naming the one before, over restarts', async () => {
    const disk = new Disk();
    const first = await new SignInSessions(disk, claim).next();
    expect(first).toMatchObject({ counter: 1, prev: null });
    const sessions = new SignInSessions(disk, claim);
    await sessions.answered(first);
    const second = await sessions.next();
    expect(second).toMatchObject({ counter: 2, prev: first.mark, machine: first.machine });
    await sessions.answered(second);
    expect(await new SignInSessions(disk, claim).next()).toMatchObject({ counter: 3, prev: second.mark });
  });

  it('are asked again as they were when the answer got lost, also after a restart in between', async () => {
    const disk = new Disk();
    const sessions = new SignInSessions(disk, claim);
    const first = await sessions.next();
    expect(await sessions.next()).toEqual(first);
    expect(await new SignInSessions(disk, claim).next()).toEqual(first);
  });

  it('stay at the last one while the disk takes nothing, and go on from there', async () => {
    const disk = new Disk();
    const sessions = new SignInSessions(disk, claim);
    const first = await sessions.next();
    await sessions.answered(first);
    disk.isFull = true;
    expect(await sessions.next()).toEqual(first);
    expect(await new SignInSessions(disk, claim).next()).toEqual(first);
    disk.isFull = false;
    expect(await sessions.next()).toMatchObject({ counter: 2, prev: first.mark });
  });

  it('begin anew with a claim', async () => {
    const disk = new Disk();
    const sessions = new SignInSessions(disk, claim);
    await sessions.answered(await sessions.next());
    expect(await new SignInSessions(disk, { ...claim, epoch: 2 }).next()).toMatchObject({ counter: 1, prev: null });
  });
});
