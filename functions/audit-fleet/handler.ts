import { auditFleetServices } from '../../shared/compose-service.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './audit-fleet.ts';

export const handler = lambdaHandler('audit-fleet', (process) => makeHandler(auditFleetServices(process)));
