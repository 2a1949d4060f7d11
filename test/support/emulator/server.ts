import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that emulates AWS, running. */
export interface EmulatorServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface EmulatorCommand {
  readonly program: string;
  readonly args?: readonly string[];
  /** Beside PATH. */
  readonly environment?: { readonly [name: string]: string };
}

/** Starts it on a free port, whose address it prints as soon as it listens. @throws where it ends before */
export const startEmulator = async ({ program, args = [], environment }: EmulatorCommand): Promise<EmulatorServer> => {
  const server = spawn(program, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(environment === undefined ? {} : { env: { PATH: process.env['PATH'], ...environment } }),
  });
  const ended = once(server, 'exit');
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`${program} ended with ${code ?? 'a signal'}: ${lines.join('\n')}`)));
    createInterface({ input: server.stderr }).on('line', (line) => {
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
      // What it prints of each request later is of no use.
      else if (lines.length < 100) lines.push(line);
    });
  });
  return {
    url,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
};
