import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../shared/model/flow.ts';
import { decodeLine } from '../../../shared/verdicts/decode/reference.ts';

/** The event's time, where the line has none. */
const AT = 1_787_393_730_512;

const flowOf = (text: string): Flow | undefined => {
  const reading = decodeLine(text, { time: AT });
  return reading.kind === 'flow' ? reading.flow : undefined;
};

const outcomeOf = (text: string): string => {
  const reading = decodeLine(text, { time: AT });
  return reading.kind === 'unreadable' ? reading.reason : reading.kind;
};

describe('lines printed by released agents', () => {
  it('form A: agent 0.1.0 to 1.0.2, in the user guide, with an address that lost its last octet', () => {
    expect(
      flowOf(
        '{"level":"info","timestamp":"2023-05-30T16:05:32.573Z","logger":"ebpf-client","msg":"Flow Info: ","Src IP":"192.168.87.155","Src Port":38971,"Dest IP":"64.6.160","Dest Port":53,"Proto":"UDP","Verdict":"ACCEPT"}',
      ),
    ).toEqual({
      time: 1_685_462_732_573,
      source: '192.168.87.155',
      sourcePort: 38_971,
      destination: '64.6.160.0',
      destinationPort: 53,
      protocol: 'UDP',
      verdict: 'ACCEPT',
      repaired: ['destination'],
    });
  });

  it('form A over ICMP has ports 0 (network-policy-agent pull request 58)', () => {
    expect(
      flowOf(
        '{"level":"info","timestamp":"2023-09-12T17:36:37.991Z","logger":"ebpf-client","msg":"Flow Info:  ","Src IP":"192.168.21.79","Src Port":0,"Dest IP":"172.31.54.64","Dest Port":0,"Proto":"ICMP","Verdict":"ACCEPT"}',
      ),
    ).toEqual({
      time: Date.UTC(2023, 8, 12, 17, 36, 37, 991),
      source: '192.168.21.79',
      sourcePort: 0,
      destination: '172.31.54.64',
      destinationPort: 0,
      protocol: 'ICMP',
      verdict: 'ACCEPT',
    });
  });

  it('form B: agent 1.0.4 to 1.2.1 (network-policy-agent issue 100)', () => {
    expect(
      flowOf(
        '{"level":"info","ts":"2023-10-18T09:52:23.319Z","logger":"ebpf-client","msg":"Flow Info:  ","Src IP":"10.255.7.42","Src Port":7979,"Dest IP":"10.255.7.152","Dest Port":33140,"Proto":"TCP","Verdict":"DENY"}',
      ),
    ).toMatchObject({ source: '10.255.7.42', destinationPort: 33_140, verdict: 'DENY' });
  });

  it('form B as a person reformatted it (network-policy-agent issue 127)', () => {
    expect(
      flowOf(
        '{ "level": "info","ts": "2023-11-07T15:45:16.503Z","logger": "ebpf-client","msg": "Flow Info:  ","Src IP": "10.100.0.1","Src Port": 443,"Dest IP": "172.20.121.22","Dest Port": 55464,"Proto": "TCP","Verdict": "DENY" }',
      ),
    ).toMatchObject({ source: '10.100.0.1', sourcePort: 443, destination: '172.20.121.22', verdict: 'DENY' });
  });

  it('form C: agent 1.2.2 to 1.2.7', () => {
    expect(
      flowOf(
        '{"level":"debug","ts":"2026-04-13T21:18:46.888Z","caller":"runtime/asm_amd64.s:1700","msg":"Flow Info: Src IP: 10.0.1.28 Src Port: 55484 Dest IP: 10.0.1.132 Dest Port: 80 Proto TCP Verdict ACCEPT Direction egress"}',
      ),
    ).toEqual({
      time: Date.UTC(2026, 3, 13, 21, 18, 46, 888),
      source: '10.0.1.28',
      sourcePort: 55_484,
      destination: '10.0.1.132',
      destinationPort: 80,
      protocol: 'TCP',
      verdict: 'ACCEPT',
      direction: 'egress',
    });
  });

  it('form D over IPv4: agent 1.3.0 and later, a comma before the tier', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 10.0.1.28 Src Port: 55484 Dest IP: 10.0.1.132 Dest Port: 80 Proto TCP Verdict ACCEPT Direction egress, Tier DEFAULT',
      ),
    ).toMatchObject({ time: AT, direction: 'egress', tier: 'DEFAULT' });
  });

  it('form D over IPv4 without its comma (network-policy-agent issue 462)', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 172.20.0.1 Src Port: 443 Dest IP: 10.116.54.143 Dest Port: 42188 Proto TCP Verdict DENY Direction ingress Tier NETWORK_POLICY',
      ),
    ).toMatchObject({ source: '172.20.0.1', direction: 'ingress', tier: 'NETWORK_POLICY' });
  });

  it('form D over IPv6: colons after every name', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 2001:db8::1 Src Port: 53000 Dest IP: 2001:db8::53 Dest Port: 53 Proto: UDP Verdict: DENY Direction: ingress Tier: DEFAULT',
      ),
    ).toEqual({
      time: AT,
      source: '2001:db8::1',
      sourcePort: 53_000,
      destination: '2001:db8::53',
      destinationPort: 53,
      protocol: 'UDP',
      verdict: 'DENY',
      direction: 'ingress',
      tier: 'DEFAULT',
    });
  });

  it('CloudWatch before 1.3.0: no tier (network-policy-agent issue 175)', () => {
    expect(
      flowOf(
        'Node: ip-10-0-64-172.ap-southeast-1.compute.internal;SIP: 10.0.68.172;SPORT: 4000;DIP: 10.0.74.123;DPORT: 39816;PROTOCOL: TCP;PolicyVerdict: DENY',
      ),
    ).toEqual({
      time: AT,
      node: 'ip-10-0-64-172.ap-southeast-1.compute.internal',
      source: '10.0.68.172',
      sourcePort: 4000,
      destination: '10.0.74.123',
      destinationPort: 39_816,
      protocol: 'TCP',
      verdict: 'DENY',
    });
  });

  it('CloudWatch from 1.3.0: a tier, and an instance id for a name', () => {
    expect(
      flowOf(
        'Node: i-0a3c844322fab4955;SIP: fd00:10::17;SPORT: 41022;DIP: fd00:10::9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY;Tier: BASELINE',
      ),
    ).toMatchObject({
      node: 'i-0a3c844322fab4955',
      source: 'fd00:10::17',
      destination: 'fd00:10::9',
      tier: 'BASELINE',
    });
  });

  it('CloudWatch with blanks after the semicolons and a redacted node (network-policy-agent issue 384)', () => {
    const flow = flowOf(
      'Node: <redacted>; SIP: 10.0.1.2; SPORT: 53912; DIP: 10.0.9.9; DPORT: 53; PROTOCOL: UDP; PolicyVerdict: DENY; ',
    );
    expect(flow).toMatchObject({ source: '10.0.1.2', sourcePort: 53_912, verdict: 'DENY' });
    expect(flow).not.toHaveProperty('node');
  });

  it('CloudWatch lines as `aws logs tail` prints them, with their time before them', () => {
    expect(
      flowOf(
        '2026-08-22T10:15:30.512000+00:00 aws-network-policy-agent-audit-7d3f Node: n1;SIP: 10.0.0.1;SPORT: 1;DIP: 10.0.0.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY',
      ),
    ).toMatchObject({ time: Date.UTC(2026, 7, 22, 10, 15, 30, 512), node: 'n1' });
  });

  it('a protocol of two words', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 10.0.1.28 Src Port: 1 Dest IP: 10.0.1.132 Dest Port: 2 Proto ANY PROTOCOL Verdict DENY Direction egress, Tier ADMIN',
      ),
    ).toMatchObject({ protocol: 'ANY PROTOCOL', verdict: 'DENY' });
    expect(
      flowOf(
        'Node: n;SIP: 1.1.1.1;SPORT: 0;DIP: 2.2.2.2;DPORT: 0;PROTOCOL: ANY PROTOCOL;PolicyVerdict: EXPIRED/DELETED',
      ),
    ).toMatchObject({ protocol: 'ANY PROTOCOL', verdict: 'EXPIRED/DELETED' });
  });

  it('a line that a log shipper wrapped in an object of its own, once', () => {
    const line =
      '{"level":"info","ts":"2026-04-13T21:18:46.888Z","msg":"Flow Info: Src IP: 10.0.1.28 Src Port: 1 Dest IP: 10.0.1.132 Dest Port: 80 Proto TCP Verdict DENY Direction egress"}';
    const wrapped = JSON.stringify({ log: `${line}\n` });
    expect(flowOf(wrapped)).toEqual(flowOf(line));
    expect(outcomeOf(JSON.stringify({ log: wrapped }))).toBe('not-verdict');
  });
});

