import { list, mapping, name, text } from '../field';

/** The catalogue of images: other parts of the file refer to the names. */
export const images = list(
  {
    description: 'Images that the site offers; other parts of the file refer to their names.',
    example: [{ name: 'cms-lab', ref: 'registry.example.org/af/cms-lab:2026.10.1' }],
  },
  mapping(
    {
      description: 'An image.',
      example: { name: 'cms-lab', ref: 'registry.example.org/af/cms-lab:2026.10.1' },
    },
    {
      name: name({ description: 'Name of the image in this file, and what users read.', example: 'cms-lab' }),
      ref: text(
        {
          description:
            'Registry, path and full version; a digest may follow. A moving tag would run something else tomorrow.',
          example: 'registry.example.org/af/cms-lab:2026.10.1',
        },
        {
          pattern:
            /^(?:[a-z0-9-]+\.)+[a-z]+(?::\d+)?\/[a-z0-9._/-]+:v?\d+\.\d+\.\d+[\w.-]*(?:@sha256:[0-9a-f]{64})?$/,
          expected:
            'an image with registry, path and full version, such as registry.example.org/af/lab:1.2.3',
        },
      ),
    },
  ),
);
