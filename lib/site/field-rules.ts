/** Rules on the file and on single fields, by id, with what goes wrong without them. */
export const FIELD_RULES: Readonly<Record<string, string>> = {
  'AF-SITE-01': 'A file in another encoding than UTF-8 gives names with strange letters in them.',
  'AF-SITE-02': 'A file that is empty or no mapping is no site.',
  'AF-SITE-03': 'What is not YAML cannot be read.',
  'AF-SITE-04': 'Of a key that is there twice, one value is silently lost.',
  'AF-SITE-05':
    'Anchors, aliases, merge keys, tags and directives make a line mean something that stands elsewhere.',
  'AF-SITE-06': 'An unknown key is a typo: what it was to say would silently not hold.',
  'AF-SITE-07': 'A value that has no sound default must be stated.',
  'AF-SITE-08': 'A value of another type than the field has.',
  'AF-SITE-09': 'A value of the right type that is outside the range or form of the field.',
  'AF-SITE-10': 'A site is found by its folder: its name must be the same.',
  'AF-SITE-13': 'An entry that is in a list twice is there by mistake: most often another one was meant.',
};