describe('what no release printed yet', () => {
  it('keeps verdicts, protocols and tiers that it does not know', () => {
    expect(
      flowOf('Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: GRE;PolicyVerdict: AUDIT;Tier: TIER_9'),
    ).toMatchObject({ protocol: 'GRE', verdict: 'AUDIT', tier: 'TIER_9' });
  });

  it('passes over fields that it does not know, and reads a direction where there is one', () => {
    expect(
      flowOf(
        'Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY;Policy: a/b;Direction: egress',
      ),
    ).toMatchObject({ verdict: 'DENY', direction: 'egress' });
  });

  it('reads the verdict of a text that goes on after the tier', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 1.1.1.1 Src Port: 1 Dest IP: 2.2.2.2 Dest Port: 2 Proto TCP Verdict DENY Direction egress, Tier ADMIN, Policy x',
      ),
    ).toMatchObject({ verdict: 'DENY', tier: 'ADMIN' });
  });

  it('leaves out a direction of another word', () => {
    expect(
      flowOf(
        'Flow Info: Src IP: 1.1.1.1 Src Port: 1 Dest IP: 2.2.2.2 Dest Port: 2 Proto TCP Verdict DENY Direction up',
      ),
    ).not.toHaveProperty('direction');
  });
});

describe('lines of something else are not verdicts', () => {
  it.each([
    ['conntrack cleanup', 'Conntrack cleanup Delete - Source IP - 10.0.0.1'],
    ['the agent itself', '{"level":"debug","ts":"2026-04-13T21:18:46.888Z","msg":"Total PolicyEndpoint count: 4"}'],
    ['a blank line', '   '],
    ['an audit event that quotes a verdict', '{"kind":"Event","requestObject":{"data":"x;PolicyVerdict: DENY"}}'],
    ['an audit event that quotes a flow', '{"kind":"Event","annotations":{"msg":"Flow Info: Verdict DENY"}}'],
    ['a message that only mentions one', '{"msg":"no Flow Info: here"}'],
    ['a node by itself', 'Node: ip-10-0-1-5 is ready'],
    ['an array', '[1,2,3]'],
  ])('%s', (_, text) => {
    expect(outcomeOf(text)).toBe('not-verdict');
  });
});

