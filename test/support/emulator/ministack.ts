import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startEmulator, type EmulatorServer } from './server.ts';

const HOME = fileURLToPath(new URL('../../../node_modules/.cache/netpol-warden/ministack', import.meta.url));

/** Where install.sh put the program; undefined where it did not, or was broken off. */
export const ministackProgram = (): string | undefined => {
  const mark = `${HOME}/installed`;
  return existsSync(mark) && readFileSync(mark, 'utf8').startsWith('ministack==') ? `${HOME}/bin/ministack` : undefined;
};

export const MINISTACK_ACCOUNT = '111122223333';

/** MiniStack, an emulator of AWS in one process. No docker socket, so its clusters have no API server. */
export const startMinistack = (program: string): Promise<EmulatorServer> =>
  startEmulator({
    program,
    environment: {
      GATEWAY_PORT: '0',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: MINISTACK_ACCOUNT,
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      HOME: tmpdir(),
      TMPDIR: tmpdir(),
    },
  });
