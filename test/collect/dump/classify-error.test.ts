import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyError } from '../../../shared/collect/dump/classify-error.ts';

const AWS = (code: string, operation: string, message: string): string =>
  `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\nexit: 254\n`;

const meaningOf = (text: string): string => {
  const failure = classifyError(text);
  return failure.kind === 'absent' ? 'absent' : failure.reason;
};

describe('what a failed call says', () => {
  test.each([
    [AWS('ResourceNotFoundException', 'DescribeAddon', 'No addon: vpc-cni found in cluster: shop'), 'absent'],
    [AWS('ResourceNotFoundException', 'DescribeAddon', 'No cluster found for name: shop.'), 'api-error'],
    [
      AWS('AccessDeniedException', 'DescribeCluster', 'User: x is not authorized to perform: eks:DescribeCluster'),
      'denied',
    ],
    [AWS('UnauthorizedOperation', 'DescribeInstances', 'You are not authorized to perform this operation.'), 'denied'],
    [
      AWS('ExpiredTokenException', 'DescribeCluster', 'The security token included in the request is expired'),
      'denied',
    ],
    [AWS('RequestExpired', 'DescribeImages', 'Request has expired.'), 'denied'],
    [AWS('AuthFailure', 'DescribeImages', 'AWS was not able to validate the provided access credentials'), 'denied'],
    [AWS('ThrottlingException', 'DescribeNodegroup', 'Rate exceeded'), 'throttled'],
    [AWS('RequestLimitExceeded', 'DescribeInstances', 'Request limit exceeded.'), 'throttled'],
    [AWS('TooManyRequestsException', 'DescribeAddon', 'Too Many Requests'), 'throttled'],
    [AWS('ServerException', 'DescribeCluster', 'Forbidden fruit timed out'), 'api-error'],
    [AWS('InvalidParameterException', 'DescribeCluster', 'not a name'), 'api-error'],
    ['Unable to locate credentials. You can configure credentials by running "aws login".\nexit: 253\n', 'denied'],
    ['Error loading SSO Token: Token for corp does not exist\nexit: 255\n', 'denied'],
    ['Error when retrieving token from sso: Token has expired and refresh failed\nexit: 255\n', 'denied'],
    [
      'Could not connect to the endpoint URL: "https://eks.us-west-2.amazonaws.com/clusters/shop"\nexit: 255\n',
      'unreachable',
    ],
    ['Connect timeout on endpoint URL: "https://ec2.us-west-2.amazonaws.com/"\nexit: 255\n', 'unreachable'],
    ['Read timeout on endpoint URL: "https://ec2.us-west-2.amazonaws.com/"\nexit: 255\n', 'unreachable'],
    ['Error from server (NotFound): daemonsets.apps "aws-node" not found\nexit: 1\n', 'absent'],
    ['Error from server (NotFound): configmaps "amazon-vpc-cni" not found\nexit: 1\n', 'absent'],
    ['error: the server doesn\'t have a resource type "policyendpoints"\nexit: 1\n', 'absent'],
    [
      'Error from server (NotFound): Unable to list "networking.k8s.aws/v1alpha1, Resource=policyendpoints": the server could not find the requested resource (get policyendpoints.networking.k8s.aws)\nexit: 1\n',
      'absent',
    ],
    [
      'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes" in API group "" at the cluster scope\nexit: 1\n',
      'denied',
    ],
    ['error: You must be logged in to the server (Unauthorized)\nexit: 1\n', 'denied'],
    [
      'error: You must be logged in to the server (the server has asked for the client to provide credentials)\nexit: 1\n',
      'denied',
    ],
    [
      'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255\nexit: 1\n',
      'denied',
    ],
    [
      'Unable to connect to the server: dial tcp: lookup ABC.gr7.us-west-2.eks.amazonaws.com: no such host\nexit: 1\n',
      'unreachable',
    ],
    ['Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout\nexit: 1\n', 'unreachable'],
    ['Unable to connect to the server: net/http: TLS handshake timeout\nexit: 1\n', 'unreachable'],
    ['Unable to connect to the server: x509: certificate has expired or is not yet valid\nexit: 1\n', 'unreachable'],
    [
      'The connection to the server 10.0.0.1:443 was refused - did you specify the right host or port?\nexit: 1\n',
      'unreachable',
    ],
    [
      'Error from server (Timeout): the server was unable to return a response in the time allotted\nexit: 1\n',
      'unreachable',
    ],
    ['Error from server (TooManyRequests): the server has received too many requests\nexit: 1\n', 'throttled'],
    [
      'Error from server (InternalError): an error on the server ("") has prevented the request from succeeding\nexit: 1\n',
      'api-error',
    ],
    [
      'Error from server (ServiceUnavailable): the server is currently unable to handle the request\nexit: 1\n',
      'api-error',
    ],
    ['Error from server (Expired): The provided continue parameter is too old\nexit: 1\n', 'api-error'],
    ['exit: 124\n', 'unreachable'],
    ['exit: 1\n', 'api-error'],
    ['', 'api-error'],
    ['kubectl: command not found\nexit: 127\n', 'api-error'],
  ])('%s is %s', (text, meaning) => {
    expect(meaningOf(text)).toBe(meaning);
  });

  test('“no such resource type” proves nothing where the types could not be asked for', () => {
    const unauthorised =
      'E1120 09:00:00.1 1 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list: the server has asked for the client to provide credentials"';
    expect(meaningOf(`${unauthorised}\nerror: the server doesn't have a resource type "nodeclasses"\nexit: 1\n`)).toBe(
      'denied',
    );
  });

  test('an aggregated API of somebody else that is down does not hide that a type is absent', () => {
    const noise =
      "E1120 09:00:00.1 1 memcache.go:287] couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request: dial tcp: i/o timeout";
    expect(meaningOf(`${noise}\nerror: the server doesn't have a resource type "nodeclasses"\nexit: 1\n`)).toBe(
      'absent',
    );
    expect(
      meaningOf(
        `${noise.replace('metrics.k8s.io/v1beta1', 'eks.amazonaws.com/v1')}\nerror: the server doesn't have a resource type "nodeclasses"\nexit: 1\n`,
      ),
    ).toBe('unreachable');
  });

  test('kubectl’s own throttling note is not the server’s', () => {
    const note =
      'I1120 09:00:00.1 1 request.go:752] "Waited before sending request" delay="1s" reason="due to client-side throttling, not priority and fairness"';
    expect(meaningOf(`${note}\nError from server (Forbidden): pods is forbidden\nexit: 1\n`)).toBe('denied');
    expect(meaningOf(`${note}\nexit: 1\n`)).toBe('api-error');
  });

  test('of several attempts the last decides', () => {
    const text = `${AWS('ThrottlingException', 'DescribeCluster', 'Rate exceeded')}${AWS('AccessDeniedException', 'DescribeCluster', 'no')}`;
    expect(meaningOf(text)).toBe('denied');
  });

  test('the detail is what was said, on one line, without the exit status', () => {
    expect(
      classifyError('Error from server (Forbidden): nodes is forbidden\u001B[31m:\n  User "x"\nexit: 1\n'),
    ).toEqual({
      kind: 'unobserved',
      reason: 'denied',
      detail: String.raw`Error from server (Forbidden): nodes is forbidden\u{1b}[31m: User "x"`,
    });
    expect(classifyError('exit: 3\n').detail).toBe('no message, exit status 3');
  });

  test('any text is classified within the bound', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        expect(classifyError(text).detail.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
