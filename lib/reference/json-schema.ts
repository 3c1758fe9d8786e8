import { z } from 'zod';
import { fieldFacts } from '../site/field';
import { SiteSchema } from '../site/schema';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema of site.yaml, for the editor: what a value is before it is parsed. */
export function siteJsonSchema(): JsonSchema {
  return z.toJSONSchema(SiteSchema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const expected = zodSchema instanceof z.ZodType ? fieldFacts.get(zodSchema)?.expected : undefined;
      const isOne = !(zodSchema instanceof z.ZodObject || zodSchema instanceof z.ZodDiscriminatedUnion);
      // Editors show this text instead of a regular expression.
      if (isOne && expected !== undefined && jsonSchema.description !== undefined)
        jsonSchema.description += ` (${expected})`;
    },
  });
}
