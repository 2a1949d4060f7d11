import { watchVerdictsServices } from '../../shared/compose-service.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './watch-verdicts.ts';

export const handler = lambdaHandler('watch-verdicts', (process) => makeHandler(watchVerdictsServices(process)));
