import type { CallLog } from './calls.ts';

/** Of a call: whose account and where. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The part of an SDK client's middleware stack that recording needs. */
interface Stack {
  clone: () => Stack;
  remove: (name: string) => boolean;
  add: (
    middleware: (
      next: (args: never) => Promise<never>,
      context: { readonly commandName?: string },
    ) => (args: never) => Promise<never>,
    options: { readonly step: 'finalizeRequest'; readonly name: string; readonly priority: 'low' },
  ) => void;
}

/**
 * The same client (its connections, credentials and settings), whose every request made through this view, retries
 * included, is recorded. The client itself stays as it is: audits that run at once share it and count for themselves.
 * @param service prefix of IAM actions: `ec2`.
 */
export const recorded = <T extends object>(
  service: string,
  client: T,
  calls: CallLog,
  { account, region }: Place,
): T => {
  // Every @aws-sdk client has a middlewareStack like this; its own generics cannot be named for all of them at once.
  const stack = (client as unknown as { readonly middlewareStack: Stack }).middlewareStack.clone();
  // It copies every input and output for a logger that is not there.
  stack.remove('loggerMiddleware');
  stack.add(
    (next, context) => (args) => {
      const operation = (context.commandName ?? 'Unknown').replace(/Command$/, '');
      calls.record({ action: `${service}:${operation}`, account, region });
      return next(args);
    },
    { step: 'finalizeRequest', name: 'netpolWardenCallLog', priority: 'low' },
  );
  // An object with the client as its prototype has all that T has.
  return Object.create(client, { middlewareStack: { value: stack } }) as T;
};
