import { describe, expect, it } from 'vitest';
import { createLog, type LogFormat, logFormats, type LogLevel, logLevels } from './log.ts';

function written(
  format: LogFormat,
  level: LogLevel,
  tell: (log: ReturnType<typeof createLog>) => void,
): string {
  let text = '';
  const now = () => new Date('2026-11-02T12:00:00.123Z');
  tell(createLog({ format, level, write: (line) => (text += line), now }));
  return text;
}

describe('a log', () => {
  it('is one JSON object per line, without absent fields', () => {
    expect(
      written('json', 'info', (log) =>
        log.write('warn', 'Two\nlines.', { count: 2, none: undefined, at: ['a', 'b c'] }),
      ),
    ).toBe(
      '{"time":"2026-11-02T12:00:00.123Z","level":"warn","message":"Two\\nlines.","count":2,"at":["a","b c"]}\n',
    );
  });

  it('is text with one line per event, whatever a field holds', () => {
    const text = written('text', 'info', (log) => {
      log.write('info', 'First.\r\nError: second');
      log.write('error', 'Failed.', {
        status: 500,
        route: '/v1.0/{}',
        at: ['a', 'b c'],
        text: 'a="b"\nc',
        none: undefined,
      });
    });
    expect(text).toBe(
      '2026-11-02T12:00:00.123Z info  First. Error: second\n' +
        '2026-11-02T12:00:00.123Z error Failed. status=500 route=/v1.0/{} at="a; b c" text="a=\\"b\\"\\nc"\n',
    );
  });

  it.each(logFormats)('as %s holds no line end and no escape sequence of a text from outside', (format) => {
    const attack = 'a\u001b[2J\u009b1A\r\n2026-11-02 error forged\u2028x\u202e\u0085';
    const text = written(format, 'info', (log) =>
      log.write('error', attack, { key: attack, list: [attack, 'b'], plain: 'a\u001b[2J' }),
    );
    expect(text.trimEnd()).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
    expect(text).toContain('a\\u001b[2J\\u009b1A');
    if (format === 'json')
      expect(JSON.parse(text)).toMatchObject({ message: attack, key: attack, list: [attack, 'b'] });
  });

  it.each(logLevels)('at level %s writes that level and more severe ones', (level) => {
    const text = written('json', level, (log) => {
      for (const one of logLevels) log.write(one, one);
      expect(logLevels.filter((one) => log.isOn(one))).toEqual(
        logLevels.slice(0, logLevels.indexOf(level) + 1),
      );
    });
    expect(text.match(/"message":"(\w+)"/g)).toHaveLength(logLevels.indexOf(level) + 1);
  });
});
