import { startEmulator, type EmulatorServer } from './server.ts';

export type Moto = EmulatorServer;

/** Moto's server. @param program printed by install.sh */
export const startMoto = (program: string): Promise<Moto> =>
  startEmulator({ program, args: ['-H', '127.0.0.1', '-p', '0'] });
