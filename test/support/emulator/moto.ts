import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Moto {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts moto's server on a free port; it prints the address as soon as it listens. @throws where it ends before */
export const startMoto = async (program: string): Promise<Moto> => {
  const server = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
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
