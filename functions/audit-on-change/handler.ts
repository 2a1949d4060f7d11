import { auditOnChangeServices } from '../../shared/compose-service.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './audit-on-change.ts';

export const handler = lambdaHandler('audit-on-change', (process) => makeHandler(auditOnChangeServices(process)));
