/**
 * Well-known text of geography and geometry literals; it is checked and kept as text.
 *
 *     fullShape  = "SRID=" 1*5DIGIT ";" shape
 *     shape      = "Point" point / "LineString" line / "Polygon" polygon
 *                / "MultiPoint(" [ point *( "," point ) ] ")"
 *                / "MultiLineString(" [ line *( "," line ) ] ")"
 *                / "MultiPolygon(" [ polygon *( "," polygon ) ] ")"
 *                / "GeometryCollection(" shape *( "," shape ) ")"
 *     point      = "(" position ")"
 *     line       = "(" position 1*( "," position ) ")"
 *     polygon    = "(" ring *( "," ring ) ")"
 *     ring       = "(" position *( "," position ) ")"
 *     position   = number SP number [ SP number ] [ SP number ]
 *
 * @see OData 4.01 ABNF, section 7, rules `geographyCollection` to `geometryPolygon`
 */
import { enter, expect, leave, type Reader, syntaxError, take, takeMatch } from './lexer.ts';

const number = String.raw`(?:[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?INF)`;
const positionPattern = new RegExp(`${number}(?: ${number}){1,3}`, 'y');
const sridPattern = /SRID=\d{1,5};/iy;
const shapePattern =
  /(?:Point|LineString|Polygon|MultiPoint|MultiLineString|MultiPolygon|GeometryCollection)(?=\()/iy;

export function takeSpatialValue(reader: Reader): void {
  if (takeMatch(reader, sridPattern) === undefined) throw syntaxError(reader);
  takeShape(reader);
}

function takeShape(reader: Reader): void {
  const name = takeMatch(reader, shapePattern);
  if (name === undefined) throw syntaxError(reader);
  enter(reader);
  switch (name.toLowerCase()) {
    case 'point':
      takePoint(reader);
      break;
    case 'linestring':
      takeLine(reader);
      break;
    case 'polygon':
      takePolygon(reader);
      break;
    case 'multipoint':
      takeSequence(reader, takePoint, 0);
      break;
    case 'multilinestring':
      takeSequence(reader, takeLine, 0);
      break;
    case 'multipolygon':
      takeSequence(reader, takePolygon, 0);
      break;
    default:
      takeSequence(reader, takeShape, 1);
  }
  leave(reader);
}

/** `"(" item *( "," item ) ")"` with so many items at the least. */
function takeSequence(reader: Reader, takeItem: (reader: Reader) => void, least: 0 | 1 | 2): void {
  expect(reader, '(');
  if (least === 0 && take(reader, ')')) return;
  takeItem(reader);
  if (least === 2) {
    expect(reader, ',');
    takeItem(reader);
  }
  while (take(reader, ',')) takeItem(reader);
  expect(reader, ')');
}

function takePosition(reader: Reader): void {
  if (takeMatch(reader, positionPattern) === undefined) throw syntaxError(reader);
}

function takePoint(reader: Reader): void {
  expect(reader, '(');
  takePosition(reader);
  expect(reader, ')');
}

function takeLine(reader: Reader): void {
  takeSequence(reader, takePosition, 2);
}

function takeRing(reader: Reader): void {
  takeSequence(reader, takePosition, 1);
}

function takePolygon(reader: Reader): void {
  takeSequence(reader, takeRing, 1);
}
