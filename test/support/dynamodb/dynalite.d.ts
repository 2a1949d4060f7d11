/** https://github.com/architect/dynalite: no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** A directory; in memory where absent. */
    readonly path?: string;
    /** How long a table takes to be created, in milliseconds. */
    readonly createTableMs?: number;
  }

  const dynalite: (options: DynaliteOptions) => Server;
  export default dynalite;
}
