import check from '../../../shared/checks/network-policy/enforced.ts';
import { checkTester } from '../../support/check-tester.ts';
import { NODES } from './enforced/broken-nodes.ts';
import { SWITCHES } from './enforced/broken-switches.ts';
import { HOLDS } from './enforced/holds.ts';
import { NOT_KNOWN } from './enforced/not-known.ts';
import { LISTED } from './enforced/policed-pods.ts';
import { UNLISTED } from './enforced/unlisted-pods.ts';
import { UNSUPPORTED } from './enforced/unsupported.ts';

checkTester(check, {
  pass: [...HOLDS, ...LISTED],
  fail: [...SWITCHES, ...NODES, ...UNLISTED],
  notApplicable: UNSUPPORTED,
  notEvaluated: NOT_KNOWN,
});
