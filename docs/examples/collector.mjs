/**
 * Reads all participants of a call. It stops at a link that it has already followed, throws on a page that it cannot read,
 * drops exact repeats, and keeps everything else as received. `problem` says why the list is not complete.
 */
export async function collectParticipants({ graph, token, callId }) {
  const call = `${graph}/v1.0/communications/callRecords/${callId}`;
  const get = async (url) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
    // text() removes a byte order mark, which JSON does not allow.
    return JSON.parse(await answer.text());
  };

  const walk = async () => {
    const entries = new Set();
    const followed = new Set();
    let link = `${call}/participants_v2`;
    while (link) {
      if (followed.has(link)) return { entries, problem: 'a link was repeated' };
      followed.add(link);
      const page = await get(link);
      for (const entry of page.value) entries.add(JSON.stringify(entry));
      link = page['@odata.nextLink'];
    }
    return { entries, problem: undefined };
  };

  for (let attempt = 1; ; attempt++) {
    const before = await get(call);
    const { entries, problem } = await walk();
    const after = await get(call);
    // Pages of two versions do not make one list.
    if (before.version === after.version || attempt === 3) {
      const participants = [...entries].map((text) => JSON.parse(text)).filter((entry) => entry !== null);
      const changed = before.version === after.version ? undefined : 'the call changed at every attempt';
      return { version: before.version, participants, problem: problem ?? changed };
    }
  }
}