describe('lines that claim to be verdicts and cannot be read', () => {
  it.each([
    ['malformed-json', '{"msg":"Flow Info: '],
    ['unknown-layout', '{"ts":"2026-04-13T21:18:46.888Z","msg":"Flow Info: something new"}'],
    ['unknown-layout', 'I0822 10:15:30 PolicyVerdict: DENY'],
    ['unknown-layout', 'Node: n;no colon;PolicyVerdict: DENY'],
    ['missing-field', 'Node: ip-10-0-22-100.us-west-2.compute.internal;SIP: 10.0.'],
    ['missing-field', '{"ts":"2026-04-13T21:18:46.888Z","msg":"Flow Info:  ","Src IP":"1.1.1.1","Verdict":"DENY"}'],
    [
      'duplicate-field',
      'Node: n;SIP: 1.1.1.1;SIP: 3.3.3.3;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY',
    ],
    ['bad-address', 'Node: n;SIP: X.X.X.X;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY'],
    ['bad-port', 'Node: n;SIP: 1.1.1.1;SPORT: 65536;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY'],
    ['bad-port', 'Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: http;PROTOCOL: TCP;PolicyVerdict: DENY'],
    ['bad-word', 'Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: ;PolicyVerdict: DENY'],
    ['bad-word', `Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: ${'D'.repeat(33)}`],
    ['bad-word', 'Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: D\u001b[31mENY'],
    ['too-long', `Flow Info: ${'x'.repeat(5000)}`],
    ['too-long', `Node: n;SIP: ${'1'.repeat(5000)}`],
    ['binary', 'F\0l\0o\0w\0 \0I\0n\0f\0o\0:\0'],
  ])('%s, case %#', (reason, text) => {
    expect(outcomeOf(text)).toBe(reason);
  });

  it('no-time: neither the line nor what brought it tells one', () => {
    const text = 'Node: n;SIP: 1.1.1.1;SPORT: 1;DIP: 2.2.2.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY';
    expect(decodeLine(text)).toEqual({ kind: 'unreadable', reason: 'no-time' });
  });
});

describe('decodeLine', () => {
  it('prefers the time in the line to that of the event, and keeps the id of the event', () => {
    const text =
      '{"ts":"2026-04-13T21:18:46.888Z","msg":"Flow Info: Src IP: 1.1.1.1 Src Port: 1 Dest IP: 2.2.2.2 Dest Port: 2 Proto TCP Verdict DENY"}';
    expect(decodeLine(text, { time: AT, eventId: '42' })).toMatchObject({
      kind: 'flow',
      flow: { time: Date.UTC(2026, 3, 13, 21, 18, 46, 888), eventId: '42' },
    });
  });

  it('never throws and never keeps text that is not printable', () => {
    const piece = fc.constantFrom(
      'Node: n;',
      'SIP: 1.1.1.1;',
      'SPORT: 1;',
      'DIP: ::1;',
      'DPORT: 2;',
      'PROTOCOL: ',
      ';PolicyVerdict: ',
      ';Tier: ',
      'DENY',
      'Flow Info: ',
      '{"msg":"',
      '"}',
      '\0',
      '\n',
    );
    const text = fc.array(fc.oneof({ weight: 3, arbitrary: piece }, fc.string({ unit: 'binary' })), { maxLength: 16 });
    fc.assert(
      fc.property(text, (pieces) => {
        const reading = decodeLine(pieces.join(''), { time: AT });
        if (reading.kind !== 'flow') return;
        const { protocol, verdict, tier = 'x', node = 'x' } = reading.flow;
        for (const word of [protocol, verdict, tier, node]) expect(word).toMatch(/^[ -~]{1,253}$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no longer than the text is long, whatever the text repeats', () => {
    // Would take minutes if any pattern backtracked over runs of blanks.
    const hostile = `Flow Info: Src IP: 1.1.1.1${' '.repeat(1300)}Src Port: 1${' '.repeat(1300)}Proto${' '.repeat(1300)}`;
    for (let i = 0; i < 2000; i++) expect(outcomeOf(hostile)).toBe('unknown-layout');
  });
});
