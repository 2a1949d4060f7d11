import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { auditClusterServices } from '../../shared/compose-service.ts';
import { lambdaHandler } from '../../shared/runtime/lambda/handler.ts';
import { makeHandler } from './audit-cluster.ts';

export const handler = lambdaHandler('audit-cluster', (process) =>
  makeHandler({ ...auditClusterServices(process), catalogue: CATALOGUE }),
);
