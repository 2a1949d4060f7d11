import { publishFindingsServices } from '../../shared/compose-service-publish.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './publish-findings.ts';

export const handler = lambdaHandler('publish-findings', (process) => makeHandler(publishFindingsServices(process)));
