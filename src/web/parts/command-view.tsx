/** Shows the command that sends a request of the page, for a POSIX shell or for PowerShell. */
import { useState } from 'preact/hooks';
import { takeAlongMessages as messages } from '../messages/en.ts';
import { Choices } from './choices.tsx';
import { type CommandRequest, powershellCommand, shellCommand } from './commands.ts';
import { CopyButton } from './copy-button.tsx';
import { TextWithCode } from './text-with-code.tsx';

const shells = [
  { name: 'curl', title: messages.shells.curl, write: shellCommand },
  { name: 'powershell', title: messages.shells.powershell, write: powershellCommand },
] as const;

export function CommandView({ request }: { readonly request: CommandRequest }) {
  const [chosen, choose] = useState<(typeof shells)[number]['name']>('curl');
  const shell = shells.find(({ name }) => name === chosen) ?? shells[0];
  const text = shell.write(request);
  return (
    <>
      <div class="code-head">
        <Choices label={messages.shell} choices={shells} chosen={shell.name} choose={choose} />
        <CopyButton text={text} what={messages.copiedCommand} />
      </div>
      <pre class="code" tabIndex={0} role="region" aria-label={messages.command}>
        {text}
      </pre>
      <p class="quiet">
        <TextWithCode text={messages.tokenHints[shell.name]} /> {request.isList && messages.everyPage}
      </p>
    </>
  );
}
