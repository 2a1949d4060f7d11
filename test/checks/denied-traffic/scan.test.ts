import check from '../../../shared/checks/denied-traffic/scan.ts';
import { checkTester } from '../../support/check-tester.ts';
import { facts } from '../../support/cluster.ts';
import { evidenceOf, nothingRead, READING, signal, traffic } from './traffic.ts';

const active = signal('scan', 'flow');
const ended = signal('scan', 'flow', {
  status: 'cleared',
  values: { what: 'shop/web (Deployment) was denied something, and that has stopped.' },
});

checkTester(check, {
  pass: [
    {
      name: 'the signal was cleared: its finding is resolved, with the proof of quiet',
      facts: facts({ 'verdicts.denied-traffic': traffic({ signals: [ended] }) }),
      expected: [
        {
          resource: 'shop/web (Deployment)',
          message: 'ended',
          text: 'shop/web (Deployment) was denied something, and that has stopped.',
          evidence: evidenceOf('scan', '0123456789abcdef'),
        },
      ],
    },
  ],
  fail: [
    {
      name: 'a signal of this kind is active; one of another kind is left to its own check',
      facts: facts({ 'verdicts.denied-traffic': traffic({ signals: [active, signal('spike', 'flow')] }) }),
      expected: [
        {
          resource: 'shop/web (Deployment)',
          message: 'active',
          text: 'shop/web (Deployment) is denied something.',
          evidence: evidenceOf('scan', '0123456789abcdef'),
          grades: ['observed', 'observed'],
        },
      ],
    },
    {
      name: 'the signal is active still, and this time not one verdict was read',
      facts: facts({ 'verdicts.denied-traffic': nothingRead({ signals: [active] }) }),
      expected: [{ resource: 'shop/web (Deployment)', message: 'active' }],
    },
  ],
  notApplicable: [
    {
      name: 'verdicts were read and none raised this signal',
      facts: facts({ 'verdicts.denied-traffic': traffic({ signals: [signal('spike', 'flow')] }) }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'none',
          text: 'Nobody is denied at many destinations or ports: 1200 verdicts were read, 37 of them denials; reporting nodes: 2; unreadable lines: 0',
          evidence: READING,
        },
      ],
    },
  ],
  notEvaluated: [
    {
      name: 'not one verdict was read: that nothing is denied is not proven',
      facts: facts({ 'verdicts.denied-traffic': nothingRead() }),
      expected: [
        {
          resource: 'shop-prod',
          message: 'nothing-read',
          text: 'No verdict was read from the log (3 lines): that nothing is denied is not proven',
          missing: ['verdicts.denied-traffic'],
        },
      ],
    },
    {
      name: 'the log path is known not to exist',
      facts: facts({ 'verdicts.denied-traffic': 'absent' }),
      expected: [{ resource: 'shop-prod', message: 'no-log-path', missing: ['verdicts.denied-traffic'] }],
    },
    {
      name: 'nobody read the log',
      facts: facts({}),
      expected: [{ resource: 'shop-prod', message: 'facts-missing', missing: ['verdicts.denied-traffic'] }],
    },
  ],
});
