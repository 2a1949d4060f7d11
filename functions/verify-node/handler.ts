import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { verifyNodeServices } from '../../shared/compose-service.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './verify-node.ts';

export const handler = lambdaHandler('verify-node', (process) =>
  makeHandler({ ...verifyNodeServices(process), catalogue: CATALOGUE }),
);
