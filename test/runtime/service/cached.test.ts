import { describe, expect, it } from 'vitest';
import { cachedByKey, cachedFor, once } from '../../../shared/runtime/service/cached.ts';

const clock = () => {
  let now = 0;
  return { now: () => new Date(now), pass: (ms: number) => void (now += ms) };
};

describe('a value that is kept for a while', () => {
  it('is loaded once for all who ask meanwhile, and again afterwards', async () => {
    const { now, pass } = clock();
    let loads = 0;
    const get = cachedFor(1000, now, () => Promise.resolve((loads += 1)));
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    pass(999);
    expect(await get()).toBe(1);
    pass(1);
    expect(await get()).toBe(2);
  });

  it('is not kept where loading failed', async () => {
    let loads = 0;
    const load = (): Promise<number> => {
      loads += 1;
      return loads === 1 ? Promise.reject(new Error('down')) : Promise.resolve(loads);
    };
    const get = cachedFor(1000, clock().now, load);
    await expect(get()).rejects.toThrow('down');
    expect(await get()).toBe(2);
    loads = 0;
    const open = once(load);
    await expect(open()).rejects.toThrow('down');
    expect([await open(), await open()]).toEqual([2, 2]);
  });

  it('is kept by key', async () => {
    const get = cachedByKey<string>(1000, clock().now);
    expect(await get('a', () => Promise.resolve('1'))).toBe('1');
    expect(await get('a', () => Promise.resolve('2'))).toBe('1');
    expect(await get('b', () => Promise.resolve('3'))).toBe('3');
  });
});
