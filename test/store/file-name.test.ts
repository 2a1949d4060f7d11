import { describe, expect, it } from 'vitest';
import { fileName, fileStem, newestRevisions, revisionsOf } from '../../shared/store/file-name.ts';
import { CLUSTER } from '../support/cluster.ts';

const STEM = 'cluster-shop-prod-23d92903724a0fde9f41e104f8ead915a9b49119eb2a82ac194b9ecfe08927f1';

describe('fileStem', () => {
  // Pinned: with another name a cluster's record would not be found, and all of its findings would be opened anew.
  it('is the same for ever', () => {
    expect(fileStem(CLUSTER)).toBe(STEM);
  });

  it('has a digest that tells clusters apart which look the same', () => {
    const names = ['shop-prod', 'Shop-Prod', 'shop_prod', 'shop prod', 'shop-prod '];

    expect(new Set(names.map((name) => fileStem({ ...CLUSTER, name }))).size).toBe(names.length);
    expect(fileStem({ ...CLUSTER, name: 'shop_prod' })).toMatch(/^cluster-shop-prod-/);
  });

  it('does not run parts together', () => {
    const [one, other] = [
      { partition: 'aws', account: '1', region: 'a,b', name: 'c' },
      { partition: 'aws', account: '1', region: 'a', name: 'b,c' },
    ];

    expect(fileStem(one)).not.toBe(fileStem(other));
  });
});

describe('revisions', () => {
  const other = fileStem({ ...CLUSTER, name: 'shop-test' });
  const names = [
    fileName(STEM, 9),
    fileName(STEM, 10),
    fileName(other, 2),
    `${STEM}.tmp`,
    `${STEM}.007.json`,
    `${STEM}.1e3.json`,
  ];

  it('are read as numbers, and the highest is the newest', () => {
    expect(newestRevisions(names)).toEqual(
      new Map([
        [STEM, 10],
        [other, 2],
      ]),
    );
  });

  it('are those of one stem, in the form that is written', () => {
    expect(revisionsOf(names, STEM)).toEqual([9, 10]);
    expect(revisionsOf(names, 'cluster-shop')).toEqual([]);
    expect(fileName(STEM, 10)).toBe(`${STEM}.10.json`);
  });
});
