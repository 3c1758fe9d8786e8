import { z } from 'zod';
import { autoscaling } from './schema/autoscaling';
import { certificates } from './schema/certificates';
import { cluster } from './schema/cluster';
import { dask } from './schema/dask';
import { experiments } from './schema/experiments';
import { htcondor } from './schema/htcondor';
import { identity } from './schema/identity';
import { images } from './schema/images';
import { jupyterhub } from './schema/jupyterhub';
import { users } from './schema/login';
import { monitoring } from './schema/monitoring';
import { nodePools } from './schema/node-pools';
import { spark } from './schema/spark';
import { storage } from './schema/storage';

/** All that an admin may say in site.yaml: the only definition of it. */
export const SiteSchema = z
  .strictObject({
    schemaVersion: z
      .literal(1)
      .meta({ description: 'Version of the vocabulary of this file.', examples: [1] }),
    site: identity,
    cluster,
    nodePools,
    experiments: experiments.default([]),
    identity: users.optional(),
    certificates: certificates.optional(),
    storage: storage.optional(),
    monitoring: monitoring.optional(),
    autoscaling: autoscaling.optional(),
    images: images.default([]),
    htcondor: htcondor.optional(),
    jupyterhub: jupyterhub.optional(),
    dask: dask.optional(),
    spark: spark.optional(),
  })
  .meta({
    title: 'An Analysis Facility',
    description: 'One site: its facts and its choices. Everything else is derived.',
  });

/** A site without a mistake in any single field, every default filled in. */
export type Site = z.output<typeof SiteSchema>;
