/** What `help` and `--help` print. */
import { UsageError } from './exit.ts';
import type { Screen } from './manual/terminal.ts';
import { nearest } from './nearest.ts';

/**
 * @param words A command and perhaps its action; neither for what there is.
 * @throws UsageError
 */
export async function helpOn(
  words: readonly string[],
  screen: Screen,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  // Loaded by those who ask: the start of commands is not to wait for it.
  const { overviewPage, topicPage } = await import('./manual/page.ts');
  const { terminalText } = await import('./manual/terminal.ts');
  const { isTopic, topics } = await import('./manual/topics.ts');
  if (words.length === 0) return terminalText(overviewPage(), screen, environment);
  // What else stands there is its operand.
  const topic = [words.slice(0, 2).join(' '), words[0] ?? ''].find(isTopic);
  if (topic !== undefined) return terminalText(topicPage(topic), screen, environment);
  const near = nearest(words[0] ?? '', topics);
  throw new UsageError([
    `help ${words[0]}: there is no such command.${near === undefined ? '' : ` Did you mean ${near}?`} See rollcall --help.`,
  ]);
}
