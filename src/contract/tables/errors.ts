/** The error envelope's types. Properties stand in wire order. */
import { complex, property } from '../notation.ts';

export const errors = [
  complex('graph.publicError', {}, [
    property('code message target', 'Edm.String'),
    property('details', '[graph.publicErrorDetail]'),
    property('innerError', 'graph.publicInnerError'),
  ]),
  complex('graph.publicErrorDetail', {}, [property('code message target', 'Edm.String')]),
  complex('graph.publicInnerError', { open: true }, [
    property('code', 'Edm.String'),
    property('details', '[graph.publicErrorDetail]'),
    property('message target', 'Edm.String'),
  ]),
];
