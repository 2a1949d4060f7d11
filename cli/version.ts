export { VERSION } from '../shared/runtime/version.ts';
